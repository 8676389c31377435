"""Which KPIs have samples when: every minute, or every quarter of an hour; by kind of subjects and window."""

from dataclasses import dataclass

from processing.kpi.definition import Kpi
from processing.kpi.subjects import KINDS, SubjectKind
from processing.kpi.table import KPIS
from processing.kpi.windows import WINDOWS, Window


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """KPIs of a kind of subjects over a window, by how often there are samples."""

    kind: SubjectKind
    window: Window
    per_minute: tuple[Kpi, ...]
    per_quarter: tuple[Kpi, ...]

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """All of them."""
        return self.per_minute + self.per_quarter


def _rows() -> tuple[ScheduleRow, ...]:
    found: list[ScheduleRow] = []
    for kind in KINDS:
        for window in WINDOWS.values():
            kpis = [kpi for kpi in KPIS if window in kpi.windows(kind)]
            if kpis:
                per_minute = tuple(kpi for kpi in kpis if kpi.every_minute(window))
                found.append(ScheduleRow(kind, window, per_minute, tuple(kpi for kpi in kpis if kpi not in per_minute)))
    return tuple(found)


SCHEDULE = _rows()
ROWS: dict[tuple[str, str], ScheduleRow] = {(row.kind.name, row.window.id): row for row in SCHEDULE}
"""By the name of the kind and the id of the window."""
