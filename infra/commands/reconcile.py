"""`quaystream reconcile`: a terminal operating system's move list beside the moves that were detected."""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg

from infra.access.person import person
from infra.clock import utc_now
from infra.connection import Connection
from infra.database import Link
from infra.settings import Settings
from infra.tos import files, lists
from processing.model.errors import QuaystreamError
from processing.reconcile.move_list import TosList
from processing.reconcile.report import text
from processing.tos.table import MOST_BYTES

HELP = (
    "Import a vessel call's move list from the terminal operating system and compare it with the detected moves."
    " Exit code 0: both agree on every box; 1: they differ; 2: nothing was compared (wrong use, a faulty list,"
    " no such call, no database)."
)
EQUAL, DIFFERENT, FAILED = 0, 1, 2
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the call, and how to read the one for the other."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the list; see docs/reconcile.md")
    parser.add_argument("--terminal", required=True, metavar="T", help="terminal id, such as demo")
    parser.add_argument("--call", required=True, metavar="ID", help="id of the vessel call")
    parser.add_argument(
        "--format", choices=files.FORMATS, help="default: EDIFACT if it begins with UNA or UNB, else CSV"
    )
    parser.add_argument("--time-zone", default="", metavar="ZONE", help="of times without offset, as America/Lima")
    parser.add_argument("--by", metavar="NAME", help="who imports it; default: your user name")
    parser.add_argument(
        "--crane", action="append", default=[], metavar="THEIRS=OURS", help="the list calls crane OURS by this name"
    )
    parser.add_argument("--flag", action="store_true", help="keep box numbers that fail ISO 6346, marked")
    parser.add_argument("--dry-run", action="store_true", help="compare only, keep nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import and compare; 0 equal, 1 differences, 2 nothing was compared."""
    try:
        code, lines = asyncio.run(_run(args, settings.require_database()))
    except QuaystreamError as error:
        print(f"quaystream: {error}", file=sys.stderr)
    except AWAY as error:
        print(f"quaystream: no database: {error}; check QUAYSTREAM_DATABASE_URL", file=sys.stderr)
    except asyncpg.PostgresError as error:
        print(f"quaystream: the database refuses: {error}; nothing is imported", file=sys.stderr)
    else:
        print("\n".join(lines))
        return code
    return FAILED


async def _run(args: argparse.Namespace, url: str) -> tuple[int, list[str]]:
    raw = _bytes(args.file)
    how = files.Reading(args.format or files.format_of(raw), args.time_zone, args.flag, files.names_of(args.crane))
    link = Link(url, "quaystream-reconcile")
    try:
        return await _compare(await link.get(), args, raw, how)
    except asyncpg.UndefinedTableError as error:
        raise QuaystreamError(f"{error}; run `quaystream migrate`") from error
    finally:
        link.drop()


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise QuaystreamError(f"{path} cannot be read: {error.strerror or error}") from error


async def _compare(
    connection: Connection, args: argparse.Namespace, raw: bytes, how: files.Reading
) -> tuple[int, list[str]]:
    known = await lists.berthing(connection, args.terminal, args.call)
    found = files.read(raw, how, known.named)
    if not args.dry_run:
        by = args.by or person()
        name = args.file.name.encode(errors="replace").decode()  # a name need not be UTF-8, the database's text must
        imported = lists.Import(name, how.format, utc_now(), by, len(found.moves), found.vessel, found.voyage)
        await lists.store(connection, known, found, imported)
    compared = await lists.compare(connection, known, found.moves)
    return EQUAL if compared.equal else DIFFERENT, [*_heading(args, known, found), *text(compared)]


def _heading(args: argparse.Namespace, known: lists.Berthing, found: TosList) -> list[str]:
    done = "compared, not kept" if args.dry_run else "imported"
    flagged = sum(not move.check_ok for move in found.moves)
    notes = [*found.notes]
    if flagged:
        notes.append(f"box numbers that fail ISO 6346, kept and marked: {flagged}")
    if found.vessel and known.call.vessel and found.vessel.casefold() != known.call.vessel.casefold():
        notes.append(f"the list is of vessel {found.vessel}, the call of {known.call.vessel}")
    if not known.call.assignments:
        notes.append("no crane is assigned to this call: no detected move belongs to it")
    ship = f" ({known.call.vessel})" if known.call.vessel else ""
    return [f"call {args.call}{ship} of {args.terminal}: {args.file.name} {done}", *(f"note: {note}" for note in notes)]
