"""What a row of the table of KPIs is, and a value of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from processing.kpi.subjects import SubjectKind
from processing.kpi.terms.table import term
from processing.kpi.view import View
from processing.kpi.windows import Window
from processing.model.facts import FactKind

Scopes = tuple[tuple[SubjectKind, tuple[Window, ...]], ...]
"""Kinds of subjects, and the windows of each; the first window of each is the main one."""
Value = Callable[..., float | None]
State = Literal["provisional", "final"] | None


def cranes_busy(view: View) -> bool:
    """Whether a crane did anything, or there was a call."""
    return view.busy


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Attributes:
        id: as in the topic and in `kpi_sample`.
        title: label for people.
        unit: unit of the value.
        fact: what it is made from; a change of such a fact changes the value.
        scopes: for which subjects it is evaluated, and over which windows.
        terms: what it is made of, names in `TERMS`; None in any of them makes the value None.
        value: makes the value of the terms.
        formula: the same in words, the terms in braces.
        source: where the definition comes from.
        description: what a person reads from it.
        per_minute: whether there is a sample every minute, instead of every quarter of an hour.
        stated_causes: whether causes that people state change it: such values are provisional until all are stated.
        busy: whether anything happened in a view that it is made from: where nothing did, and it has no sample every
            minute, its value need not be stored.
    """

    id: str
    title: str
    unit: str
    fact: FactKind
    scopes: Scopes
    terms: tuple[str, ...]
    value: Value
    formula: str
    source: str
    description: str
    per_minute: bool = False
    stated_causes: bool = False
    busy: Callable[[View], bool] = cranes_busy

    @property
    def subjects(self) -> tuple[SubjectKind, ...]:
        """Kinds of subjects for which it is evaluated."""
        return tuple(kind for kind, _ in self.scopes)

    @property
    def main(self) -> Window:
        """The window that is meant where none is named."""
        return self.scopes[0][1][0]

    def windows(self, kind: SubjectKind) -> tuple[Window, ...]:
        """Windows over which it is evaluated for a kind of subjects, the main one first."""
        for own, windows in self.scopes:  # asked for every value
            if own is kind:
                return windows
        return ()

    def every_minute(self, window: Window) -> bool:
        """Whether it has a sample every minute over this window, whatever happens."""
        return self.per_minute and window.length_us is not None

    def of(self, view: View) -> float | None:
        """The value of a view; None where nothing is known of it."""
        known = view.terms  # most terms are asked for more than once
        values = []
        for name in self.terms:
            number = known[name] if name in known else term(view, name)
            if number is None:  # as often as not: the others need not be worked out
                return None
            values.append(number)
        value = self.value(*values)
        return None if value is None else round(value, 6)


@dataclass(frozen=True, slots=True, order=True)
class StaleKpis:
    """KPI samples older than the facts in memory that are to be recomputed, from a time on. [µs since 1970 UTC]."""

    terminal: str
    fact: FactKind
    subject: str
    since_us: int


class KpiValue(Struct, frozen=True):
    """One value of one KPI; `value` is None where nothing is known. `time_us` in µs since 1970 UTC.

    Attributes:
        state: of a value that people may yet change by stating causes of delays: final where they have stated all.
        per_minute: whether it has a sample every minute.
        main: whether it stands for the main window of its subject.
        tombstone: the subject is removed: its retained value is to be emptied.
    """

    terminal: str
    kpi: str
    subject: str
    window: str
    unit: str
    time_us: int
    value: float | None
    state: State = None
    per_minute: bool = True
    main: bool = True
    tombstone: bool = False


MIN_HOURS = 1 / 60
"""A rate over less than a minute means nothing."""


def same(value: float) -> float:
    """The term itself."""
    return value


def ratio(part: float, whole: float) -> float | None:
    """A part of a whole, None of nothing."""
    return part / whole if whole else None


def per_hour(count: float, hours: float) -> float | None:
    """How many in an hour; None over less than a minute."""
    return count / hours if hours >= MIN_HOURS else None


def of_counted(_count: float, value: float) -> float:
    """A figure that stands beside the number of things that it is made from."""
    return value
