"""The table of KPIs. API catalogue, `docs/kpis.md`, the dashboard's labels and every explanation come from it."""

from collections.abc import Sequence

from processing.kpi.definition import Kpi
from processing.kpi.rows.appointments import APPOINTMENT_KPIS
from processing.kpi.rows.cranes import CRANE_KPIS
from processing.kpi.rows.dwell import DWELL_KPIS
from processing.kpi.rows.energy import ENERGY_KPIS
from processing.kpi.rows.gates import GATE_KPIS
from processing.kpi.rows.reefers import REEFER_KPIS
from processing.kpi.rows.vehicles import VEHICLE_KPIS
from processing.kpi.rows.vessels import VESSEL_KPIS
from processing.kpi.subjects import KINDS
from processing.kpi.terms.table import TERMS

KPIS: tuple[Kpi, ...] = (
    *CRANE_KPIS,
    *VESSEL_KPIS,
    *GATE_KPIS,
    *APPOINTMENT_KPIS,
    *DWELL_KPIS,
    *REEFER_KPIS,
    *VEHICLE_KPIS,
    *ENERGY_KPIS,
)
BY_ID: dict[str, Kpi] = {kpi.id: kpi for kpi in KPIS}


def problems(kpis: Sequence[Kpi]) -> list[str]:
    """What rows name that no table has: terms, kinds of subjects; and what table it is."""
    found = [
        f"KPI {kpi.id}: no term {name} in processing/kpi/terms/table.py"
        for kpi in kpis
        for name in kpi.terms
        if name not in TERMS
    ]
    return found + [
        f"KPI {kpi.id}: KINDS in processing/kpi/subjects.py lacks {kind.name}"
        for kpi in kpis
        for kind in kpi.subjects
        if kind not in KINDS
    ]


if _found := problems(KPIS):
    raise ValueError("; ".join(_found))
