"""Cold treatments announced over the API, and withdrawn: published like any other announcement."""

import json
from collections.abc import Awaitable
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.containers.parameters import AnnouncedPath
from api.documents.announcing import announce
from api.documents.schema import properties
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.responses import json_response
from api.http.rows import rfc3339
from api.treatments.answers import AnnouncedTreatment, WithdrawnTreatment
from api.treatments.listing import SQL, listed
from infra.clock import from_us, utc_now
from processing.documents import TREATMENT
from processing.model.errors import DocumentError
from processing.site.configuration import Sites
from processing.treatments.announcement import ANNOUNCEMENT, read
from processing.treatments.facts import PROBES
from processing.treatments.schedules import UnknownScheduleError, version_at

TreatmentBody = Annotated[
    dict[str, Any],
    Meta(
        description="a cold treatment as in docs/treatments.md; it takes the place of the one announced before",
        extra_json_schema={"properties": properties(ANNOUNCEMENT), "required": ["schedule", "began_at"]},
    ),
]


class WithdrawalPath(AnnouncedPath, frozen=True):
    """One container, and who withdraws its treatment."""

    by: (
        Annotated[str, Meta(min_length=1, max_length=80, description="who withdraws it, where nobody is logged in")]
        | None
    ) = None


async def put(context: Context[AnnouncedPath, dict[str, Any]]) -> Struct | web.Response:
    """Announce a treatment: 200 with it as it is stored, 202 where the worker has not stored it within 5 s."""
    name, database = (context.query.terminal, context.query.number), context.database
    try:
        announced = read(*name, context.body)
        version_at(context.services[Sites].schedules, announced.schedule, announced.began_us)
    except DocumentError as error:
        raise BadRequestError(f"body field {'; '.join(error.problems)}") from None
    except UnknownScheduleError as error:
        raise BadRequestError(f"body field schedule: {error}") from None
    payload = json.dumps(context.body, allow_nan=False, ensure_ascii=False)

    def is_stored(timeout_s: float) -> Awaitable[object]:
        return database.fetch(SQL["announcement_is"], *name, payload, timeout_s=timeout_s)

    if await announce(context, TREATMENT, name, payload.encode(), is_stored):
        for answer in await listed(database, *name, 1):
            return answer
    answer = AnnouncedTreatment(
        *name,
        schedule=announced.schedule,
        began_at=rfc3339(from_us(announced.began_us)),
        corrections_degc=dict(zip(PROBES, announced.by_probe, strict=True)),
        announced_at=rfc3339(utc_now()),
        readings=0,
        log_head="",
        up_to_date=False,
        problem=None,
        withdrawn_at=None,
        withdrawn_by=None,
        runs=[],
    )
    return json_response(202, answer)


async def delete(context: Context[WithdrawalPath, None]) -> Struct | web.Response:
    """Withdraw a treatment: 200 when it is announced no more, 202 where the worker has not removed it within 5 s."""
    name, database = (context.query.terminal, context.query.number), context.database
    by = context.principal.name or context.query.by
    async with context.changing(context.query.by) as change:
        await change.fetch(SQL["ask_withdrawal"], *name, by)

    def is_removed(timeout_s: float) -> Awaitable[object]:
        return database.fetch(SQL["announcement_withdrawn"], *name, timeout_s=timeout_s)

    removed = await announce(context, TREATMENT, name, b"", is_removed)
    return json_response(200 if removed else 202, WithdrawnTreatment(*name, by))
