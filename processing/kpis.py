"""The table of KPIs. API catalogue, `docs/kpis.md`, the dashboard's labels and every explanation come from it."""

from processing.crane_kpis import CRANE_KPIS
from processing.gauge_kpis import GAUGE_KPIS
from processing.kpi import FactKind, Kpi, KpiValue, StaleKpis
from processing.vessel_kpis import VESSEL_KPIS

__all__ = ["BY_ID", "KPIS", "FactKind", "Kpi", "KpiValue", "StaleKpis"]

KPIS: tuple[Kpi, ...] = (*CRANE_KPIS, *VESSEL_KPIS, *GAUGE_KPIS)
BY_ID: dict[str, Kpi] = {kpi.id: kpi for kpi in KPIS}
