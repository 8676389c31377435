"""Live values of a terminal's KPIs: published when they change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from processing.facts.store import FactStore
from processing.kpi.definition import Kpi, KpiValue, State
from processing.kpi.horizon import WORK_US
from processing.kpi.running import RunningWindows
from processing.kpi.samples import nothing_known, number_of, value_of
from processing.kpi.schedule import ROWS, SCHEDULE
from processing.kpi.subjects import SubjectKind, kind_of, subjects
from processing.kpi.table import KPIS
from processing.kpi.view import look
from processing.kpi.windows import Window
from processing.model.facts import FactKind

REFRESH_TURNS = 5
"""All subjects are evaluated again in so many turns, one a second: windows change with time alone."""
REFRESH_AT_ONCE = 100
"""Subjects in one turn at most: where there are more than a terminal has, it takes more turns."""
NOTHING: tuple[float | None, State] = (None, None)
LATER_AT_ONCE = 4
"""Views over longer windows that are evaluated with one batch: they take longer, and can wait."""


@dataclass(slots=True)
class LiveValues:
    """What was published of a terminal's KPIs, and what is to be evaluated next.

    Attributes:
        store: the terminal's facts.
        running: totals of its cranes.
    """

    store: FactStore
    running: RunningWindows
    _changed: dict[str, set[FactKind]] = field(default_factory=dict)
    _published: dict[tuple[str, str, str], tuple[float | None, State]] = field(default_factory=dict)
    _later: dict[tuple[str, str], None] = field(default_factory=dict)
    _refreshed: dict[str, bool] = field(default_factory=dict)
    _turn: int = 0
    _lap_us: int | None = None
    _lap_is_fresh: bool = False

    def touch(self, fact: FactKind, subject: str) -> None:
        """Note that facts of a subject changed."""
        self._changed.setdefault(subject, set()).add(fact)

    def forget_changes(self) -> None:
        """Take it that no facts changed since the last evaluation."""
        self._changed.clear()

    def refresh(self, minute_us: int | None) -> None:
        """Take the next few subjects to be evaluated again, those of longer windows once a minute.

        Args:
            minute_us: the last full minute. [µs since 1970 UTC]
        """
        names = list(subjects(self.store))
        if self._turn >= len(names):
            self._turn = 0
        if self._turn == 0:
            self._lap_is_fresh, self._lap_us = minute_us != self._lap_us, minute_us
        count = min(REFRESH_AT_ONCE, -(-len(names) // REFRESH_TURNS))
        for subject in names[self._turn : self._turn + count]:
            self._refreshed[subject] = self._lap_is_fresh
        self._turn += count

    def evaluate(self, now_us: int, *, everything: bool) -> list[KpiValue]:
        """Values now that differ from those published last; of changed facts and refreshed subjects, or of everything.

        Longer windows take their turn: a few with each call.
        """
        changed, self._changed = self._changed, {}
        refreshed, self._refreshed = self._refreshed, {}
        values: list[KpiValue] = []
        for subject, facts in changed.items():
            values += self._subject(subject, now_us, facts, longer=True)
        for subject in subjects(self.store) if everything else refreshed:
            longer = refreshed.get(subject, False) and not self._is_inactive(subject, now_us)
            values += self._subject(subject, now_us, None, longer=longer)
        for subject, window_id in list(self._later)[:LATER_AT_ONCE]:
            del self._later[subject, window_id]
            kind = kind_of(self.store, subject)
            row = None if kind is None else ROWS.get((kind.name, window_id))
            values += [] if row is None else self._window(subject, row.window, row.kpis, now_us)
        return values

    def _is_inactive(self, subject: str, now_us: int) -> bool:
        kind = kind_of(self.store, subject)
        return kind is not None and kind.inactive_since(self.store, subject, now_us - WORK_US)

    def _subject(self, subject: str, now_us: int, facts: set[FactKind] | None, *, longer: bool) -> list[KpiValue]:
        values: list[KpiValue] = []
        kind = kind_of(self.store, subject)
        for row in SCHEDULE:
            if row.kind is not kind:
                continue
            if row.window.length_us is not None:
                kpis = [kpi for kpi in (*row.per_minute, *row.per_quarter) if facts is None or kpi.fact in facts]
                values += self._window(subject, row.window, kpis, now_us)
            elif longer:
                self._later[subject, row.window.id] = None
        return values

    def _window(self, subject: str, window: Window, kpis: Sequence[Kpi], now_us: int) -> list[KpiValue]:
        kind = kind_of(self.store, subject)
        if kind is None:
            return []
        view = look(self.store, subject, window, now_us, self.running)
        if view is None and kind.keeps_last:
            return []
        changed = []
        for kpi in kpis:
            key = (kpi.id, subject, window.id)
            published = self._published.get(key)
            if view is None:
                number = NOTHING
            elif published is not None or kpi.every_minute(window) or kpi.busy(view):
                number = number_of(view, kpi)
            else:
                continue
            # What was never published and is not known stays unpublished.
            if number == (NOTHING if published is None else published):
                continue
            self._published[key] = number
            if view is None:
                changed.append(nothing_known(self.store, kpi, subject, kind, window, now_us))
            else:
                changed.append(value_of(view, kpi, number))
        return changed

    def republish_all(self) -> None:
        """Take it that nothing has been published: the next live values are all of them."""
        nan = float("nan")  # equals no value
        for subject, kind in subjects(self.store).items():
            for kpi in KPIS:
                for window in kpi.windows(kind):
                    key = (kpi.id, subject, window.id)
                    if kpi.every_minute(window) or key in self._published:
                        self._published[key] = nan, None
                        if window.length_us is None:
                            self._later[subject, window.id] = None

    def tombstones(self, removed: Iterable[tuple[str, SubjectKind]], now_us: int) -> list[KpiValue]:
        """Tombstones of removed subjects, for whatever was published of them, by this process or one before."""
        found: list[KpiValue] = []
        for subject, kind in removed:
            for kpi in KPIS:
                windows = kpi.windows(kind)
                for window in windows:
                    self._published.pop((kpi.id, subject, window.id), None)
                    found.append(_tombstone(self.store.terminal, kpi, subject, window, windows[0], now_us))
        return found


def _tombstone(terminal: str, kpi: Kpi, subject: str, window: Window, main: Window, now_us: int) -> KpiValue:
    return KpiValue(terminal, kpi.id, subject, window.id, "", now_us, None, main=window is main, tombstone=True)
