"""Totals of the cranes of a terminal that are kept up to date, instead of summed over all cranes at each look.

At a look only those cranes are counted again whose facts changed, or of which a bound of the window has passed
something. All is kept in whole numbers, so no order of changes shows in the totals: they equal those of `Activity` to
the bit.
"""

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush

from processing.calls.attribution import Attribution
from processing.cranes.cycles import PARTS
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.kpi.running_crane import DELAY, NEVER_US, CraneTotals, crane_totals
from processing.kpi.sequences import SortedValues
from processing.kpi.totals import HUNDREDTHS, WH_PER_KWH, Totals

Belongs = Callable[[CraneFacts], bool]
NOTHING = CraneTotals()


class RunningTotals:
    """Totals of a window, see `Totals`; its end moves on.

    Args:
        store: the terminal's facts.
        belongs: whose work counts.
        begin_us, end_us: the window. [µs since 1970 UTC]
        sliding: whether its begin moves with its end.
    """

    def __init__(self, store: FactStore, belongs: Belongs, begin_us: int, end_us: int, *, sliding: bool) -> None:
        self._store = store
        self._belongs = belongs
        self.begin_us = begin_us
        self.end_us = end_us
        self._sliding = sliding
        self._changed: set[str] = set()
        self._cranes: dict[str, CraneTotals] = {}
        self._due: list[tuple[int, str]] = []
        self._base: dict[str, int] = {}
        self._slope: dict[str, int] = {}
        self._cycles = SortedValues()
        self._parts = {part: SortedValues() for part in PARTS}

    def touch(self, cranes: Iterable[str]) -> None:
        """Count cranes again at the next look."""
        self._changed.update(cranes)

    def advance(self, end_us: int) -> None:
        """Move the end of the window on.

        Args:
            end_us: its end, not before that of the last look. [µs since 1970 UTC]
        """
        if self._sliding:
            self.begin_us += end_us - self.end_us
        self.end_us = end_us
        while self._due and self._due[0][0] <= end_us:
            name = heappop(self._due)[1]
            if self._cranes[name].until_us <= end_us:
                self._changed.add(name)
        for name in self._changed:
            if self._belongs(self._store.cranes[name]):
                new = crane_totals(self._store, name, self.begin_us, end_us, sliding=self._sliding)
            else:
                new = NOTHING
            self._replace(name, new)
        self._changed.clear()

    def _replace(self, name: str, new: CraneTotals) -> None:
        old = self._cranes.get(name, NOTHING)
        self._cranes[name] = new
        if self.end_us < new.until_us < NEVER_US and new.until_us != old.until_us:
            heappush(self._due, (new.until_us, name))
        for sums, before, after in ((self._base, old.base, new.base), (self._slope, old.slope, new.slope)):
            for key, number in before.items():
                sums[key] -= number
            for key, number in after.items():
                sums[key] = sums.get(key, 0) + number
        self._cycles.replace(old.cycles_us, new.cycles_us)
        for part, values in self._parts.items():
            values.replace(old.parts_us.get(part, []), new.parts_us.get(part, []))

    def _number(self, key: str) -> int:
        return self._base.get(key, 0) + self._slope.get(key, 0) * self.end_us

    @property
    def crane_count(self) -> int:
        """How many cranes had been heard of."""
        return self._number("crane_count")

    @property
    def busy(self) -> bool:
        """Whether a crane moved anything or had a delay."""
        return self._number("busy") > 0

    @property
    def lifts(self) -> int:
        """Box moves."""
        return self._number("lifts")

    @property
    def boxes(self) -> int:
        """Boxes of the box moves."""
        return self._number("boxes")

    @property
    def teu(self) -> float:
        """TEU of the box moves."""
        return self._number("teu_hundredths") / HUNDREDTHS

    @property
    def twin_lifts(self) -> int:
        """Box moves of two 20 ft boxes at once."""
        return self._number("twin_lifts")

    @property
    def moves(self) -> int:
        """Moves of all kinds."""
        return self._number("moves")

    @property
    def allocated_us(self) -> int:
        """Allocated crane time. [µs]."""
        return self._number("allocated_us")

    @property
    def logged_on_us(self) -> int:
        """Crane time with an operator logged on. [µs]."""
        return self._number("logged_on_us")

    @property
    def excluded_us(self) -> int:
        """Allocated crane time that net rates leave out. [µs]."""
        return self._number("excluded_us")

    @property
    def delay_us(self) -> Mapping[str, int]:
        """Allocated crane time in delays, by cause. [µs]."""
        return {key.removeprefix(DELAY): self._number(key) for key in self._base if key.startswith(DELAY)}

    @property
    def failures(self) -> int:
        """Breakdowns that began in the window, in allocated time."""
        return self._number("failures")

    @property
    def cycles_us(self) -> list[int]:
        """From one delivery to the next, pauses left out, shortest first. [µs]."""
        return self._cycles.values

    @property
    def parts_us(self) -> Mapping[str, list[int]]:
        """Of each part of a cycle, how long it was in the cycles of all moves, shortest first. [µs]."""
        return {part: values.values for part, values in self._parts.items()}

    @property
    def dual_pairs(self) -> int:
        """Pairs of a load and a discharge that share a cycle."""
        return self._number("dual_pairs")

    @property
    def energy_kwh(self) -> float:
        """What the cycles of box moves took, of those where that is known. [kWh]."""
        return self._number("energy_wh") / WH_PER_KWH

    @property
    def energy_moves(self) -> int:
        """Of how many box moves it is known."""
        return self._number("energy_moves")

    @property
    def final(self) -> bool:
        """Whether no cause is left that a person may yet state."""
        return not self._number("undecided")


