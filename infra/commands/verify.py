"""`quaystream verify`: the stored readings of a cold treatment beside the chain of hashes that they entered."""

import argparse
import asyncio
import sys

import asyncpg

from infra.connection import Record
from infra.database import Link
from infra.settings import Settings
from infra.treatments import SQL
from infra.verification import Report, check, pages_of
from processing.containers.iso6346 import normalise
from processing.model.errors import QuaystreamError

HELP = (
    "Check the stored readings of a container under cold treatment against the log that they entered when they"
    " arrived. Exit code 0: every row is as it was; 1: rows are changed, missing or inserted, each is printed with its"
    " time; 2: nothing was checked."
)
EQUAL, DIFFERENT, FAILED = 0, 1, 2
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError)
TIMEOUT_MS = 600_000


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
                name = row["terminal"], row["container_id"]
                report = await check(connection, row, pages_of(connection, name))
                code = DIFFERENT if report.wrong else code
                lines += _lines(row, report)
            return code, lines
    except asyncpg.UndefinedTableError as error:
        raise QuaystreamError(f"{error}; run `quaystream migrate`") from error
    finally:
        link.drop()


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
