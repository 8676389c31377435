"""People who log in on the page with a name and a password, as the database has them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from infra.access.roles import BY_WORD, Role
from infra.connection import Connection
from infra.sql import blocks
from processing.model.errors import QuaystreamError

SQL = blocks(__file__, "users.sql")
LONGEST_NAME: Final = 80
NAME: Final = r"^\w[\w .@+'-]{0,79}$"
"""It stands in a path of the API, in the audit log and in lists of commands."""


@dataclass(frozen=True, slots=True)
class User:
    """One user.

    Attributes:
        name: that they log in with, whatever its capitals; their changes are kept under it.
        role: what they may do.
        terminal: whose data only; None: all.
        password_hash: of their password.
        added_at: when they were added.
        password_set_at: when their password was set.
        disabled_at: when they were disabled.
        last_used_at: when a request came from them, to the minute.
    """

    name: str
    role: Role
    terminal: str | None
    password_hash: str
    added_at: datetime
    password_set_at: datetime
    disabled_at: datetime | None
    last_used_at: datetime | None


def checked_name(text: str) -> str:
    """A name that a user may have.

    Raises:
        QuaystreamError: it is none; the message says what to change.
    """
    name = text.strip()
    if not re.fullmatch(NAME, name):
        raise QuaystreamError(
            f"the name {text[:LONGEST_NAME]!r} must be 1 to {LONGEST_NAME} letters, digits, spaces and any of "
            "_ . @ + ' -, the first one a letter or a digit"
        )
    return name


async def add(connection: Connection, name: str, role: Role, terminal: str | None, password_hash: str) -> str:
    """Add a user; one who was disabled gets the account back, with this role and password. Their name, as it stands.

    Raises:
        QuaystreamError: there is one of that name.
    """
    found: str | None = await connection.fetchval(SQL["add"], name, role.word, terminal, password_hash)
    if found is None:
        raise QuaystreamError(f"there is a user {name!r}; `quaystream user password` sets another password")
    return found


async def nobody(connection: Connection) -> bool:
    """Whether there is neither a key nor a user in force: everybody on this machine is admin then."""
    found: bool = await connection.fetchval(SQL["nobody"])
    return found


async def add_first(connection: Connection, name: str, password_hash: str) -> str:
    """Add the first user, an admin of all terminals; their name, as it stands. In a transaction.

    Raises:
        QuaystreamError: there is a key or a user by now.
    """
    await connection.execute(SQL["lock"])
    if not await nobody(connection):
        raise QuaystreamError("there is a key or a user already; log in with it")
    return await add(connection, name, Role.ADMIN, None, password_hash)


async def set_password(connection: Connection, name: str, password_hash: str) -> str:
    """Set a password, and end the sessions that began with the one before; the user's name.

    Raises:
        QuaystreamError: there is none of that name, or they are disabled.
    """
    return _one(await connection.fetchval(SQL["set_password"], name, password_hash), name)


async def set_role(connection: Connection, name: str, role: Role, terminal: str | None) -> str:
    """Change what a user may do, at once; the user's name.

    Raises:
        QuaystreamError: there is none of that name, or they are disabled.
    """
    return _one(await connection.fetchval(SQL["set_role"], name, role.word, terminal), name)


async def disable(connection: Connection, name: str) -> str:
    """Keep a user out, and end their sessions; the user's name.

    Raises:
        QuaystreamError: there is none of that name, or they are disabled.
    """
    return _one(await connection.fetchval(SQL["disable"], name), name)


async def users(connection: Connection) -> list[User]:
    """All users, disabled ones too, in order of their names."""
    return [of_row(*row) for row in await connection.fetch(SQL["all"])]


def of_row(name: str, role: str, *rest: object) -> User:
    """A user from a row of `all`."""
    return User(name, BY_WORD[role], *rest)  # type: ignore[arg-type]  # columns in the order of the fields


def _one(found: str | None, name: str) -> str:
    if found is None:
        raise QuaystreamError(
            f"no user {name[:LONGEST_NAME]!r}, or a disabled one; `quaystream user list` has all, and "
            "`quaystream user add` gives a disabled one the account back"
        )
    return found
