"""The last cycles of a crane: its moves with their phases."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.cranes.crane import SQL, CranePath, crane_id
from api.http.context import Context
from api.http.parameters import Moment
from api.http.rows import Time, rfc3339_us
from api.http.spans import instant
from api.moves.answers import Move
from infra.clock import utc_now
from infra.facts.rows import decode
from infra.facts.statements import selected
from processing.cranes.facts import MOVE, CraneMove

CYCLES_SQL = SQL["cycles"].format(selected=selected(MOVE.columns))
PhaseName = Literal["empty_travel", "pick", "laden_travel", "set_down"]


class CyclesQuery(CranePath, frozen=True):
    """Which cycles of a crane."""

    limit: Annotated[int, Meta(ge=1, le=200, description="most cycles in the answer, 1 to 200")] = 10
    before: Annotated[Moment, Meta(description="a time; cycles that ended before it, now when left out")] | None = None


class Phase(Struct, frozen=True):
    """A part of a cycle: travelling empty, locking and lifting, travelling laden, landing and unlocking."""

    phase: PhaseName
    begin: Time
    end: Time


class Cycle(Struct, frozen=True):
    """A move and its phases in order; without `empty_travel` where its beginning is not known."""

    move: Move
    phases: list[Phase]


class Cycles(Struct, frozen=True):
    """Cycles of a crane, newest first."""

    cycles: list[Cycle]


def phases(move: CraneMove) -> list[Phase]:
    """The phases of a move. Source: TIC4.0 cycle and job steps."""
    locked, lifted, landed = rfc3339_us(move.locked_us), rfc3339_us(move.lifted_us), rfc3339_us(move.landed_us)
    loaded: list[Phase] = [
        Phase("pick", locked, lifted),
        Phase("laden_travel", lifted, landed),
        Phase("set_down", landed, rfc3339_us(move.unlocked_us)),
    ]
    return loaded if move.began_us is None else [Phase("empty_travel", rfc3339_us(move.began_us), locked), *loaded]


async def cycles(context: Context[CyclesQuery, None]) -> Struct:
    """Cycles that ended before a time; a minute from now covers a clock that is ahead."""
    query, database = context.query, context.database
    before = utc_now() + timedelta(minutes=1) if query.before is None else instant("parameter before", query.before)
    device_id = await crane_id(database, query.terminal, query.device)
    moves = decode(MOVE, await database.fetch(CYCLES_SQL, device_id, before, query.limit))
    return Cycles([Cycle(Move.from_fact(move, query.terminal, query.device), phases(move)) for move in moves])
