"""Move lists of the terminal operating system: read from files, kept in the database, compared with detected moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra import edifact
from infra.call_payload import call_of
from infra.clock import from_us, from_us_or_none, now_us, to_us
from infra.sql import blocks
from processing.attribution import GRACE_US, moves_of_call
from processing.calls import VesselCall
from processing.errors import QuaystreamError
from processing.facts import CraneMove
from processing.reconcile import coarri, table
from processing.reconcile.lines import Cranes, TosList, TosMove
from processing.reconcile.result import Reconciliation, reconcile

SQL = blocks(__file__, "tos.sql")
COLUMNS: Final = (
    "terminal",
    "call_id",
    "line",
    "crane",
    "at",
    "container_id",
    "kind",
    "size_type",
    "stowage",
    "check_ok",
)
Format = Literal["csv", "coarri"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "coarri")


class UnknownCallError(QuaystreamError):
    """There is no such call, or no list of it; the message says what there is."""


class ReadingError(QuaystreamError):
    """How a list is to be read is told wrongly."""


@dataclass(frozen=True, slots=True)
class Import:
    """A list as it came in."""

    source: str
    format: Format
    imported_at: datetime
    imported_by: str
    lines: int
    vessel: str | None
    voyage: str | None


@dataclass(frozen=True, slots=True)
class Berthing:
    """A call, and what is needed to read its list and to find its moves.

    Attributes:
        call: itself.
        others: the terminal's other calls.
        cranes: the terminal's cranes with their device ids.
    """

    call: VesselCall
    others: tuple[VesselCall, ...]
    cranes: Mapping[str, int]

    def named(self, names: Mapping[str, str]) -> Cranes:
        """The cranes that a list may name.

        Args:
            names: what the list calls them → name here.
        """
        known = {*self.cranes, *(one.crane for one in self.call.assignments)}
        return Cranes(known, {theirs.strip().lower(): ours for theirs, ours in names.items()})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    Attributes:
        format: csv or coarri.
        time_zone: IANA name, of times without an offset; empty: there must be none.
        flag: keep faulty box numbers, marked, instead of refusing them.
        names: what the list calls a crane → its name here.
    """

    format: Format
    time_zone: str = ""
    flag: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


def read(raw: bytes, how: Reading, known: Berthing) -> TosList:
    """Read a file.

    Raises:
        TosError: it has problems; all of them are told.
        ReadingError: there is no such time zone.
    """
    zone = _zone(how.time_zone)
    if how.format == "csv":
        found = table.read(raw, known.named(how.names), zone, flag=how.flag)
    else:
        found = coarri.read(edifact.segments(raw), zone, flag=how.flag)
    return found.checked()


def format_of(raw: bytes) -> Format:
    """The format that a file's beginning shows."""
    return "coarri" if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:3] in (b"UNA", b"UNB") else "csv"


def names_of(told: Iterable[str]) -> dict[str, str]:
    """Names of cranes, THEIRS=OURS each.

    Raises:
        ReadingError: one is not of that form.
    """
    found = {}
    for one in told:
        theirs, sign, ours = (part.strip() for part in one.partition("="))
        if not (theirs and sign and ours):
            raise ReadingError(f"crane {one[:80]!r}: write THEIRS=OURS, such as QC01=sts1")
        found[theirs] = ours
    return found


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ReadingError(
            f"time zone {name[:80]!r} is not known; write an IANA name such as America/Lima"
        ) from None


async def berthing(connection: Any, terminal: str, call_id: str) -> Berthing:
    """A call as the database has it.

    Raises:
        UnknownCallError: it has none.
    """
    calls = {
        row["call_id"]: call_of(terminal, row["call_id"], row["payload"])
        for row in await connection.fetch(SQL["calls"], terminal)
    }
    call = calls.pop(call_id, None)
    if call is None:
        there = ", ".join(sorted(calls)[-20:]) or "none"
        raise UnknownCallError(
            f"terminal {terminal} has no vessel call {call_id}; it has: {there}."
            " Tell the call first: see docs/reconcile.md"
        )
    cranes = {row["device"]: row["device_id"] for row in await connection.fetch(SQL["cranes"], terminal)}
    return Berthing(call, tuple(calls.values()), cranes)


async def store(connection: Any, known: Berthing, found: TosList, told: Import) -> None:
    """Keep a list instead of the one before, all of it or nothing; the worker is told to make its KPIs again.

    Args:
        connection: to the database.
        known: the call.
        found: its list.
        told: where it comes from; `imported_at` and `lines` are made here.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing has changed.
    """
    call = known.call
    first_us = min((move.at_us for move in found.moves if move.at_us is not None), default=now_us())
    since_us = first_us if call.begin_us is None else call.begin_us
    rows = [
        (
            *call.key,
            m.line,
            m.crane,
            from_us_or_none(m.at_us),
            m.container_id,
            m.kind,
            m.size_type,
            m.stowage,
            m.check_ok,
        )
        for m in found.moves
    ]
    async with connection.transaction():
        await connection.execute(
            SQL["put_import"],
            *call.key,
            told.source,
            told.format,
            told.imported_by,
            len(rows),
            found.vessel,
            found.voyage,
        )
        await connection.execute(SQL["clear"], *call.key)
        await connection.copy_records_to_table("tos_move", records=rows, columns=COLUMNS)
        await connection.execute(SQL["mark_kpis"], *call.key, from_us(since_us))


async def stored(connection: Any, terminal: str, call_id: str) -> tuple[Import, list[TosMove]]:
    """The list of a call.

    Raises:
        UnknownCallError: none was imported; the message says how to.
    """
    row = await connection.fetchrow(SQL["import"], terminal, call_id)
    if row is None:
        raise UnknownCallError(
            f"no move list was imported for call {call_id} of terminal {terminal}; run `quaystream reconcile FILE"
            f" --terminal {terminal} --call {call_id}`, or POST it to /api/v1/calls/{terminal}/{call_id}/tos"
        )
    lines = await connection.fetch(SQL["lines"], terminal, call_id)
    return Import(*row), [_line(*line) for line in lines]


async def moves(connection: Any, known: Berthing) -> list[tuple[str, CraneMove]]:
    """The call's detected moves, each with its crane."""
    names = {known.cranes[one.crane]: one.crane for one in known.call.assignments if one.crane in known.cranes}
    begin_us = min((one.from_us for one in known.call.assignments), default=0)
    ends = [one.until_us for one in known.call.assignments]
    end_us = now_us() if None in ends else max((end for end in ends if end is not None), default=0)
    rows = await connection.fetch(SQL["moves"], list(names), from_us(begin_us), from_us(end_us + GRACE_US))
    found: dict[str, list[CraneMove]] = {}
    for row in rows:
        found.setdefault(names[row["device_id"]], []).append(CraneMove(*map(_plain, row.values())))
    return moves_of_call(known.call, known.others, found)


async def compare(connection: Any, known: Berthing, lines: list[TosMove]) -> Reconciliation:
    """A list beside what was detected."""
    return reconcile(await moves(connection, known), lines)


def _line(line: int, crane: Any, at: datetime | None, container: Any, kind: Any, *rest: Any) -> TosMove:
    return TosMove(line, crane, None if at is None else to_us(at), container, kind, *rest)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    return tuple(value) if isinstance(value, list) else value
