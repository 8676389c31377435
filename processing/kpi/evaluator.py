"""KPI values of one terminal: samples on full minutes of event time, and live values when they change."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from processing.facts.store import FactStore, SubjectKind
from processing.kpi.definition import FactKind, Kpi, KpiValue, StaleKpis, State
from processing.kpi.table import KPIS
from processing.kpi.terms.gates import LONGEST_VISIT_US
from processing.kpi.view import View, look
from processing.kpi.windows import WINDOWS, Window
from processing.model.times import DAY_US, HOUR_US, MINUTE_US, QUARTER_US

HORIZON_US = 3 * HOUR_US
"""How far back facts are kept beyond the longest window, and samples are made again when late facts arrive."""
WORK_US = DAY_US + 2 * HOUR_US
"""The longest window over cranes' work that is no call's: a local day, of 25 hours once a year. [µs]"""
REFRESH_TURNS = 5
"""All subjects are looked at again in so many turns, one a second: windows change with time alone."""
REFRESH_AT_ONCE = 100
"""Subjects in one turn at most: where there are more than a terminal has, it takes more turns."""
WIDE_CRANES = 200
"""For each so many cranes the values of the terminal as a whole wait a second: they are made of all of them."""
LATER_AT_ONCE = 4
"""Views over longer windows that are told with one batch: they take longer, and can wait."""
Row = tuple[SubjectKind, Window, tuple[Kpi, ...], tuple[Kpi, ...]]


def _rows() -> tuple[Row, ...]:
    """By kind of subject and window, the KPIs with samples every minute, and the others."""
    kinds: tuple[SubjectKind, ...] = ("terminal", "crane", "berth", "call")
    found: list[Row] = []
    for kind in kinds:
        for window in WINDOWS.values():
            kpis = [kpi for kpi in KPIS if window in kpi.windows(kind)]
            if kpis:
                often = tuple(kpi for kpi in kpis if kpi.often and window.length_us is not None)
                found.append((kind, window, often, tuple(kpi for kpi in kpis if kpi not in often)))
    return tuple(found)


def _often(kpi: Kpi, view: View) -> bool:
    """Whether there is a sample every minute, whatever happens."""
    return kpi.often and view.window.length_us is not None


ROWS = _rows()


@dataclass(slots=True)
class KpiEvaluator:
    """Evaluates the table of KPIs for one terminal.

    Attributes:
        book: the terminal's facts.
        now_us: the terminal's "now"; never goes back. [µs since 1970 UTC]
        minute_us: last full minute for which samples were made.
    """

    store: FactStore
    now_us: int | None = None
    minute_us: int | None = None
    _dirty: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _untold: dict[str, set[FactKind]] = field(default_factory=dict)
    _old: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _told: dict[tuple[str, str, str], tuple[float | None, State]] = field(default_factory=dict)
    _later: dict[tuple[str, str], None] = field(default_factory=dict)
    _again_now: dict[str, bool] = field(default_factory=dict)
    _turn: int = 0
    _lap_us: int | None = None
    _lap_is_fresh: bool = False
    _wait_s: int = 0

    def touch(self, kind: FactKind, subject: str, time_us: int) -> None:
        """Note that facts of a subject changed from a time on."""
        known = self._dirty.get((kind, subject))
        self._dirty[kind, subject] = time_us if known is None else min(known, time_us)
        self._untold.setdefault(subject, set()).add(kind)

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
        made: list[KpiValue] = []
        oldest_us = self._oldest_us()
        for (kind, subject), since_us in self._dirty.items():
            if since_us < oldest_us:
                self._stale(kind, subject, since_us)
            made += self.again(kind, subject, max(since_us, oldest_us), self.minute_us)
        self._dirty.clear()
        last = self.now_us // MINUTE_US * MINUTE_US
        if self.minute_us + MINUTE_US < oldest_us:
            for kind, subject in {(kpi.fact, subject) for subject, kpi in self._everything()}:
                self._stale(kind, subject, self.minute_us)
        for time_us in range(max(self.minute_us + MINUTE_US, oldest_us), last + 1, MINUTE_US):
            made += self._minute(time_us)
        self.minute_us = max(self.minute_us, last)
        return made

    def again(self, kind: FactKind, subject: str, since_us: int, until_us: int) -> list[KpiValue]:
        """Samples of a subject's KPIs of one kind of fact, of all full minutes in [since, until]."""
        made: list[KpiValue] = []
        first = -(-since_us // MINUTE_US) * MINUTE_US
        now = self.store.kind_of(subject)
        was = ("berth", "call") if now is None else (now,)  # of what is gone by now, there are samples
        rows = [
            (window, [k for k in often if k.fact == kind], [k for k in others if k.fact == kind])
            for own, window, often, others in ROWS
            if own in was
        ]
        for window, often, others in rows:
            if others:
                for time_us in range(-(-first // QUARTER_US) * QUARTER_US, until_us + 1, QUARTER_US):
                    made += self._again(subject, window, others, time_us)
            for time_us in range(first, until_us + 1, MINUTE_US) if often else ():
                made += self._again(subject, window, often, time_us)
        return made

    def _minute(self, time_us: int) -> list[KpiValue]:
        """All samples of a full minute."""
        made: list[KpiValue] = []
        quarter = time_us % QUARTER_US == 0
        for kind, window, often, others in ROWS:
            if not often and not quarter:
                continue
            for subject in self._subjects(kind):
                view = look(self.store, subject, window, time_us)
                if view is None:
                    continue
                made += [self._value(view, kpi, time_us) for kpi in often]
                if quarter and others and view.busy:
                    made += [self._value(view, kpi, time_us) for kpi in others]
        return made

    def _again(self, subject: str, window: Window, kpis: list[Kpi], time_us: int) -> list[KpiValue]:
        """Samples made again: where there is nothing to be told any more, None takes the place of what was told."""
        view = look(self.store, subject, window, time_us)
        if view is not None and (_often(kpis[0], view) or view.busy):
            return [self._value(view, kpi, time_us) for kpi in kpis]
        return [replace(self._sample(kpi, subject, window, time_us, None, None), often=False) for kpi in kpis]

    def changed(self) -> list[StaleKpis]:
        """Whose samples the facts told since `samples` was asked last change, and from when on."""
        return [StaleKpis(self.store.terminal, kind, subject, since) for (kind, subject), since in self._dirty.items()]

    def stale(self) -> list[StaleKpis]:
        """Older samples that are to be made again from stored facts; told once."""
        told = [StaleKpis(self.store.terminal, kind, subject, since) for (kind, subject), since in self._old.items()]
        self._old.clear()
        return told

    def _oldest_us(self) -> int:
        """First full minute that the facts in memory can tell of."""
        return ((self.now_us or 0) - HORIZON_US) // MINUTE_US * MINUTE_US

    def _stale(self, kind: FactKind, subject: str, since_us: int) -> None:
        self._old[kind, subject] = min(since_us, self._old.get((kind, subject), since_us))

    def refresh(self) -> None:
        """Take the next few subjects to be looked at again with `live`, those of longer windows once a minute."""
        subjects = list(self._all_subjects())
        if self._turn >= len(subjects):
            self._turn = 0
        if self._turn == 0:
            self._lap_is_fresh, self._lap_us = self.minute_us != self._lap_us, self.minute_us
        count = min(REFRESH_AT_ONCE, -(-len(subjects) // REFRESH_TURNS))
        for subject in subjects[self._turn : self._turn + count]:
            self._again_now[subject] = self._lap_is_fresh
        self._turn += count
        self._wait_s -= 1

    def live(self, *, everything: bool = False) -> list[KpiValue]:
        """Values now that differ from those told last; of changed facts and refreshed subjects, or of everything.

        Longer windows take their turn: a few with each call.
        """
        if self.now_us is None:
            return []
        untold, self._untold = self._untold, {}
        if self.store.terminal in untold:
            if self._wait_s > 0:
                self._untold[self.store.terminal] = untold.pop(self.store.terminal)
            else:
                self._wait_s = len(self.store.cranes) // WIDE_CRANES
        again, self._again_now = self._again_now, {}
        changed: list[KpiValue] = []
        for subject, kinds in untold.items():
            changed += self._live(subject, kinds, longer=True)
        for subject in self._all_subjects() if everything else again:
            changed += self._live(subject, None, longer=again.get(subject, False) and not self._is_still(subject))
        for subject, window_id in list(self._later)[:LATER_AT_ONCE]:
            del self._later[subject, window_id]
            changed += self._tell(subject, WINDOWS[window_id], KPIS)
        return changed

    def _live(self, subject: str, kinds: set[FactKind] | None, *, longer: bool) -> list[KpiValue]:
        changed: list[KpiValue] = []
        own = self.store.kind_of(subject)
        for kind, window, often, others in ROWS:
            if kind != own:
                continue
            if window.length_us is not None:
                kpis = [kpi for kpi in (*often, *others) if kinds is None or kpi.fact in kinds]
                changed += self._tell(subject, window, kpis)
            elif longer:
                self._later[subject, window.id] = None
        return changed

    def _is_still(self, subject: str) -> bool:
        crane = self.store.cranes.get(subject)
        return crane is not None and crane.still((self.now_us or 0) - WORK_US)

    def _tell(self, subject: str, window: Window, kpis: "tuple[Kpi, ...] | list[Kpi]") -> list[KpiValue]:
        now_us = self.now_us or 0
        view = look(self.store, subject, window, now_us)
        kind = self.store.kind_of(subject)
        if kind is None or (view is None and kind == "call"):  # what was told last of a call stays
            return []
        busy = view is not None and view.busy
        changed = []
        for kpi in kpis:
            if window not in kpi.windows(kind):
                continue
            key = (kpi.id, subject, window.id)
            if not busy and not (view is not None and _often(kpi, view)) and key not in self._told:
                continue
            sample = (
                self._sample(kpi, subject, window, now_us, None, None)
                if view is None
                else self._value(view, kpi, now_us)
            )
            # What was never told and is not known stays untold.
            if self._told.get(key, (None, None)) != (sample.value, sample.state):
                self._told[key] = sample.value, sample.state
                changed.append(sample)
        return changed

    def retell(self) -> None:
        """Take it that nobody has been told anything: the next live values are all of them."""
        nan = float("nan")  # equals no value
        for subject, kpi in self._everything():
            kind = self.store.kind_of(subject)
            for window in kpi.windows(kind) if kind is not None else ():
                key = (kpi.id, subject, window.id)
                if (kpi.often and window.length_us is not None) or key in self._told:
                    self._told[key] = nan, None
                    if window.length_us is None:
                        self._later[subject, window.id] = None

    def settle(self) -> None:
        """Forget which facts changed: after a rebuild, samples of the past stand as they are."""
        self._dirty.clear()
        self._untold.clear()
        self._old.clear()

    def forget(self) -> list[KpiValue]:
        """Drop facts that no window can see any more; what is told of subjects that are gone by that."""
        if self.now_us is None or self.minute_us is None:
            return []
        now_us = min(self.now_us, self.minute_us + MINUTE_US)  # after a long silence, samples are to be made first
        before = self.named()
        self.store.forget(now_us - HORIZON_US - HOUR_US, now_us - LONGEST_VISIT_US, now_us - HORIZON_US - WORK_US)
        return self.over(before)

    def missing_us(self) -> dict[str, int]:
        """Cranes of which facts are missing in memory that windows of calls need, from when on."""
        return {} if self.now_us is None else self.store.missing_us(self.now_us - HORIZON_US - WORK_US)

    def named(self) -> dict[str, SubjectKind]:
        """Calls and berths, and which of both they are."""
        return {subject: kind for kind in ("call", "berth") for subject in self._subjects(kind)}

    def over(self, before: dict[str, SubjectKind]) -> list[KpiValue]:
        """That nothing is told any more of subjects which are none now, whatever was told of them in any life."""
        gone: list[KpiValue] = []
        for subject, kind in before.items() if before.keys() != self.named().keys() else ():
            if self.store.kind_of(subject) is not None:
                continue
            for kpi in KPIS:
                for window in kpi.windows(kind):
                    self._told.pop((kpi.id, subject, window.id), None)
                    gone.append(self._over(kpi, subject, kind, window))
        return gone

    def _over(self, kpi: Kpi, subject: str, kind: SubjectKind, window: Window) -> KpiValue:
        main = window is kpi.windows(kind)[0]
        now_us = self.now_us or 0
        return KpiValue(self.store.terminal, kpi.id, subject, window.id, "", now_us, None, main=main, over=True)

    def _subjects(self, kind: SubjectKind) -> list[str]:
        store = self.store
        named = {
            "terminal": [store.terminal],
            "crane": list(store.cranes),
            "berth": sorted(store.berths),
            "call": list(store.calls),
        }[kind]
        return named if kind in ("terminal", "crane") else [name for name in named if store.kind_of(name) == kind]

    def _all_subjects(self) -> dict[str, None]:
        return dict.fromkeys(
            subject for kind in ("terminal", "crane", "berth", "call") for subject in self._subjects(kind)
        )

    def _everything(self) -> Iterator[tuple[str, Kpi]]:
        for subject in self._all_subjects():
            kind = self.store.kind_of(subject)
            for kpi in KPIS:
                if kind in kpi.subjects:
                    yield subject, kpi

    def _value(self, view: View, kpi: Kpi, time_us: int) -> KpiValue:
        value = kpi.of(view)
        state: State = None
        if kpi.decided and value is not None:
            state = "final" if view.work.settled else "provisional"
        return self._sample(kpi, view.subject, view.window, time_us, value, state)

    def _sample(
        self, kpi: Kpi, subject: str, window: Window, time_us: int, number: float | None, state: State
    ) -> KpiValue:
        kind = self.store.kind_of(subject)
        windows = kpi.windows(kind) if kind is not None else (window,)
        main = bool(windows) and window is windows[0]
        often = kpi.often and window.length_us is not None
        return KpiValue(self.store.terminal, kpi.id, subject, window.id, kpi.unit, time_us, number, state, often, main)
