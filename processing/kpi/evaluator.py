"""The KPI evaluator of one terminal: samples on full minutes of event time, and live values when they change."""

from dataclasses import dataclass, field

from processing.facts.store import FactStore
from processing.gates.passages import LONGEST_VISIT_US
from processing.kpi import samples
from processing.kpi.definition import KpiValue, StaleKpis
from processing.kpi.horizon import HORIZON_US, WORK_US
from processing.kpi.live import LiveValues
from processing.kpi.running import RunningWindows
from processing.kpi.subjects import KINDS, SubjectKind, kind_of, subjects, subjects_of
from processing.kpi.table import KPIS
from processing.model.facts import FactKind
from processing.model.times import HOUR_US, MINUTE_US

MANY_CRANES = 64
"""From so many on, totals of a terminal's cranes are kept up to date. Measured: at 21 that costs twice the summing."""


@dataclass(slots=True)
class KpiEvaluator:
    """Evaluates the table of KPIs for one terminal.

    Attributes:
        store: the terminal's facts.
        now_us: the terminal's "now"; never goes back. [µs since 1970 UTC]
        minute_us: last full minute for which samples were made.
    """

    store: FactStore
    now_us: int | None = None
    minute_us: int | None = None
    _changed: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _stale: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _running: RunningWindows = field(init=False)
    _live: LiveValues = field(init=False)

    def __post_init__(self) -> None:
        self._running = RunningWindows(self.store, MANY_CRANES)
        self._live = LiveValues(self.store, self._running)

    def touch(self, fact: FactKind, subject: str, time_us: int) -> None:
        """Note that facts of a subject changed from a time on."""
        known = self._changed.get((fact, subject))
        self._changed[fact, subject] = time_us if known is None else min(known, time_us)
        self._live.touch(fact, subject)

    def advance(self, now_us: int) -> None:
        """Move the terminal's "now" on."""
        if self.now_us is None:
            self.now_us = now_us
            if self.minute_us is None:
                self.minute_us = now_us // MINUTE_US * MINUTE_US
        self.now_us = max(self.now_us, now_us)

    def samples(self) -> list[KpiValue]:
        """Samples of full minutes that became due, or whose facts changed; of older ones see `stale`."""
        if self.now_us is None or self.minute_us is None:
            return []
        values: list[KpiValue] = []
        oldest_us = self._oldest_us()
        for (fact, subject), since_us in self._changed.items():
            if since_us < oldest_us:
                self._note_stale(fact, subject, since_us)
            values += self.recompute(fact, subject, max(since_us, oldest_us), self.minute_us)
        self._changed.clear()
        last_us = self.now_us // MINUTE_US * MINUTE_US
        if self.minute_us + MINUTE_US < oldest_us:
            for subject, kind in subjects(self.store).items():
                for fact in {kpi.fact for kpi in KPIS if kind in kpi.subjects}:
                    self._note_stale(fact, subject, self.minute_us)
        for time_us in range(max(self.minute_us + MINUTE_US, oldest_us), last_us + 1, MINUTE_US):
            values += samples.of_minute(self.store, time_us, self._running)
        self.minute_us = max(self.minute_us, last_us)
        return values

    def recompute(self, fact: FactKind, subject: str, since_us: int, until_us: int) -> list[KpiValue]:
        """Samples of a subject's KPIs of one kind of fact, of all full minutes in [since, until]."""
        return samples.recompute(self.store, fact, subject, since_us, until_us)

    def changed(self) -> list[StaleKpis]:
        """Whose samples the facts that changed since the last call of `samples` change, and from when on."""
        return self._notes(self._changed)

    def stale(self) -> list[StaleKpis]:
        """Older samples that are to be recomputed from stored facts; each is returned once."""
        notes = self._notes(self._stale)
        self._stale.clear()
        return notes

    def _notes(self, since_us: dict[tuple[FactKind, str], int]) -> list[StaleKpis]:
        return [StaleKpis(self.store.terminal, fact, subject, at_us) for (fact, subject), at_us in since_us.items()]

    def _oldest_us(self) -> int:
        """First full minute for which the facts in memory are complete."""
        return ((self.now_us or 0) - HORIZON_US) // MINUTE_US * MINUTE_US

    def _note_stale(self, fact: FactKind, subject: str, since_us: int) -> None:
        self._stale[fact, subject] = min(since_us, self._stale.get((fact, subject), since_us))

    def refresh(self) -> None:
        """Take the next few subjects to be evaluated again with `live`, those of longer windows once a minute."""
        self._live.refresh(self.minute_us)

    def live(self, *, everything: bool = False) -> list[KpiValue]:
        """Values now that differ from those published last; of changed facts and refreshed subjects, or of everything.

        Longer windows take their turn: a few with each call.
        """
        return [] if self.now_us is None else self._live.evaluate(self.now_us, everything=everything)

    def republish_all(self) -> None:
        """Take it that nothing has been published: the next live values are all of them."""
        self._live.republish_all()

    def forget_changes(self) -> None:
        """Forget which facts changed: after a restore, samples of the past stand as they are."""
        self._changed.clear()
        self._stale.clear()
        self._live.forget_changes()

    def forget(self) -> list[KpiValue]:
        """Drop facts that no window can see any more; returns tombstones of subjects that are removed by that."""
        if self.now_us is None or self.minute_us is None:
            return []
        now_us = min(self.now_us, self.minute_us + MINUTE_US)  # after a long silence, samples are to be made first
        before = self.removable()
        open_us = now_us - LONGEST_VISIT_US - HOUR_US  # they become overdue by event time, which may be behind
        self.store.forget(now_us - HORIZON_US - HOUR_US, open_us, now_us - HORIZON_US - WORK_US)
        return self.tombstones(before)

    def missing_us(self) -> dict[str, int]:
        """Cranes of which facts are missing in memory that windows of calls need, from when on."""
        return {} if self.now_us is None else self.store.missing_us(self.now_us - HORIZON_US - WORK_US)

    def removable(self) -> dict[str, SubjectKind]:
        """Subjects that may be removed, and their kinds."""
        return {subject: kind for kind in KINDS if kind.tombstones for subject in subjects_of(self.store, kind)}

    def tombstones(self, before: dict[str, SubjectKind]) -> list[KpiValue]:
        """Tombstones of subjects that were there before and are not there now, and not as another kind either."""
        if before.keys() == self.removable().keys():
            return []
        removed = [(subject, kind) for subject, kind in before.items() if kind_of(self.store, subject) is None]
        return self._live.tombstones(removed, self.now_us or 0)
