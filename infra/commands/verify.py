"""`quaystream verify`: the stored readings of a cold treatment beside the chain of hashes that they entered."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import asyncpg

from infra.connection import Connection, Record
from infra.database import Link
from infra.settings import Settings
from infra.treatments import SQL, unlogged
from processing.containers.iso6346 import normalise
from processing.model.errors import QuaystreamError
from processing.treatments.chain import before_the_first, chain_hash, row_hash

HELP = (
    "Check the stored readings of a container under cold treatment against the log that they entered when they"
    " arrived. Exit code 0: every row is as it was; 1: rows are changed, missing or inserted, each is printed with its"
    " time; 2: nothing was checked."
)
EQUAL, DIFFERENT, FAILED = 0, 1, 2
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError)
TIMEOUT_MS = 600_000
MOST_ROWS = 100_000


@dataclass(slots=True)
class Report:
    """What was found about one log.

    Attributes:
        head: the hash that its chain ends with.
        entries: how many it has.
        dropped: of them without a row, since rows of that time are kept no more.
        logged: whether it has the rows that were stored before the treatment was announced.
        withdrawn: since then no row enters it.
        wrong: a line for each row that is not as it was.
    """

    head: bytes
    entries: int = 0
    dropped: int = 0
    logged: bool = False
    withdrawn: bool = False
    wrong: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The container, and where."""
    parser.add_argument("container", metavar="CONTAINER", help="its number, such as CSQU3054383")
    parser.add_argument("--terminal", metavar="T", help="terminal id; default: all that announced a treatment of it")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check; 0 as it was, 1 not as it was, 2 nothing was checked."""
    try:
        code, lines = asyncio.run(_run(normalise(args.container), args.terminal, settings.require_database()))
    except QuaystreamError as error:
        print(f"quaystream: {error}", file=sys.stderr)
    except AWAY as error:
        print(f"quaystream: no database: {error}; check QUAYSTREAM_DATABASE_URL", file=sys.stderr)
    else:
        print("\n".join(lines))
        return code
    return FAILED


async def _run(container: str, terminal: str | None, url: str) -> tuple[int, list[str]]:
    link = Link(url, "quaystream-verify", statement_timeout_ms=TIMEOUT_MS)
    try:
        connection = await link.get()
        async with connection.transaction(isolation="repeatable_read", readonly=True):  # the worker goes on meanwhile
            treatments = await connection.fetch(SQL["treatments"], container, terminal)
            if not treatments:
                where = f" at terminal {terminal}" if terminal else ""
                raise QuaystreamError(
                    f"no cold treatment of {container} was announced{where}; /api/v1/treatments has all"
                )
            code, lines = EQUAL, []
            for row in treatments:
                report = await check(connection, row)
                code = DIFFERENT if report.wrong else code
                lines += _lines(row, report)
            return code, lines
    except asyncpg.UndefinedTableError as error:
        raise QuaystreamError(f"{error}; run `quaystream migrate`") from error
    finally:
        link.drop()


async def check(connection: Connection, treatment: Record) -> Report:
    """Compare the log of one container with the stored rows, and the rows with the log.

    Args:
        connection: inside a transaction.
        treatment: a row of the query `treatments`.
    """
    name = treatment["terminal"], treatment["container_id"]
    report = Report(before_the_first(*name))
    for entry in await connection.fetch(SQL["entries"], *name):
        report.wrong += _entry(report, entry)
    if (treatment["entries"], treatment["head"] or before_the_first(*name)) != (report.entries, report.head):
        report.wrong.append(f"the log had {treatment['entries']} entries and has {report.entries}, or another end")
    report.withdrawn = treatment["withdrawn_at"] is not None
    if treatment["logged_from"] is None or report.withdrawn:
        return report
    begin = max(treatment["began_at"], treatment["logged_from"])
    report.logged = begin == treatment["began_at"]
    for row in await unlogged(connection, name, begin, treatment["until_at"], MOST_ROWS):
        report.wrong.append(f"{_place(row)}: inserted, the log does not have this row")
    return report


def _entry(report: Report, entry: Record) -> Iterator[str]:
    """What is wrong with one entry and its row."""
    expected = chain_hash(report.head, entry["row_hash"])
    report.head, report.entries = entry["chain_hash"], report.entries + 1
    if entry["chain_hash"] != expected or entry["number"] != report.entries:
        yield f"{_place(entry)}: the log itself was changed at entry {entry['number']}"
    if entry["canonical"] is None:
        if entry["old"]:
            report.dropped += 1
        else:
            yield f"{_place(entry)}: missing, entry {entry['number']} of the log has no row"
    elif row_hash(entry["canonical"]) != entry["row_hash"]:
        yield f"{_place(entry)}: changed since it entered the log as entry {entry['number']}"


def _place(row: Record) -> str:
    return f"{row['time']:%Y-%m-%dT%H:%M:%S.%fZ} {row['device']} seq {row['seq']}"


def _lines(treatment: Record, report: Report) -> list[str]:
    dropped = f"; of {report.dropped} the rows are kept no more" if report.dropped else ""
    end = "every row is as it was" if not report.wrong else f"{len(report.wrong)} wrong"
    about = f"{treatment['terminal']}/{treatment['container_id']}: {report.entries} readings{dropped}; {end}"
    more = []
    if report.withdrawn:
        more.append(f"it was withdrawn at {treatment['withdrawn_at']:%Y-%m-%dT%H:%M:%SZ}: rows enter the log no more")
    elif not report.logged:
        more.append("rows stored before it was announced are not in the log yet: the worker is to run")
    return [*report.wrong, about, *more, f"the log ends with {report.head.hex()}"]
