"""Expected boxes announced over the API, and withdrawn."""

import json
from collections.abc import Awaitable
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.containers.answers import BoxAnnouncement, Withdrawn
from api.containers.parameters import AnnouncedPath
from api.containers.queries import SQL
from api.database.database import Database
from api.documents.announcing import announce
from api.documents.schema import properties
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.responses import json_response
from api.http.rows import rfc3339
from infra.connection import Record
from infra.facts.rows import decode
from processing.containers.announcement import ANNOUNCEMENT as BOX
from processing.containers.announcement import Announcement, problems, read, remarks
from processing.documents import ANNOUNCEMENT
from processing.model.errors import DocumentError

AnnouncementBody = Annotated[
    dict[str, Any],
    Meta(
        description="an expected box as in docs/containers.md; the whole of it, what is left out is not known any more",
        extra_json_schema={"properties": properties(BOX)},
    ),
]


async def put(context: Context[AnnouncedPath, dict[str, Any]]) -> Struct | web.Response:
    """Announce a box: 200 with it as it is stored, 202 where the worker has not stored it within 5 s."""
    terminal, number, database = context.query.terminal, context.query.number, context.database
    try:
        announced = read(terminal, number, context.body)
    except DocumentError as error:
        raise BadRequestError(f"body field {'; '.join(error.problems)}") from None
    payload = json.dumps(context.body, allow_nan=False, ensure_ascii=False)

    def is_stored(timeout_s: float) -> Awaitable[object]:
        return database.fetch(SQL["announcement_is"], terminal, number, payload, timeout_s=timeout_s)

    if await announce(context, ANNOUNCEMENT, (terminal, number), payload.encode(), is_stored):
        found = await stored(database, terminal, number)
        if found is not None:
            return found
    return json_response(202, _answer(announced, context.body, None))


async def delete(context: Context[AnnouncedPath, None]) -> Struct | web.Response:
    """Withdraw a box: 200 when it is announced no more, 202 where the worker has not removed it within 5 s."""
    terminal, number, database = context.query.terminal, context.query.number, context.database

    def is_removed(timeout_s: float) -> Awaitable[object]:
        return database.fetch(SQL["announcement_withdrawn"], terminal, number, timeout_s=timeout_s)

    removed = await announce(context, ANNOUNCEMENT, (terminal, number), b"", is_removed)
    return json_response(200 if removed else 202, Withdrawn(terminal, number))


async def stored(database: Database, terminal: str, number: str) -> BoxAnnouncement | None:
    """A box as it was announced last, None where it is not."""
    rows = await database.fetch(SQL["announcement"], terminal, number)
    return next((_of_row(row) for row in rows), None)


def _of_row(row: Record) -> BoxAnnouncement:
    (announced,) = decode(BOX, [_Columns(row)])
    return _answer(announced, json.loads(row["payload"]), rfc3339(row["received_at"]))


class _Columns:
    """The columns of a record at the beginning of a row."""

    def __init__(self, row: Record) -> None:
        self._row = row

    def values(self) -> tuple[Any, ...]:
        """Values, in order of the columns."""
        return tuple(self._row.values())[: len(BOX.columns)]


def _answer(announced: Announcement, payload: object, received_at: str | None) -> BoxAnnouncement:
    odd = problems(announced) + remarks(payload)
    return BoxAnnouncement.from_fact(announced, problems=odd, received_at=received_at)
