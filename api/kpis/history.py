"""One KPI over time, from its stored samples."""

from datetime import timedelta
from math import ceil

from msgspec import Struct

from api.database.database import Database
from api.database.queries import queries
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.spans import MS, Span, span
from api.kpis.answers import KpiHistory, Point
from api.kpis.catalogue import known
from api.kpis.parameters import HistoryQuery
from infra.clock import utc_now
from processing.kpi.definition import Kpi
from processing.model.times import EPOCH

SQL = queries(__file__)
DEFAULT, LONGEST = timedelta(hours=6), timedelta(days=92)
MOST_POINTS = 5_000


async def history(context: Context[HistoryQuery, None]) -> Struct:
    """One KPI over time."""
    query = context.query
    kpi = known(query.kpi)
    wanted = span(query.begin, query.end, utc_now(), DEFAULT, LONGEST)
    check_points(wanted, query.step)
    subject = query.subject or query.terminal
    window = query.window or await _main_window(context.database, query.terminal, kpi, subject)
    rows = await context.database.fetch(
        SQL["kpi_history"], query.terminal, kpi.id, subject, window, wanted.begin, wanted.end, query.step
    )
    points: list[Point] = [[(time - EPOCH) // MS, value] for time, value in rows]
    return KpiHistory(kpi.id, query.terminal, subject, window, kpi.unit, query.step, points)


async def _main_window(database: Database, terminal: str, kpi: Kpi, subject: str) -> str:
    """The window that is meant where none is named: that of calls, where the KPI is evaluated for them too."""
    windows = [window.id for _, (window, *_) in kpi.scopes]
    if len(set(windows)) == 1:
        return windows[0]
    stored = {row[0] for row in await database.fetch(SQL["kpi_windows"], terminal, kpi.id, subject)}
    return next((window for window in windows if window in stored), windows[0])


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
