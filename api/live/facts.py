"""Facts of which live clients learn: one row a type."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from api.database.database import Database
from api.excursions.answers import Excursion
from api.excursions.queries import excursions
from api.http.spans import Span
from api.live.frames import ExcursionsFrame, Frame, MovesFrame, VisitsFrame
from api.live.snapshot import Known, TerminalSnapshot
from api.moves.answers import Move
from api.moves.queries import moves
from api.visits.answers import Visit
from api.visits.queries import visits

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
NEWEST_FACTS = 100
NEWEST_EXCURSIONS = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LiveFact(Generic[T]):
    """One type of facts.

    Attributes:
        table: where they are stored.
        fetch: the newest ones of a terminal; the time is now.
        known: where the snapshot keeps those that were sent.
        frame: carries those that are news.
    """

    table: str
    fetch: Callable[[Database, str, datetime], Awaitable[list[T]]]
    known: Callable[[TerminalSnapshot], Known[Any, T]]
    frame: Callable[[list[T]], Frame]

    async def news(self, database: Database, snapshot: TerminalSnapshot, terminal: str, now: datetime) -> Frame | None:
        """Look for facts, keep them in the snapshot, and answer a frame of those that are news.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        news = self.known(snapshot).replace(await self.fetch(database, terminal, now))
        return self.frame(news) if news else None


async def _moves(database: Database, terminal: str, now: datetime) -> list[Move]:
    return await moves(database, terminal, None, Span(now - DAY, now + DAY), NEWEST_FACTS)


async def _visits(database: Database, terminal: str, now: datetime) -> list[Visit]:
    return await visits(database, terminal, Span(now - DAY, now + DAY), NEWEST_FACTS)


async def _excursions(database: Database, terminal: str, now: datetime) -> list[Excursion]:
    return await excursions(database, terminal, None, Span(now - HOUR, now + DAY), NEWEST_EXCURSIONS)


LIVE_FACTS: tuple[LiveFact[Any], ...] = (
    LiveFact("crane_move", _moves, lambda snapshot: snapshot.moves, MovesFrame),
    LiveFact("truck_visit", _visits, lambda snapshot: snapshot.visits, VisitsFrame),
    LiveFact("reefer_excursion", _excursions, lambda snapshot: snapshot.excursions, ExcursionsFrame),
)
TABLES = frozenset(fact.table for fact in LIVE_FACTS)
