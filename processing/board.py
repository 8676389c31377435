"""KPI values of one terminal: a sample on every full minute of event time, and live values when they change."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from processing.factbook import Factbook
from processing.formulas import HOUR_US, LONGEST_VISIT_US, MINUTE_US
from processing.kpis import KPIS, FactKind, Kpi, KpiValue, StaleKpis

HORIZON_US = 3 * HOUR_US
"""How far back facts are kept beyond the longest window, and samples are made again when late facts arrive."""


@dataclass(slots=True)
class KpiBoard:
    """Evaluates the table of KPIs for one terminal.

    Attributes:
        book: the terminal's facts.
        now_us: the terminal's "now"; never goes back. [µs since 1970 UTC]
        minute_us: last full minute for which samples were made.
    """

    book: Factbook
    now_us: int | None = None
    minute_us: int | None = None
    _dirty: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _old: dict[tuple[FactKind, str], int] = field(default_factory=dict)
    _told: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def touch(self, kind: FactKind, subject: str, time_us: int) -> None:
        """Note that facts of a subject changed from a time on."""
        known = self._dirty.get((kind, subject))
        self._dirty[kind, subject] = time_us if known is None else min(known, time_us)

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
        last = self.now_us // MINUTE_US * MINUTE_US
        if self.minute_us + MINUTE_US < oldest_us:
            for kind, subject in {(kpi.fact, subject) for kpi, subject in self._all()}:
                self._stale(kind, subject, self.minute_us)
        for time_us in range(max(self.minute_us + MINUTE_US, oldest_us), last + 1, MINUTE_US):
            made += [self._value(kpi, subject, time_us) for kpi, subject in self._all()]
        self.minute_us = max(self.minute_us, last)
        return made

    def again(self, kind: FactKind, subject: str, since_us: int, until_us: int) -> list[KpiValue]:
        """Samples of a subject's KPIs of one kind of fact, of all full minutes in [since, until]."""
        kpis = [kpi for kpi in KPIS if kpi.fact == kind and self._told_for(kpi, subject)]
        first = -(-since_us // MINUTE_US) * MINUTE_US
        return [self._value(kpi, subject, time_us) for time_us in range(first, until_us + 1, MINUTE_US) for kpi in kpis]

    def changed(self) -> list[StaleKpis]:
        """Whose samples the facts told since `live` was asked last change, and from when on."""
        return [StaleKpis(self.book.terminal, kind, subject, since) for (kind, subject), since in self._dirty.items()]

    def stale(self) -> list[StaleKpis]:
        """Older samples that are to be made again from stored facts; told once."""
        told = [StaleKpis(self.book.terminal, kind, subject, since) for (kind, subject), since in self._old.items()]
        self._old.clear()
        return told

    def _oldest_us(self) -> int:
        """First full minute that the facts in memory can tell of."""
        return ((self.now_us or 0) - HORIZON_US) // MINUTE_US * MINUTE_US

    def _stale(self, kind: FactKind, subject: str, since_us: int) -> None:
        self._old[kind, subject] = min(since_us, self._old.get((kind, subject), since_us))

    def live(self, *, everything: bool) -> list[KpiValue]:
        """Values now that differ from those told last; of changed facts only, or of everything."""
        if self.now_us is None:
            return []
        now_us = self.now_us
        if everything:
            wanted = list(self._all())
        else:
            wanted = [
                (kpi, subject)
                for kind, subject in self._dirty
                for kpi in KPIS
                if kpi.fact == kind and self._told_for(kpi, subject)
            ]
        self._dirty.clear()
        changed = []
        for kpi, subject in wanted:
            key = (kpi.id, subject)
            number = self._number(kpi, subject, now_us)
            if self._told.get(key) != number:  # what was never told and is not known stays untold
                self._told[key] = number
                changed.append(self._sample(kpi, subject, now_us, number))
        return changed

    def retell(self) -> None:
        """Take it that nobody has been told anything: the next live values are all of them."""
        self._told = {(kpi.id, subject): float("nan") for kpi, subject in self._all()}  # NaN equals no value

    def settle(self) -> None:
        """Forget which facts changed: after a rebuild, samples of the past stand as they are."""
        self._dirty.clear()
        self._old.clear()

    def forget(self) -> None:
        """Drop facts that no window can see any more."""
        if self.now_us is not None:
            self.book.forget(self.now_us - HORIZON_US - HOUR_US, self.now_us - LONGEST_VISIT_US)

    def _told_for(self, kpi: Kpi, subject: str) -> bool:
        return ("terminal" if subject == self.book.terminal else "crane") in kpi.subjects

    def _all(self) -> Iterator[tuple[Kpi, str]]:
        for kpi in KPIS:
            if "terminal" in kpi.subjects:
                yield kpi, self.book.terminal
            if "crane" in kpi.subjects:
                for crane in self.book.cranes:
                    yield kpi, crane

    def _value(self, kpi: Kpi, subject: str, time_us: int) -> KpiValue:
        return self._sample(kpi, subject, time_us, self._number(kpi, subject, time_us))

    def _number(self, kpi: Kpi, subject: str, time_us: int) -> float | None:
        value = kpi.value(self.book, subject, time_us, kpi.window_us)
        return None if value is None else round(value, 6)

    def _sample(self, kpi: Kpi, subject: str, time_us: int, number: float | None) -> KpiValue:
        return KpiValue(self.book.terminal, kpi.id, subject, kpi.window, kpi.unit, time_us, number)
