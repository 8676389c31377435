"""The last cycles of a crane: its moves with their phases."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.cranes.crane import SQL, CranePath, crane_id
from api.http.context import Context
from api.http.parameters import Moment
from api.http.rows import Time, structs
from api.http.spans import instant
from api.moves.answers import Move
from infra.clock import utc_now

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


def phases(move: Move) -> list[Phase]:
    """The phases of a move. Source: TIC4.0 cycle and job steps."""
    loaded: list[Phase] = [
        Phase("pick", move.locked_at, move.lifted_at),
        Phase("laden_travel", move.lifted_at, move.landed_at),
        Phase("set_down", move.landed_at, move.unlocked_at),
    ]
    return loaded if move.began_at is None else [Phase("empty_travel", move.began_at, move.locked_at), *loaded]


async def cycles(context: Context[CyclesQuery, None]) -> Struct:
    """Cycles that ended before a time; a minute from now covers a clock that is ahead."""
    query, database = context.query, context.database
    before = utc_now() + timedelta(minutes=1) if query.before is None else instant("parameter before", query.before)
    device_id = await crane_id(database, query.terminal, query.device)
    moves = await structs(Move, await database.fetch(SQL["cycles"], device_id, before, query.limit))
    return Cycles([Cycle(move, phases(move)) for move in moves])
