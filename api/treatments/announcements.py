"""Cold treatments: announced by people and programs, and listed with their runs."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from api.database.queries import Reader, queries
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.parameters import Limit, Moment, TerminalId
from api.http.rows import rfc3339
from api.http.spans import instant
from api.treatments.answers import AnnouncedTreatment, TreatmentRun, Treatments
from infra.clock import from_us, to_us
from infra.connection import Record
from processing.model.times import ALWAYS_US
from processing.site.configuration import Sites
from processing.treatments.facts import COLD_TREATMENT
from processing.treatments.runs import PROBES
from processing.treatments.schedules import LONGEST_US, UnknownScheduleError, version_at

NAMES = {"runs": COLD_TREATMENT.table, "selected": TreatmentRun.columns.selected}
SQL = {name: text.format_map(NAMES) for name, text in queries(__file__).items()}
LATEST_US = 4_102_444_800_000_000
"""2100-01-01. [µs since 1970 UTC]"""

ContainerId = Annotated[
    str, Meta(pattern="^[A-Za-z0-9]{4,20}$", description="number of the container as its reefer reports it")
]
Correction = Annotated[float, Meta(ge=-5, le=5, description="from -5 to 5 K")]


class TreatmentsQuery(Struct, frozen=True):
    """Which treatments."""

    terminal: TerminalId | None = None
    container_id: ContainerId | None = None
    limit: Limit = 100


class TreatmentPath(Struct, frozen=True):
    """One container."""

    terminal: TerminalId
    container_id: ContainerId


class Corrections(Body, frozen=True):
    """What is added to the readings of each probe, as its calibration in ice water found. [K]."""

    usda1: Correction = 0.0
    usda2: Correction = 0.0
    usda3: Correction = 0.0


class Announcement(Body, frozen=True):
    """A treatment; announced once more it takes the place of the one before."""

    schedule: Annotated[str, Meta(max_length=64, description="its id, as /api/v1/treatments/schedules lists it")]
    began_at: Moment | int
    corrections_degc: Corrections = Corrections()


async def treatments(context: Context[TreatmentsQuery, None]) -> Struct:
    """Treatments as they were announced last, with their runs."""
    query = context.query
    container = None if query.container_id is None else query.container_id.upper()
    return Treatments(await _listed(context.database, query.terminal, container, query.limit))


async def announce(context: Context[TreatmentPath, Announcement]) -> Struct:
    """Announce a treatment; the worker follows it from then on, readings stored before included."""
    name = context.query.terminal, context.query.container_id.upper()
    body = context.body
    began_at = instant("body field began_at", str(body.began_at))
    if not ALWAYS_US < to_us(began_at) < LATEST_US:
        raise BadRequestError(f"body field began_at: {rfc3339(began_at)} is not between 1970 and 2100")
    try:
        version_at(context.services[Sites].schedules, body.schedule, to_us(began_at))
    except UnknownScheduleError as error:
        raise BadRequestError(f"body field schedule: {error}") from None
    corrections = [getattr(body.corrections_degc, probe) for probe in PROBES]
    until = from_us(to_us(began_at) + LONGEST_US)
    async with context.database.changing() as change:
        await change.fetch(SQL["announce"], *name, body.schedule, began_at, corrections, until)
        (answer,) = await _listed(change, *name, 1)
    return answer


async def _listed(reader: Reader, terminal: str | None, container: str | None, limit: int) -> list[AnnouncedTreatment]:
    rows = await reader.fetch(SQL["treatments"], terminal, container, limit)
    names = [(row["terminal"], row["container_id"]) for row in rows]
    runs: dict[tuple[str, str], list[TreatmentRun]] = {name: [] for name in names}
    for one in await reader.fetch(SQL["runs"], [name[0] for name in names], [name[1] for name in names]):
        of_terminal, of_container, *values = one
        runs[of_terminal, of_container].append(TreatmentRun.from_row(values))
    return [_answer(row, runs[name]) for row, name in zip(rows, names, strict=True)]


def _answer(row: Record, runs: list[TreatmentRun]) -> AnnouncedTreatment:
    corrections: dict[str, Any] = dict(zip(PROBES, row["corrections_degc"], strict=True))
    return AnnouncedTreatment(
        terminal=row["terminal"],
        container_id=row["container_id"],
        schedule=row["schedule"],
        began_at=rfc3339(row["began_at"]),
        corrections_degc=corrections,
        announced_at=rfc3339(row["announced_at"]),
        readings=row["entries"],
        log_head=row["head"].hex(),
        up_to_date=bool(row["up_to_date"]),
        runs=runs,
    )
