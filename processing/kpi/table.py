"""The table of KPIs. API catalogue, `docs/kpis.md`, the dashboard's labels and every explanation come from it."""

from processing.kpi.definition import Kpi
from processing.kpi.rows.appointments import APPOINTMENT_KPIS
from processing.kpi.rows.cranes import CRANE_KPIS
from processing.kpi.rows.dwell import DWELL_KPIS
from processing.kpi.rows.energy import ENERGY_KPIS
from processing.kpi.rows.gates import GATE_KPIS
from processing.kpi.rows.reefers import REEFER_KPIS
from processing.kpi.rows.vehicles import VEHICLE_KPIS
from processing.kpi.rows.vessels import VESSEL_KPIS

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
