"""Routes of keys; for admins of all terminals."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct

from api.http.access import Access, check_all_terminals
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import ConflictError, NotFoundError
from api.http.parameters import NoQuery, TerminalId
from api.http.route import API, Route
from api.http.rows import rfc3339
from api.keys.answers import Key, Keys, NewKey, RevokedKey, RoleWord
from infra.access import api_keys
from infra.access.api_keys import ApiKey
from infra.access.roles import BY_WORD, Role
from processing.model.errors import QuaystreamError

PATH = f"{API}/keys"
MOST_DAYS = 3_650


class KeyPath(Struct, frozen=True):
    """One key."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{8}$", description="as /api/v1/keys lists it")]


class KeyBody(Body, frozen=True):
    """A key to be made."""

    name: Annotated[str, Meta(pattern=r"\S", max_length=80, description="who gets it; their changes are kept under it")]
    role: RoleWord
    terminal: TerminalId | None = None
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS, description="it ends by itself after so many")] | None = None


async def _list(context: Context[NoQuery, None]) -> Struct:
    check_all_terminals(context.principal, "keys are")
    rows = await context.database.fetch(api_keys.SQL["all"])
    return Keys([_key(api_keys.of_row(*row)) for row in rows])


async def _add(context: Context[NoQuery, KeyBody]) -> Struct:
    check_all_terminals(context.principal, "keys are")
    body = context.body
    if not context.principal.known and (body.role != Role.ADMIN.word or body.terminal is not None):
        raise ConflictError("the first key must be an admin of all terminals: else nobody could make another")
    lasts = None if body.days is None else timedelta(days=body.days)
    async with context.changing() as change:
        made = await api_keys.add(change.connection, body.name.strip(), BY_WORD[body.role], body.terminal, lasts)
    await context.services[Access].read()
    return NewKey(*made)


async def _revoke(context: Context[KeyPath, None]) -> Struct:
    check_all_terminals(context.principal, "keys are")
    async with context.changing() as change:
        try:
            name = await api_keys.revoke(change.connection, context.query.id)
        except QuaystreamError as error:
            raise NotFoundError(str(error)) from None
    await context.services[Access].read()
    return RevokedKey(context.query.id, name)


def _key(key: ApiKey) -> Key:
    times = (key.added_at, key.expires_at, key.revoked_at, key.last_used_at)
    added_at, *others = (None if time is None else rfc3339(time) for time in times)
    return Key(key.id, key.name, key.role.word, key.terminal, added_at or "", *others)  # type: ignore[arg-type]  # words of Role


ROUTES = (
    Route(PATH, _list, NoQuery, Keys, "Keys of the API, without their secrets", role=Role.ADMIN),
    Route(
        PATH,
        _add,
        NoQuery,
        NewKey,
        "Make a key; the answer has it, this once",
        (409, 503),
        method="POST",
        body=KeyBody,
        role=Role.ADMIN,
    ),
    Route(f"{PATH}/{{id}}", _revoke, KeyPath, RevokedKey, "Revoke a key", (404, 503), method="DELETE", role=Role.ADMIN),
)
