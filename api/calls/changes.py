"""Vessel calls announced over the API: published like any other, so that there is one way in."""

import asyncio
import json
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.broker.connection import Broker
from api.calls.answers import port_call
from api.calls.calls import CallId, stored
from api.calls.neighbours import neighbours
from api.calls.queries import SQL
from api.database.database import Database
from api.database.errors import UNANSWERED
from api.http.context import Context
from api.http.errors import BadRequestError, ConflictError
from api.http.parameters import TerminalId
from api.http.responses import json_response
from processing.calls.flags import REFUSED, Flag
from processing.calls.reading import MOST_ASSIGNMENTS, read, remarks
from processing.documents import CALL
from processing.model.errors import DocumentError
from processing.model.reading import MOST_TEXT

STORED_WITHIN_S = 5.0
ASKED_EVERY_S = 0.05


class ChangeQuery(Struct, frozen=True):
    """Which call, and whether what is odd about it is meant."""

    terminal: TerminalId
    call_id: CallId
    force: Annotated[bool, Meta(description="take it although a crane is not known, or works another call")] = False


_TIME = {"type": ["string", "integer", "null"], "description": "RFC 3339 with offset, or milliseconds since 1970 UTC"}
_BOXES = {"type": ["integer", "null"], "minimum": 0}
_ID = {"type": ["string", "null"], "pattern": "^[a-z0-9_-]{1,64}$"}
_ASSIGNMENT = {
    "type": "object",
    "required": ["crane", "from"],
    "properties": {"crane": _ID | {"type": "string"}, "from": _TIME, "until": _TIME},
}
CallBody = Annotated[
    dict[str, Any],
    Meta(
        description="a vessel call as in docs/calls.md; the whole of it, what is left out is not known any more",
        extra_json_schema={
            "properties": {
                "vessel": {"type": ["string", "null"], "maxLength": MOST_TEXT},
                "berth": _ID,
                **dict.fromkeys(("first_line_at", "all_fast_at", "last_line_at", "planned_completion_at"), _TIME),
                "planned": {
                    "type": ["object", "null"],
                    "properties": {"discharge": _BOXES, "load": _BOXES, "shift": _BOXES},
                },
                "assignments": {"type": ["array", "null"], "maxItems": MOST_ASSIGNMENTS, "items": _ASSIGNMENT},
            }
        },
    ),
]


async def put(context: Context[ChangeQuery, dict[str, Any]]) -> Struct | web.Response:
    """Announce a call: 200 with the call as it is stored, 202 where the worker has not stored it within 5 s."""
    query, database = context.query, context.database
    try:
        announced = read(query.terminal, query.call_id, context.body)
    except DocumentError as error:
        raise BadRequestError(f"body field {'; '.join(error.problems)}") from None
    found = (await neighbours(database, query.terminal, [announced])).flags(announced)
    if not query.force:
        _refuse(found)
    payload = json.dumps(context.body, allow_nan=False, ensure_ascii=False)
    await context.services[Broker].retain(CALL.topic(query.terminal, query.call_id), payload.encode())
    if await _is_stored(database, query.terminal, query.call_id, payload):
        return await stored(database, query.terminal, query.call_id)
    problems = [flag.text for flag in found] + remarks(context.body)
    return json_response(202, port_call(announced, problems, None))


def _refuse(found: list[Flag]) -> None:
    """Refuse what is rarely meant.

    Raises:
        ConflictError: there is something of that kind.
    """
    odd = [flag.text for flag in found if flag.kind in REFUSED]
    if odd:
        listed = "; ".join(odd[: DocumentError.MOST])
        raise ConflictError(f"{listed}; change it, or send it with ?force=true if it is meant")


async def _is_stored(database: Database, terminal: str, call_id: str, payload: str) -> bool:
    """Wait until the database has a call as it was announced; False where it does not come, or cannot be looked for."""
    loop = asyncio.get_running_loop()
    end_s = loop.time() + STORED_WITHIN_S
    while loop.time() < end_s:
        try:
            if await database.fetch(
                SQL["call_is"], terminal, call_id, payload, timeout_s=end_s - loop.time() + ASKED_EVERY_S
            ):
                return True
        except UNANSWERED:
            return False  # it is published, and will be stored when the database is back
        await asyncio.sleep(ASKED_EVERY_S)
    return False
