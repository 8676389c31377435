"""Routes of users; for admins of all terminals."""

import asyncio
from typing import Annotated

from msgspec import Meta, Struct

from api.http.access import Access, check_all_terminals
from api.http.bodies import Body
from api.http.context import Context, Principal
from api.http.errors import BadRequestError, ConflictError, NotFoundError
from api.http.parameters import NoQuery, TerminalId
from api.http.route import API, Route
from api.http.rows import rfc3339
from api.keys.answers import RoleWord
from api.users.answers import ChangedUser, SetPassword, User, Users
from infra.access import users
from infra.access.roles import BY_WORD, Role
from infra.access.user_password import LONGEST, SHORTEST, checked_password, hashed, new_user_password
from infra.access.users import checked_name
from processing.model.errors import QuaystreamError

PATH = f"{API}/users"

Password = Annotated[
    str, Meta(min_length=SHORTEST, max_length=LONGEST, description="left out: one is generated, and shown this once")
]


class UserPath(Struct, frozen=True):
    """One user."""

    name: Annotated[str, Meta(max_length=users.LONGEST_NAME, description="as /api/v1/users lists it")]


class UserBody(Body, frozen=True):
    """A user to be added."""

    name: Annotated[str, Meta(max_length=users.LONGEST_NAME, description="their changes are kept under it")]
    role: RoleWord
    terminal: TerminalId | None = None
    password: Password | None = None


class RoleBody(Body, frozen=True):
    """What a user may do from now on."""

    role: RoleWord
    terminal: TerminalId | None = None


class PasswordBody(Body, frozen=True):
    """A password to be set."""

    password: Password | None = None


async def _list(context: Context[NoQuery, None]) -> Struct:
    check_all_terminals(context.principal, "users are")
    return Users([_user(users.of_row(*row)) for row in await context.database.fetch(users.SQL["all"])])


async def _add(context: Context[NoQuery, UserBody]) -> Struct:
    check_all_terminals(context.principal, "users are")
    body = context.body
    if not context.principal.known and (body.role != Role.ADMIN.word or body.terminal is not None):
        raise ConflictError("the first user must be an admin of all terminals: else nobody could add another")
    try:
        name = checked_name(body.name)
    except QuaystreamError as error:
        raise BadRequestError(f"body field name: {error}") from None
    password_hash, generated = await _hashed(body.password, name)
    async with context.changing() as change:
        try:
            name = await users.add(change.connection, name, BY_WORD[body.role], body.terminal, password_hash)
        except QuaystreamError as error:
            raise ConflictError(str(error)) from None
    await context.services[Access].read()
    return SetPassword(name, generated)


async def _set_password(context: Context[UserPath, PasswordBody]) -> Struct:
    check_all_terminals(context.principal, "users are")
    password_hash, generated = await _hashed(context.body.password, context.query.name)
    async with context.changing() as change:
        try:
            name = await users.set_password(change.connection, context.query.name, password_hash)
        except QuaystreamError as error:
            raise NotFoundError(str(error)) from None
    await context.services[Access].read()
    return SetPassword(name, generated)


async def _set_role(context: Context[UserPath, RoleBody]) -> Struct:
    check_all_terminals(context.principal, "users are")
    _refuse_own(context.principal, context.query.name)
    async with context.changing() as change:
        try:
            role = BY_WORD[context.body.role]
            name = await users.set_role(change.connection, context.query.name, role, context.body.terminal)
        except QuaystreamError as error:
            raise NotFoundError(str(error)) from None
    await context.services[Access].read()
    return ChangedUser(name)


async def _disable(context: Context[UserPath, None]) -> Struct:
    check_all_terminals(context.principal, "users are")
    _refuse_own(context.principal, context.query.name)
    async with context.changing() as change:
        try:
            name = await users.disable(change.connection, context.query.name)
        except QuaystreamError as error:
            raise NotFoundError(str(error)) from None
    await context.services[Access].read()
    return ChangedUser(name)


async def _hashed(password: str | None, name: str) -> tuple[str, str | None]:
    """The hash of a password, and the password itself where it is a new one.

    Raises:
        BadRequestError: it is too short or too long, or the name.
    """
    generated = new_user_password() if password is None else None
    try:
        chosen = generated or checked_password(password or "", name)
    except QuaystreamError as error:
        raise BadRequestError(f"body field password: {error}") from None
    return await asyncio.to_thread(hashed, chosen), generated


def _refuse_own(principal: Principal, name: str) -> None:
    if principal.user_name is not None and principal.user_name.lower() == name.lower():
        raise ConflictError("nobody takes their own role or account away; another admin does, or `quaystream user`")


def _user(user: users.User) -> User:
    times = (user.added_at, user.password_set_at, user.disabled_at, user.last_used_at)
    added_at, set_at, *others = (None if time is None else rfc3339(time) for time in times)
    return User(user.name, user.role.word, user.terminal, added_at or "", set_at or "", *others)  # type: ignore[arg-type]  # words of Role


ROUTES = (
    Route(PATH, _list, NoQuery, Users, "Users, without their passwords", role=Role.ADMIN),
    Route(
        PATH,
        _add,
        NoQuery,
        SetPassword,
        "Add a user, or give a disabled one the account back",
        (409, 503),
        method="POST",
        body=UserBody,
        role=Role.ADMIN,
    ),
    Route(
        f"{PATH}/{{name}}/password",
        _set_password,
        UserPath,
        SetPassword,
        "Set a user's password, and end their sessions",
        (404, 503),
        method="PUT",
        body=PasswordBody,
        role=Role.ADMIN,
    ),
    Route(
        f"{PATH}/{{name}}/role",
        _set_role,
        UserPath,
        ChangedUser,
        "Change what a user may do, at once",
        (404, 409, 503),
        method="PUT",
        body=RoleBody,
        role=Role.ADMIN,
    ),
    Route(
        f"{PATH}/{{name}}",
        _disable,
        UserPath,
        ChangedUser,
        "Disable a user, and end their sessions",
        (404, 409, 503),
        method="DELETE",
        role=Role.ADMIN,
    ),
)
