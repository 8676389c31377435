"""Messages about boxes: read from a file, kept in the database, however often and in whatever order they come."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from infra.connection import Connection
from infra.facts.rows import decode, encode_rows
from infra.facts.statements import selected
from infra.sql import blocks
from infra.tos import edifact
from processing.tos import lines, reports
from processing.tos.event import TOS_EVENT, TOS_MESSAGE, TosMessage, held
from processing.tos.problem import Problem
from processing.tos.reading import Reading, ReadMessage
from processing.tos.segments import Broken, Segment
from processing.tos.table import text_of

Piece = Segment | Broken
SQL = {
    name: text.format(selected=selected(TOS_MESSAGE.columns)) for name, text in blocks(__file__, "messages.sql").items()
}
EVENT_COLUMNS: Final = [column.name for column in TOS_EVENT.columns]
BATCH_EVENTS: Final = 5_000
"""Messages with about so many events are stored in one transaction."""


@dataclass(slots=True)
class Imported:
    """What an import did.

    Attributes:
        stored: new messages.
        unchanged: messages that were there already.
        replaced: messages, of this file or stored before, that do not hold any more.
        events: that were stored.
        problems: all that is wrong; the rest was taken.
    """

    stored: int = 0
    unchanged: int = 0
    replaced: int = 0
    events: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing in the file could be taken."""
        return self.stored + self.unchanged == 0

    def add(self, other: "Imported") -> None:
        """Count what another part of the file did."""
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.replaced += other.replaced
        self.events += other.events
        self.problems += other.problems


def read(raw: bytes, how: Reading, reached: Callable[[int], None] = lambda _line: None) -> Iterator[ReadMessage]:
    """The messages of a file: EDIFACT where it begins as such, else CSV.

    Args:
        raw: the file.
        how: to read it.
        reached: called now and then with the segment or line that was read.
    """
    if edifact.is_interchange(raw):
        yield from reports.read(_followed(edifact.pieces(raw), reached), how)
        return
    try:
        text = text_of(raw, len(raw))
    except ValueError as error:
        yield ReadMessage(None, problems=[Problem(None, "file", str(error))])
        return
    for one in lines.read(text, how):
        reached(one.reached)
        yield one


def _followed(pieces: Iterator[Piece], reached: Callable[[int], None]) -> Iterator[Piece]:
    for piece in pieces:
        reached(piece.number or 0)
        yield piece


def batches(found: Iterable[ReadMessage]) -> Iterator[list[ReadMessage]]:
    """Messages in parts of about `BATCH_EVENTS`."""
    part: list[ReadMessage] = []
    size = 0
    for one in found:
        part.append(one)
        size += 1 + len(one.events)
        if size >= BATCH_EVENTS:
            yield part
            part, size = [], 0
    if part:
        yield part


async def store(
    connection: Connection, found: list[ReadMessage], source: str, by: str, *, again: bool = False
) -> Imported:
    """Keep messages, all of them or nothing.

    Args:
        connection: to the database; within a transaction or not.
        found: messages of one terminal, as they were read.
        source: name of the file.
        by: who imports it.
        again: what messages that are stored already state is stored once more, as it is read now.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing has changed.
    """
    done = Imported(problems=[problem for one in found for problem in one.problems])
    heads = heads_of(found)
    if not heads:
        return done
    terminal = next(iter(heads.values())).terminal
    async with connection.transaction():
        await connection.execute(SQL["alone"], terminal)
        columns = zip(*encode_rows(TOS_MESSAGE)(heads.values()), strict=True)
        rows = await connection.fetch(SQL["put"], *map(list, columns), source, by)
        fresh = {row["message_id"] for row in rows if row["fresh"]}
        hours = await _clear(connection, terminal, list(heads)) if again else []
        wanted = set(heads) if again else fresh.copy()
        events = [event for one in found if _is_first(one.message, wanted) for event in one.events]
        records = encode_rows(TOS_EVENT)(events)
        await connection.copy_records_to_table("tos_event", records=records, columns=EVENT_COLUMNS)
        changed = await _settle(connection, terminal, heads.values())
        about = sorted({*(heads if again else fresh), *changed})
        await connection.execute(SQL["note_documents"], terminal, about)
        await connection.execute(SQL["mark_hours"], terminal, about, hours)
        done.replaced = sum(changed.values())
    messages = sum(one.message is not None for one in found)
    done.stored, done.unchanged, done.events = len(fresh), messages - len(fresh), len(events)
    return done


async def _clear(connection: Connection, terminal: str, names: list[str]) -> list[datetime]:
    """Drop what messages have stated so far; of which hours that is."""
    hours = [row["hour"] for row in await connection.fetch(SQL["hours"], terminal, names)]
    await connection.execute(SQL["note_documents"], terminal, names)
    await connection.execute(SQL["clear"], terminal, names)
    return hours


def heads_of(found: Iterable[ReadMessage]) -> dict[str, TosMessage]:
    """Each message once, by its id: of the same one, that which came first, as in the statement `put`."""
    heads: dict[str, TosMessage] = {}
    for one in found:
        message = one.message
        if message is not None:
            heads[message.message_id] = min(heads.get(message.message_id, message), message, key=_came)
    return heads


def _came(message: TosMessage) -> tuple[int, int]:
    return message.prepared_us or 0, message.ordinal


def _is_first(message: TosMessage | None, wanted: set[str]) -> bool:
    """Whether it is wanted, and the first one of its id in the file."""
    if message is None or message.message_id not in wanted:
        return False
    wanted.remove(message.message_id)
    return True


async def _settle(connection: Connection, terminal: str, heads: Iterable[TosMessage]) -> dict[str, bool]:
    """Mark which messages of these documents hold; those that change, and whether others took their place."""
    documents = sorted({one.about for one in heads if one.document})
    if not documents:
        return {}
    unsettled = await connection.fetch(SQL["unsettled"], terminal, *map(list, zip(*documents, strict=True)))
    if not unsettled:  # of one version, whole, and adding: all hold, however many share the number
        return {}
    rows = await connection.fetch(SQL["of_documents"], terminal, *map(list, zip(*unsettled, strict=True)))
    before = {row["message_id"]: bool(row["holds"]) for row in rows}
    messages = sorted(decode(TOS_MESSAGE, (_Head(row) for row in rows)), key=lambda one: one.about)
    holds = set[str]().union(*(held(list(some)) for _, some in groupby(messages, key=lambda one: one.about)))
    changed = [name for name, held_before in before.items() if held_before != (name in holds)]
    await connection.execute(SQL["hold"], terminal, changed, [name in holds for name in changed])
    ends = {one.message_id for one in messages if one.function == "cancels"}  # those never hold
    return {name: before[name] and name not in ends for name in changed}


class _Head:
    """The columns of a message at the beginning of a row."""

    def __init__(self, row: Iterable[object]) -> None:
        self._row = row

    def values(self) -> list[object]:
        """Values, in order of the columns."""
        return list(self._row)[: len(TOS_MESSAGE.columns)]
