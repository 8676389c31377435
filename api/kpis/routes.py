"""Routes of KPIs: the catalogue, values now and over time, and explanations."""

from msgspec import Struct

from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.kpis.answers import KpiCatalogue, KpiHistory, KpiValues
from api.kpis.catalogue import kpis
from api.kpis.explanations import Explained, ExplainQuery, explained
from api.kpis.history import history
from api.kpis.parameters import HistoryQuery, LiveKpisQuery
from api.kpis.values import KpiValueCache


async def _live(context: Context[LiveKpisQuery, None]) -> Struct:
    """Newest KPI values."""
    query = context.query
    return KpiValues(context.services[KpiValueCache].values(query.terminal, query.window))


ROUTES = (
    Route(f"{API}/kpis", kpis, NoQuery, KpiCatalogue, "The KPIs and what they mean", ()),
    Route(f"{API}/kpis/live", _live, LiveKpisQuery, KpiValues, "Newest KPI values", ()),
    Route(f"{API}/kpis/{{kpi}}/history", history, HistoryQuery, KpiHistory, "One KPI over time", (404, 503)),
    Route(
        f"{API}/kpis/{{kpi}}/explain",
        explained,
        ExplainQuery,
        Explained,
        "Why a KPI has its value: formula with numbers, what was counted, what was left out",
        (404, 503),
    ),
)
