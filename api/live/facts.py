"""Facts of which live clients learn: one row a type."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from api.database.database import Database
from api.excursions.answers import EXCURSIONS
from api.facts.answers import FactAnswer
from api.facts.listing import FactList
from api.http.spans import Span
from api.live.frames import ExcursionsFrame, Frame, MovesFrame, VisitsFrame
from api.live.snapshot import TerminalSnapshot
from api.moves.answers import MOVES
from api.visits.answers import VISITS

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
NEWEST_FACTS = 100
NEWEST_EXCURSIONS = 1_000

A = TypeVar("A", bound=FactAnswer)


@dataclass(frozen=True, slots=True)
class LiveFact(Generic[A]):
    """One type of facts.

    Attributes:
        facts: the list of them.
        frame: carries those that are news.
        back: how far back clients learn of them.
        most: how many, the newest.
    """

    facts: FactList[A]
    frame: Callable[[list[A]], Frame]
    back: timedelta = DAY
    most: int = NEWEST_FACTS

    async def news(self, database: Database, snapshot: TerminalSnapshot, terminal: str, now: datetime) -> Frame | None:
        """Look for facts, keep them in the snapshot, and answer a frame of those that are news.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        found = await self.facts.fetch(database, terminal, None, Span(now - self.back, now + DAY), self.most)
        news = snapshot.facts(self.facts).replace(found)
        return self.frame(news) if news else None


LIVE_FACTS: tuple[LiveFact[Any], ...] = (
    LiveFact(MOVES, MovesFrame),
    LiveFact(VISITS, VisitsFrame),
    LiveFact(EXCURSIONS, ExcursionsFrame, back=HOUR, most=NEWEST_EXCURSIONS),
)
TABLES = frozenset(one.facts.table for one in LIVE_FACTS)
