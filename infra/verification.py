"""The stored readings of a cold treatment beside the chain of hashes that they entered."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from infra.connection import Connection, Record
from infra.treatments import SQL, unlogged
from processing.model.errors import QuaystreamError
from processing.treatments.chain import before_the_first, chain_hash, row_hash

MOST_ROWS = 100_000
PAGE = 10_000
"""Entries of a log that are read at once."""
MOST_ENTRIES = 200_000
"""That are held at once: a reefer that reports each minute for 40 days makes 57,600."""


class TooManyEntriesError(QuaystreamError):
    """A log is too long to be held at once."""


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


async def pages_of(connection: Connection, name: tuple[str, str]) -> AsyncIterator[list[Record]]:
    """The log of a treatment, by terminal and container, and the stored rows as text beside it; some at a time."""
    after: int | None = None
    while rows := await connection.fetch(SQL["entries"], *name, after, PAGE):
        yield rows
        after = rows[-1]["number"]


async def entries_of(connection: Connection, name: tuple[str, str]) -> list[Record]:
    """All of it.

    Raises:
        TooManyEntriesError: it is too long for that.
    """
    found: list[Record] = []
    async for page in pages_of(connection, name):
        found += page
        if len(found) > MOST_ENTRIES:
            raise TooManyEntriesError(
                f"the log of {name[1]} has more than {MOST_ENTRIES} entries, which no answer holds; run "
                f"`quaystream verify {name[1]} --terminal {name[0]}`"
            )
    return found


async def one_page(entries: Sequence[Record]) -> AsyncIterator[Sequence[Record]]:
    """Entries that were read already, as `check` takes them."""
    yield entries


async def check(connection: Connection, treatment: Record, pages: AsyncIterable[Sequence[Record]]) -> Report:
    """Compare the log of one container with the stored rows, and the rows with the log.

    Args:
        connection: inside a transaction.
        treatment: a row of the query `treatments`.
        pages: its log, in order.
    """
    name = treatment["terminal"], treatment["container_id"]
    report = Report(before_the_first(*name))
    async for entries in pages:
        await asyncio.to_thread(_follow, report, entries)
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


def _follow(report: Report, entries: Sequence[Record]) -> None:
    """What is wrong with the entries of a log, in order."""
    for entry in entries:
        report.wrong += _entry(report, entry)


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
