"""KPI samples: values of full minutes, made from facts."""

from msgspec.structs import replace

from processing.facts.store import FactStore
from processing.kpi.definition import Kpi, KpiValue, State
from processing.kpi.running import RunningWindows
from processing.kpi.schedule import SCHEDULE
from processing.kpi.subjects import KINDS, SubjectKind, kind_of, subjects_of
from processing.kpi.view import View, look
from processing.kpi.windows import Window
from processing.model.facts import FactKind
from processing.model.times import MINUTE_US, QUARTER_US


def number_of(view: View, kpi: Kpi) -> tuple[float | None, State]:
    """The value of a KPI at the end of a view, and whether people may yet change it."""
    value = kpi.of(view)
    if not kpi.stated_causes or value is None:
        return value, None
    return value, "final" if view.totals.final else "provisional"


def value_of(view: View, kpi: Kpi, number: tuple[float | None, State] | None = None) -> KpiValue:
    """The value of a KPI at the end of a view, with all that it says of itself; `number`: where it is known already."""
    value, state = number_of(view, kpi) if number is None else number
    window, terminal = view.window, view.store.terminal
    main = window is kpi.main_of(view.kind)
    per_minute = kpi.every_minute(window)
    return KpiValue(terminal, kpi.id, view.subject, window.id, kpi.unit, view.end_us, value, state, per_minute, main)


def nothing_known(
    store: FactStore, kpi: Kpi, subject: str, kind: SubjectKind | None, window: Window, time_us: int
) -> KpiValue:
    """The value of a KPI where there is no such window, or no such subject: None."""
    main = kind is None or window is kpi.main_of(kind)
    per_minute = kpi.every_minute(window)
    return KpiValue(store.terminal, kpi.id, subject, window.id, kpi.unit, time_us, None, None, per_minute, main)


def of_minute(store: FactStore, time_us: int, running: RunningWindows) -> list[KpiValue]:
    """All samples of a full minute. [µs since 1970 UTC]."""
    values: list[KpiValue] = []
    quarter = time_us % QUARTER_US == 0
    for row in SCHEDULE:
        if not row.per_minute and not quarter:
            continue
        for subject in subjects_of(store, row.kind):
            view = look(store, subject, row.window, time_us, running)
            if view is None:
                continue
            values += [value_of(view, kpi) for kpi in row.per_minute]
            if quarter:
                values += [value_of(view, kpi) for kpi in row.per_quarter if kpi.busy(view)]
    return values


def recompute(store: FactStore, fact: FactKind, subject: str, since_us: int, until_us: int) -> list[KpiValue]:
    """Samples of a subject's KPIs of one kind of fact, of all full minutes in [since, until]."""
    values: list[KpiValue] = []
    first_us = -(-since_us // MINUTE_US) * MINUTE_US
    kind = kind_of(store, subject)
    # Of a removed subject there are samples of all that it may have been.
    kinds = [one for one in KINDS if one.tombstones] if kind is None else [kind]
    for row in SCHEDULE:
        if row.kind not in kinds:
            continue
        per_quarter = [kpi for kpi in row.per_quarter if kpi.fact == fact]
        if per_quarter:
            for time_us in range(-(-first_us // QUARTER_US) * QUARTER_US, until_us + 1, QUARTER_US):
                values += _recompute_at(store, subject, row.window, per_quarter, time_us)
        per_minute = [kpi for kpi in row.per_minute if kpi.fact == fact]
        for time_us in range(first_us, until_us + 1, MINUTE_US) if per_minute else ():
            values += _recompute_at(store, subject, row.window, per_minute, time_us)
    return values


def none_by(store: FactStore, subject: str, until_us: int) -> bool:
    """Whether a subject has no KPI sample by a time, as nothing is known of it: `recompute` would find only None.

    Args:
        store: read from the database for windows that end by that time.
        subject: its name.
        until_us: the time. [µs since 1970 UTC]
    """
    kind = kind_of(store, subject)
    return kind is None or kind.unknown_by(store, subject, until_us)


def _recompute_at(store: FactStore, subject: str, window: Window, kpis: list[Kpi], time_us: int) -> list[KpiValue]:
    """Recomputed samples: where there is nothing to be stored any more, None takes the place of what was stored."""
    view = look(store, subject, window, time_us)
    if view is not None and (kpis[0].every_minute(window) or kpis[0].busy(view)):
        return [value_of(view, kpi) for kpi in kpis]
    kind = kind_of(store, subject)
    return [replace(nothing_known(store, kpi, subject, kind, window, time_us), per_minute=False) for kpi in kpis]
