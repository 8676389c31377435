"""Vessel calls announced over the API."""

import json
from collections.abc import Awaitable
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.calls.answers import port_call
from api.calls.calls import CallId, stored
from api.calls.neighbours import neighbours
from api.calls.queries import SQL
from api.documents.announcing import announce
from api.documents.schema import IDENTIFIER, TIME
from api.http.context import Context
from api.http.errors import BadRequestError, ConflictError
from api.http.parameters import TerminalId
from api.http.responses import json_response
from processing.calls.flags import REFUSED, Flag
from processing.calls.reading import MOST_ASSIGNMENTS, read, remarks
from processing.documents import CALL
from processing.model.errors import DocumentError
from processing.model.reading import MOST_TEXT


class ChangeQuery(Struct, frozen=True):
    """Which call, and whether what is odd about it is meant."""

    terminal: TerminalId
    call_id: CallId
    force: Annotated[bool, Meta(description="take it although a crane is not known, or works another call")] = False


_BOXES = {"type": ["integer", "null"], "minimum": 0}
_ASSIGNMENT = {
    "type": "object",
    "required": ["crane", "from"],
    "properties": {"crane": IDENTIFIER | {"type": "string"}, "from": TIME, "until": TIME},
}
CallBody = Annotated[
    dict[str, Any],
    Meta(
        description="a vessel call as in docs/calls.md; the whole of it, what is left out is not known any more",
        extra_json_schema={
            "properties": {
                "vessel": {"type": ["string", "null"], "maxLength": MOST_TEXT},
                "berth": IDENTIFIER,
                **dict.fromkeys(("first_line_at", "all_fast_at", "last_line_at", "planned_completion_at"), TIME),
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

    def is_stored(timeout_s: float) -> Awaitable[object]:
        return database.fetch(SQL["call_is"], query.terminal, query.call_id, payload, timeout_s=timeout_s)

    name = query.terminal, query.call_id
    if await announce(context, CALL, name, payload.encode(), is_stored):
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
