"""Cold treatments as they were announced last, with their runs."""

import json

from msgspec import Struct

from api.containers.parameters import Number, sought
from api.database.queries import Reader, queries
from api.http.context import Context
from api.http.parameters import Limit, TerminalId
from api.http.rows import rfc3339
from api.treatments.answers import AnnouncedTreatment, TreatmentRun, Treatments
from infra.connection import Record
from processing.treatments.facts import COLD_TREATMENT, PROBES

NAMES = {"runs": COLD_TREATMENT.table, "selected": TreatmentRun.columns.selected}
SQL = {name: text.format_map(NAMES) for name, text in queries(__file__).items()}


class TreatmentsQuery(Struct, frozen=True):
    """Which treatments."""

    terminal: TerminalId | None = None
    container_id: Number | None = None
    limit: Limit = 100


async def treatments(context: Context[TreatmentsQuery, None]) -> Struct:
    """Treatments as they were announced last, with their runs."""
    query = context.query
    container = None if query.container_id is None else sought("container_id", query.container_id)
    return Treatments(await listed(context.database, query.terminal, container, query.limit))


async def listed(reader: Reader, terminal: str | None, container: str | None, limit: int) -> list[AnnouncedTreatment]:
    """Treatments of a terminal, or all; of a container, or all; those announced last first."""
    rows = await reader.fetch(SQL["treatments"], terminal, container, limit)
    names = [(row["terminal"], row["container_id"]) for row in rows]
    runs: dict[tuple[str, str], list[TreatmentRun]] = {name: [] for name in names}
    for one in await reader.fetch(SQL["runs"], [name[0] for name in names], [name[1] for name in names]):
        of_terminal, of_container, *values = one
        runs[of_terminal, of_container].append(TreatmentRun.from_row(values))
    return [_answer(row, runs[name]) for row, name in zip(rows, names, strict=True)]


def _answer(row: Record, runs: list[TreatmentRun]) -> AnnouncedTreatment:
    given: dict[str, float] = json.loads(row["corrections"] or "{}")
    taken_over = row["taken_over"] if row["corrections"] is None else [given.get(probe, 0.0) for probe in PROBES]
    withdrawn_at = row["withdrawn_at"]
    return AnnouncedTreatment(
        terminal=row["terminal"],
        container_id=row["container_id"],
        schedule=row["schedule"],
        began_at=rfc3339(row["began_at"]),
        corrections_degc=dict(zip(PROBES, taken_over, strict=True)),
        announced_at=rfc3339(row["announced_at"]),
        readings=row["entries"],
        log_head=row["head"].hex(),
        up_to_date=bool(row["up_to_date"]),
        problem=row["problem"],
        withdrawn_at=None if withdrawn_at is None else rfc3339(withdrawn_at),
        withdrawn_by=row["withdrawn_by"],
        runs=runs,
    )
