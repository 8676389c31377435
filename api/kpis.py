"""Routes about KPIs: what there are, their values now and over time."""

from datetime import timedelta
from math import ceil

from msgspec import Struct

from api import answers, readings, requests
from api.errors import BadRequestError, NotFoundError
from api.services import Call
from api.spans import Span, span
from infra.clock import utc_now
from processing.kpi.definition import Kpi
from processing.kpi.explain import in_words
from processing.kpi.table import BY_ID, KPIS

KPI_DEFAULT = timedelta(hours=6)
LONGEST_KPI = timedelta(days=92)
MOST_POINTS = 5_000


async def kpis(_call: Call[requests.NoQuery]) -> Struct:
    """The table of KPIs."""
    return answers.KpiCatalogue(
        [
            answers.KpiInfo(
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


async def kpis_live(call: Call[requests.LiveKpisQuery]) -> Struct:
    """Newest KPI values."""
    return answers.KpiValues(call.services.board.values(call.query.terminal, call.query.window))


async def kpi_history(call: Call[requests.HistoryQuery]) -> Struct:
    """One KPI over time."""
    query = call.query
    kpi = known(query.kpi)
    wanted = span(query.begin, query.end, utc_now(), KPI_DEFAULT, LONGEST_KPI)
    check_points(wanted, query.step)
    subject = query.subject or query.terminal
    window = query.window or await _main_window(call, kpi, subject)
    points = await readings.kpi_points(
        call.services.database, query.terminal, kpi.id, subject, window, wanted, query.step
    )
    return answers.KpiHistory(kpi.id, query.terminal, subject, window, kpi.unit, query.step, points)


async def _main_window(call: Call[requests.HistoryQuery], kpi: Kpi, subject: str) -> str:
    """The window that is meant where none is named: that of calls, where the KPI is evaluated for them too."""
    windows = [window.id for _, (window, *_) in kpi.scopes]
    if len(set(windows)) == 1:
        return windows[0]
    newest = await readings.kpi_windows(call.services.database, call.query.terminal, kpi.id, subject)
    return next((window for window in windows if window in newest), windows[0])


def known(kpi_id: str) -> Kpi:
    """A KPI by its id.

    Raises:
        NotFoundError: there is none; the message names all.
    """
    kpi = BY_ID.get(kpi_id)
    if kpi is None:
        raise NotFoundError(f"there is no KPI {kpi_id}; there are {', '.join(BY_ID)}")
    return kpi


def check_points(wanted: Span, step_s: int) -> None:
    """See that a span in steps does not make too many points.

    Raises:
        BadRequestError: it does; the message names the smallest step.
    """
    if wanted.seconds / step_s > MOST_POINTS:
        least = ceil(wanted.seconds / MOST_POINTS)
        raise BadRequestError(
            f"query parameter step: this span in steps of {step_s} s makes more than {MOST_POINTS} points;"
            f" use step={least} or more, or a shorter span"
        )
