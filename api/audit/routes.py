"""GET /api/v1/audit."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from api.database.queries import queries
from api.http.context import Context
from api.http.parameters import Limit, TerminalId
from api.http.route import API, Route
from api.http.rows import Time, rfc3339
from infra.access.roles import Role

SQL = queries(__file__)


class AuditQuery(Struct, frozen=True):
    """Which entries."""

    terminal: TerminalId | None = None
    before: Annotated[int, Meta(ge=1, le=2**62, description="only entries older than the one of this id")] | None = None
    limit: Limit = 100


class AuditEntry(Struct, frozen=True):
    """One change."""

    id: int
    at: Time
    terminal: str | None
    principal: Annotated[str, Meta(description="name of the key; of a command the user; `local` without keys")]
    action: Annotated[str, Meta(description="what was changed, and how: `delay_cause.added`")]
    subject: Annotated[str, Meta(description="what names it")]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Audit(Struct, frozen=True):
    """Changes, newest first."""

    entries: list[AuditEntry]


async def _audit(context: Context[AuditQuery, None]) -> Struct:
    query = context.query
    rows = await context.database.fetch(SQL["audit"], query.terminal, query.before, query.limit)
    return Audit(
        [
            AuditEntry(number, rfc3339(at), *named, *map(_document, (before, after)))
            for number, at, *named, before, after in rows
        ]
    )


def _document(text: str | None) -> dict[str, Any] | None:
    return None if text is None else msgspec.json.decode(text, type=dict[str, Any])


ROUTES = (Route(f"{API}/audit", _audit, AuditQuery, Audit, "Changes that people made, newest first", role=Role.ADMIN),)