class RunningWindows:
    """The running totals of a terminal's subjects, by window.

    Args:
        store: the terminal's facts; one object only may follow its cranes.
        from_cranes: with fewer cranes there are none: to sum over them at each look costs less.
    """

    def __init__(self, store: FactStore, from_cranes: int = 0) -> None:
        self._store = store
        self._from_cranes = from_cranes
        self._windows: dict[tuple[str, str], RunningTotals] = {}
        self._names: dict[int, str] = {}
        self._attribution: Attribution = store.attribution

    def at(
        self, subject: str, window_id: str, begin_us: int, end_us: int, belongs: Belongs, *, sliding: bool
    ) -> Totals | None:
        """The totals of a subject's window, None of one that ends before the last one: time has to go on.

        They hold until this is called again. Arguments as of `RunningTotals`.
        """
        if len(self._store.cranes) < self._from_cranes:
            return None
        self._take_changes()
        window = self._windows.get((subject, window_id))
        if window is not None and (end_us < window.end_us or begin_us < window.begin_us):
            return None
        if window is None or (not sliding and begin_us != window.begin_us):
            window = RunningTotals(self._store, belongs, begin_us, end_us, sliding=sliding)
            self._windows[subject, window_id] = window
            window.touch(self._names.values())
        window.advance(end_us)
        return window

    def _take_changes(self) -> None:
        """Pass on which cranes are new, have new facts, or work other calls."""
        store, changed = self._store, set[str]()
        if len(self._names) != len(store.cranes):
            for name, crane in store.cranes.items():
                if crane.device_id not in self._names:
                    self._names[crane.device_id] = name
                    crane.journal = store.changed_cranes
                    changed.add(name)
        if store.changed_cranes:
            changed |= {self._names[device_id] for device_id in store.changed_cranes if device_id in self._names}
            store.changed_cranes.clear()
        before, now = self._attribution, store.attribution
        if before is not now:
            named = (before.cranes | now.cranes) & store.cranes.keys()
            changed |= {crane for crane in named if before.intervals(crane) != now.intervals(crane)}
            self._attribution = now
        if changed:
            for window in self._windows.values():
                window.touch(changed)
