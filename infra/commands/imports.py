"""`quaystream import`: what messages of the terminal operating system state of boxes, into the database."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg

from infra.access.person import person
from infra.clock import now_us
from infra.connection import Connection
from infra.database import Link
from infra.settings import Settings
from infra.site_file.reader import load
from infra.tos import edifact, messages
from infra.tos.files import zone_of
from infra.tos.messages import Imported
from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER
from processing.tos.reading import Reading

HELP = (
    "Import messages of the terminal operating system about boxes: EDIFACT COARRI and CODECO, or CSV. What cannot be"
    " read is listed with its line or segment, the rest is taken; a message that is stored already changes nothing."
    " Exit code 0: all of it was taken; 1: something is flagged or left out; 2: nothing was imported (wrong use, no"
    " message in a file, no database)."
)
TAKEN, FLAGGED, FAILED = 0, 1, 2
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError)
MOST_BYTES = 200_000_000
EVERY_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and how to read them."""
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="messages; see docs/containers.md")
    parser.add_argument("--terminal", required=True, metavar="T", help="terminal id, such as demo")
    parser.add_argument(
        "--time-zone", metavar="ZONE", help="of times without offset; default: the terminal's in the site file"
    )
    parser.add_argument(
        "--again", action="store_true", help="store once more what is stored already: it was read in a wrong time zone"
    )
    parser.add_argument("--by", metavar="NAME", help="who imports; default: your user name")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import; 0 all taken, 1 something flagged, 2 nothing imported."""
    try:
        return asyncio.run(_run(args, settings))
    except QuaystreamError as error:
        print(f"quaystream: {error}", file=sys.stderr)
    except AWAY as error:
        print(f"quaystream: no database: {error}; check QUAYSTREAM_DATABASE_URL", file=sys.stderr)
    except asyncpg.PostgresError as error:
        print(f"quaystream: the database refuses: {error}; what was imported before stays", file=sys.stderr)
    return FAILED


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    if not IDENTIFIER.fullmatch(args.terminal):
        raise QuaystreamError(f"terminal {args.terminal[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
    zone = zone_of(args.time_zone or load(settings.site).of(args.terminal).time_zone)
    by = args.by or person()
    link = Link(settings.require_database(), "quaystream-import")
    codes = []
    try:
        for path in args.files:
            raw = _bytes(path)
            name = path.name.encode(errors="replace").decode()  # a name need not be UTF-8, the database's text must
            how = Reading(args.terminal, zone, now_us())
            done = await _import(await link.get(), raw, how, name, by, again=args.again)
            print("\n".join(report(name, done)))
            codes.append(FAILED if done.empty else FLAGGED if done.problems else TAKEN)
    except asyncpg.UndefinedTableError as error:
        raise QuaystreamError(f"{error}; run `quaystream migrate`") from error
    finally:
        link.drop()
    return max(codes)


async def _import(connection: Connection, raw: bytes, how: Reading, name: str, by: str, *, again: bool) -> Imported:
    total = raw.count(b"'") if edifact.is_interchange(raw) else raw.count(b"\n")
    done = Imported()
    found = messages.read(raw, how, _progress(name, max(total, 1)))
    for part in messages.batches(found):
        done.add(await messages.store(connection, part, name, by, again=again))
    return done


def _progress(name: str, total: int) -> Callable[[int], None]:
    """Prints now and then how far a long file is read, by the segment or line that is reached."""
    printed_s = time.monotonic()

    def reached(line: int) -> None:
        nonlocal printed_s
        if time.monotonic() - printed_s >= EVERY_S:
            printed_s = time.monotonic()
            print(f"{name}: {min(line / total, 1):.0%}", file=sys.stderr)

    return reached


def report(name: str, done: Imported) -> list[str]:
    """Lines about one file."""
    if done.empty:
        return [f"{name}: nothing is imported", *(f"  {one}" for one in done.problems)]
    parts = [f"{done.stored} messages with {done.events} events stored"]
    parts += [f"{done.unchanged} were stored already"] if done.unchanged else []
    parts += [f"{done.replaced} replaced or cancelled"] if done.replaced else []
    flagged = [f"flagged: {len(done.problems)}"] if done.problems else []
    return [f"{name}: {', '.join(parts)}", *flagged, *(f"  {one}" for one in done.problems)]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise QuaystreamError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(raw) > MOST_BYTES:
        raise QuaystreamError(f"{path} has more than {MOST_BYTES} bytes; split it between interchanges")
    return raw
