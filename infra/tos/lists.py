"""Move lists of the terminal operating system: kept in the database, compared with detected moves."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from infra import history
from infra.clock import from_us, from_us_or_none, now_us, to_us
from infra.connection import Connection
from infra.sql import blocks
from infra.tos.files import Format
from processing.calls.attribution import GRACE_US, moves_of_call
from processing.calls.call import VesselCall
from processing.cranes.facts import CraneMove
from processing.model.errors import QuaystreamError
from processing.reconcile.move_list import TosList, TosMove
from processing.reconcile.reconciliation import Reconciliation, reconcile

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


class UnknownCallError(QuaystreamError):
    """There is no such call, or no list of it; the message lists what there is."""


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

    @property
    def named(self) -> set[str]:
        """The cranes that a list may name."""
        return {*self.cranes, *(one.crane for one in self.call.assignments)}


async def berthing(connection: Connection, terminal: str, call_id: str) -> Berthing:
    """A call as the database has it.

    Raises:
        UnknownCallError: it has none.
    """
    calls = {call.call_id: call for call in await history.calls(connection, [terminal], 0, None)}
    call = calls.pop(call_id, None)
    if call is None:
        there = ", ".join(sorted(calls)[-20:]) or "none"
        raise UnknownCallError(
            f"terminal {terminal} has no vessel call {call_id}; it has: {there}. "
            "Announce the call first: see docs/calls.md"
        )
    cranes = {row["device"]: row["device_id"] for row in await connection.fetch(SQL["cranes"], terminal)}
    return Berthing(call, tuple(calls.values()), cranes)


async def store(connection: Connection, known: Berthing, found: TosList, imported: Import) -> None:
    """Keep a list instead of the one before, all of it or nothing, and request that the worker recomputes its KPIs.

    Args:
        connection: to the database.
        known: the call.
        found: its list.
        imported: where it comes from; `imported_at` and `lines` are set here.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing has changed.
    """
    call = known.call
    first_us = min((move.at_us for move in found.moves if move.at_us is not None), default=now_us())
    since_us = first_us if call.begin_us is None else call.begin_us
    rows = [
        (*call.key, line, crane, from_us_or_none(at_us), *rest)
        for line, crane, at_us, *rest in map(astuple, found.moves)
    ]
    source = imported.source, imported.format, imported.imported_by, len(rows), found.vessel, found.voyage
    async with connection.transaction():
        await connection.execute(SQL["put_import"], *call.key, *source)
        await connection.execute(SQL["clear"], *call.key)
        await connection.copy_records_to_table("tos_move", records=rows, columns=COLUMNS)
        await connection.execute(SQL["mark_kpis"], *call.key, from_us(since_us))


async def stored(connection: Connection, terminal: str, call_id: str) -> tuple[Import, list[TosMove]]:
    """The list of a call.

    Raises:
        UnknownCallError: none was imported; the message names how to.
    """
    row = await connection.fetchrow(SQL["import"], terminal, call_id)
    if row is None:
        raise UnknownCallError(
            f"no move list was imported for call {call_id} of terminal {terminal}; run `quaystream reconcile FILE"
            f" --terminal {terminal} --call {call_id}`, or POST it to /api/v1/calls/{terminal}/{call_id}/tos"
        )
    lines = await connection.fetch(SQL["lines"], terminal, call_id)
    return Import(*row), [_line(*line) for line in lines]


async def moves(connection: Connection, known: Berthing) -> list[tuple[str, CraneMove]]:
    """The call's detected moves, each with its crane."""
    names = {known.cranes[one.crane]: one.crane for one in known.call.assignments if one.crane in known.cranes}
    begin_us = min((one.from_us for one in known.call.assignments), default=0)
    ends = [one.until_us for one in known.call.assignments]
    end_us = now_us() if None in ends else max((end for end in ends if end is not None), default=0)
    found: dict[str, list[CraneMove]] = {}
    for move in await history.moves(connection, list(names), begin_us - 1, end_us + GRACE_US):
        found.setdefault(names[move.device_id], []).append(move)
    return moves_of_call(known.call, known.others, found)


async def compare(connection: Connection, known: Berthing, lines: list[TosMove]) -> Reconciliation:
    """A list beside what was detected."""
    return reconcile(await moves(connection, known), lines)


def _line(line: int, crane: str | None, at: datetime | None, container: str | None, kind: Any, *rest: Any) -> TosMove:
    return TosMove(line, crane, None if at is None else to_us(at), container, kind, *rest)
