"""What the clients of one terminal know; decides what is news to them. No I/O here."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from api.alarms.answers import Alarm
from api.devices.answers import Device, Latest
from api.facts.answers import FactAnswer
from api.facts.listing import FactList
from api.kpis.answers import KpiValue
from api.moves.answers import MOVES, Move

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
A = TypeVar("A", bound=FactAnswer)

SNAPSHOT_MOVES = 10


class Known(Generic[K, T]):
    """Things sent before, by their key.

    Args:
        key: names a thing.
    """

    def __init__(self, key: Callable[[T], K]) -> None:
        self._key = key
        self._known: dict[K, T] = {}

    def update(self, things: Iterable[T]) -> list[T]:
        """Things that are new, or differ from what was sent; known from now on."""
        news = [thing for thing in things if self._known.get(self._key(thing)) != thing]
        self._known.update((self._key(thing), thing) for thing in news)
        return news

    def replace(self, things: Iterable[T]) -> list[T]:
        """As `update`, and forget what is no longer among the things: keeps a window of the newest."""
        listed = list(things)
        news = self.update(listed)
        self._known = {self._key(thing): thing for thing in listed}
        return news

    def all(self) -> list[T]:
        """Everything known, in the order in which it became so."""
        return list(self._known.values())


class TerminalSnapshot:
    """All that the clients of one terminal know."""

    def __init__(self) -> None:
        self.devices: Known[tuple[str, str], Device] = Known(lambda one: (one.stream, one.device))
        self.latest: Known[tuple[str, str], Latest] = Known(lambda one: (one.stream, one.device))
        self.alarms: Known[str, Alarm] = Known(lambda one: one.id)
        self._facts: dict[str, Known[Any, Any]] = {}
        self.quarantine_total = 0
        self.quarantine_newest = 0

    def facts(self, of: FactList[A]) -> Known[Hashable, A]:
        """Facts of one type."""
        return self._facts.setdefault(of.table, Known(of.key))

    def last_moves(self) -> list[Move]:
        """The last moves, newest first."""
        return self.facts(MOVES).all()[:SNAPSHOT_MOVES]


class Coalescer:
    """KPI values that wait for the next frame: of each KPI and subject only the newest."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], KpiValue] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, value: KpiValue) -> None:
        """Take a value in place of an older one."""
        self._waiting[value.kpi, value.subject] = value

    def take(self) -> list[KpiValue]:
        """All that wait, in the order in which they first came; nothing waits afterwards."""
        values = list(self._waiting.values())
        self._waiting.clear()
        return values
