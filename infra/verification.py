"""The stored readings of a cold treatment beside the chain of hashes that they entered."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from infra.connection import Connection, Record
from infra.treatments import SQL, unlogged
from processing.treatments.chain import before_the_first, chain_hash, row_hash

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


async def entries_of(connection: Connection, name: tuple[str, str]) -> list[Record]:
    """The log of a treatment, by terminal and container, and the stored rows as text beside it."""
    return await connection.fetch(SQL["entries"], *name)


async def check(connection: Connection, treatment: Record, entries: Sequence[Record]) -> Report:
    """Compare the log of one container with the stored rows, and the rows with the log.

    Args:
        connection: inside a transaction.
        treatment: a row of the query `treatments`.
        entries: its log.
    """
    name = treatment["terminal"], treatment["container_id"]
    report = Report(before_the_first(*name))
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
