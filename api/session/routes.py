"""Log in, see who is logged in, change one's own password, log out."""

import asyncio
from typing import Annotated, Literal

from aiohttp import web
from msgspec import Meta, Struct

from api.http.access import COOKIE, SESSION, Access
from api.http.bodies import Body
from api.http.context import Context, Principal
from api.http.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError, UnauthorizedError
from api.http.parameters import NoQuery
from api.http.responses import json_response
from api.http.route import API, Route
from api.keys.answers import RoleWord
from infra.access import users
from infra.access.roles import Role
from infra.access.user_password import LONGEST, checked_password, hashed
from infra.access.users import checked_name
from infra.clock import utc_now
from infra.machine.first_link import FirstLink
from processing.model.errors import QuaystreamError

PATH = f"{API}/session"

Name = Annotated[str, Meta(min_length=1, max_length=users.LONGEST_NAME, description="of a user")]
Password = Annotated[str, Meta(min_length=1, max_length=LONGEST)]
Key = Annotated[str, Meta(min_length=1, max_length=200, description="as `quaystream key add` has printed it")]


class Login(Body, frozen=True):
    """What somebody logs in with: a name and a password, or a key."""

    name: Name | None = None
    password: Password | None = None
    key: Key | None = None


class FirstUser(Body, frozen=True):
    """Who becomes the first user, by the link that `quaystream up` has printed."""

    token: Annotated[str, Meta(min_length=1, max_length=200, description="of the link")]
    name: Name
    password: Password


class OwnPassword(Body, frozen=True):
    """A password to be changed by whose it is."""

    old: Password
    new: Password


class Session(Struct, frozen=True):
    """Who asks."""

    name: Annotated[str | None, Meta(description="of the user or key; null on a machine without both")]
    role: RoleWord
    terminal: Annotated[str | None, Meta(description="whose data only; null: all")]
    kind: Annotated[
        Literal["local", "key", "user", "token"], Meta(description="by what they are known; local: nothing")
    ]


async def _log_in(context: Context[NoQuery, Login]) -> web.Response:
    access, body = context.services[Access], context.body
    match body:
        case Login(name=None, password=None, key=str(key)):
            token, principal = await access.log_in_with_key(key.strip())
        case Login(name=str(name), password=str(password), key=None):
            token, principal = await access.log_in(name, password, context.request.remote)
        case _:
            raise BadRequestError("send `name` and `password`, or `key`")
    return _begun(context.request, principal, token)


async def _begin_first(context: Context[NoQuery, FirstUser]) -> web.Response:
    access, link, body = context.services[Access], context.services[FirstLink], context.body
    if not link.opens(body.token, utc_now()):
        raise ForbiddenError(
            "this link is not the one that `quaystream up` printed last, was used, or has ended after an hour; start "
            "`quaystream up` again, or run `quaystream user add`"
        )
    try:
        name = checked_name(body.name)
        password = checked_password(body.password, name)
    except QuaystreamError as error:
        raise BadRequestError(str(error)) from None
    password_hash = await asyncio.to_thread(hashed, password)
    async with context.database.changing("first link") as change:
        try:
            name = await users.add_first(change.connection, name, password_hash)
        except QuaystreamError as error:
            raise ConflictError(str(error)) from None
    link.remove()
    await access.read()
    token, principal = await access.log_in(name, password, context.request.remote)
    return _begun(context.request, principal, token)


async def _who(context: Context[NoQuery, None]) -> Struct:
    return _session(context.principal)


async def _change_password(context: Context[NoQuery, OwnPassword]) -> web.Response:
    access, body, name = context.services[Access], context.body, context.principal.user_name
    if name is None:
        raise ConflictError("only users have passwords; a key is replaced by a new one")
    try:
        new = checked_password(body.new, name)
    except QuaystreamError as error:
        raise BadRequestError(f"body field new: {error}") from None
    try:
        await access.check_password(name, body.old, context.request.remote)
    except UnauthorizedError:  # they are logged in all the same
        raise ForbiddenError("the old password is wrong") from None
    password_hash = await asyncio.to_thread(hashed, new)
    async with context.changing() as change:
        try:
            await users.set_password(change.connection, name, password_hash)
        except QuaystreamError as error:
            raise NotFoundError(str(error)) from None
    await access.read()
    token, principal = await access.log_in(name, new, context.request.remote)
    return _begun(context.request, principal, token)


async def _log_out(context: Context[NoQuery, None]) -> web.Response:
    await context.services[Access].end_session(context.request.cookies)
    response = json_response(200, _session(context.principal))
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    return response


def _begun(request: web.Request, principal: Principal, token: str) -> web.Response:
    """The answer to a login, with the cookie of its session."""
    response = json_response(200, _session(principal))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION.total_seconds()),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=request.secure,
    )
    return response


def _session(principal: Principal) -> Session:
    return Session(principal.name, principal.role.word, principal.terminal, principal.kind)  # type: ignore[arg-type]  # words of Role


ROUTES = (
    Route(PATH, _who, NoQuery, Session, "Who asks"),
    Route(
        PATH,
        _log_in,
        NoQuery,
        Session,
        "Log in with name and password, or with a key: sets the cookie of a session of 12 h",
        (401, 429, 503),
        method="POST",
        body=Login,
        role="open",
    ),
    Route(
        f"{PATH}/first",
        _begin_first,
        NoQuery,
        Session,
        "Become the first user, an admin, by the link that `quaystream up` has printed, and log in",
        (401, 409, 429, 503),
        method="POST",
        body=FirstUser,
        role="open",
    ),
    Route(
        f"{PATH}/password",
        _change_password,
        NoQuery,
        Session,
        "Change one's own password: ends all own sessions, and begins another one",
        (404, 409, 503),
        method="PUT",
        body=OwnPassword,
        role=Role.VIEWER,
    ),
    Route(PATH, _log_out, NoQuery, Session, "Log out", (503,), method="DELETE", role=Role.VIEWER),
)
