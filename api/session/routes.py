"""Log in, see who is logged in, log out."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct

from api.http.access import COOKIE, SESSION, Access
from api.http.bodies import Body
from api.http.context import Context, Principal
from api.http.parameters import NoQuery
from api.http.responses import json_response
from api.http.route import API, Route
from api.keys.answers import RoleWord
from infra.access.roles import Role

PATH = f"{API}/session"


class Login(Body, frozen=True):
    """What somebody logs in with."""

    key: Annotated[str, Meta(min_length=1, max_length=200, description="as `quaystream key add` has printed it")]


class Session(Struct, frozen=True):
    """Who asks."""

    name: Annotated[str | None, Meta(description="of the key; null on a machine without keys")]
    role: RoleWord
    terminal: Annotated[str | None, Meta(description="whose data only; null: all")]


async def _log_in(context: Context[NoQuery, Login]) -> web.Response:
    access = context.services[Access]
    principal = await access.of_key(context.body.key.strip())
    token, _ = await access.begin_session(principal)
    response = json_response(200, _session(principal))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION.total_seconds()),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=context.request.secure,
    )
    return response


async def _who(context: Context[NoQuery, None]) -> Struct:
    return _session(context.principal)


async def _log_out(context: Context[NoQuery, None]) -> web.Response:
    await context.services[Access].end_session(context.request.cookies)
    response = json_response(200, _session(context.principal))
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    return response


def _session(principal: Principal) -> Session:
    return Session(principal.name, principal.role.word, principal.terminal)  # type: ignore[arg-type]  # words of Role


ROUTES = (
    Route(PATH, _who, NoQuery, Session, "Who asks"),
    Route(
        PATH,
        _log_in,
        NoQuery,
        Session,
        "Log in with a key: sets the cookie of a session of 12 h",
        (401, 503),
        method="POST",
        body=Login,
        role="open",
    ),
    Route(PATH, _log_out, NoQuery, Session, "Log out", (503,), method="DELETE", role=Role.VIEWER),
)
