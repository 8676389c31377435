"""Facts of which live clients learn: one row a type."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from api.alarms.listing import ALARMS
from api.database.database import Database
from api.excursions.answers import EXCURSIONS
from api.facts.answers import FactAnswer
from api.facts.listing import FactList
from api.http.spans import Span
from api.live.frames import AlarmsFrame, ExcursionsFrame, Frame, MovesFrame, VisitsFrame
from api.live.snapshot import TerminalSnapshot
from api.moves.answers import MOVES
from api.visits.answers import VISITS

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
NEWEST_FACTS = 100
NEWEST_EXCURSIONS = 1_000
NEWEST_ALARMS = 10_000

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

    @property
    def table(self) -> str:
        """Where they are stored."""
        return self.facts.table

    async def news(self, database: Database, snapshot: TerminalSnapshot, terminal: str, now: datetime) -> Frame | None:
        """Look for facts, keep them in the snapshot, and answer a frame of those that are news.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        found = await self.facts.fetch(database, terminal, None, Span(now - self.back, now + DAY), self.most)
        news = snapshot.facts(self.facts).replace(found)
        return self.frame(news) if news else None


class LiveAlarms:
    """Alarms: which are active, what people did about them, and active ones that are none after all."""

    table = ALARMS.table

    async def news(self, database: Database, snapshot: TerminalSnapshot, terminal: str, now: datetime) -> Frame | None:
        """As of facts.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        found = await ALARMS.fetch(database, terminal, Span(now - HOUR, now + DAY), NEWEST_ALARMS)
        listed = {alarm.id for alarm in found}
        known = () if len(found) == NEWEST_ALARMS else snapshot.alarms.all()
        retracted = [alarm.id for alarm in known if alarm.cleared_at is None and alarm.id not in listed]
        news = snapshot.alarms.replace(found)
        return AlarmsFrame(news, retracted) if news or retracted else None


LIVE_FACTS: tuple[LiveFact[Any] | LiveAlarms, ...] = (
    LiveFact(MOVES, MovesFrame),
    LiveFact(VISITS, VisitsFrame),
    LiveFact(EXCURSIONS, ExcursionsFrame, back=HOUR, most=NEWEST_EXCURSIONS),
    LiveAlarms(),
)
TABLES = frozenset(one.table for one in LIVE_FACTS)
