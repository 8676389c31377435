"""The table of KPIs as it is answered."""

from msgspec import Struct

from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.parameters import NoQuery
from api.kpis.answers import KpiCatalogue, KpiInfo
from processing.kpi.definition import Kpi
from processing.kpi.explain import in_words
from processing.kpi.table import BY_ID, KPIS


async def kpis(_context: Context[NoQuery, None]) -> Struct:
    """The table of KPIs."""
    return KpiCatalogue(
        [
            KpiInfo(
                id=kpi.id,
                title=kpi.title,
                unit=kpi.unit,
                subject=",".join(kind.name for kind in kpi.subjects),
                window=kpi.main.id,
                window_s=(kpi.main.length_us or 0) // 1_000_000,
                windows={kind.name: [window.id for window in windows] for kind, windows in kpi.scopes},
                formula=in_words(kpi),
                source=kpi.source,
                description=kpi.description,
            )
            for kpi in KPIS
        ]
    )


def known(kpi_id: str) -> Kpi:
    """A KPI by its id.

    Raises:
        NotFoundError: there is none; the message names all.
    """
    kpi = BY_ID.get(kpi_id)
    if kpi is None:
        raise NotFoundError(f"there is no KPI {kpi_id}; there are {', '.join(BY_ID)}")
    return kpi
