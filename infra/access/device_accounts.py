"""Accounts of devices, as the database has them: the truth about who may speak for a device."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from infra.access.device_name import DeviceName
from infra.access.passwords import hashed, new_password
from infra.connection import Connection
from infra.database import DatabaseError
from infra.sql import blocks
from processing.model.errors import QuaystreamError

SQL = blocks(__file__, "device_accounts.sql")
CHANNEL: Final = "quaystream_device_accounts"
"""On which the database notifies of changes."""
CLIENT_ID_BYTES = 6
"""Random ones at the end of a client id: Mosquitto lets an integrator take over a session whose client id it knows."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a device connects with. Nobody can read the password again.

    Attributes:
        username: of this credential; a rotation makes another.
        password: random.
        client_id: that it must connect with; rotations keep it.
    """

    username: str
    password: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential in force, as the broker is to know it."""

    username: str
    client_id: str
    password_hash: str
    name: DeviceName


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes:
        name: of the device.
        type: that the device has given, else the one that it was added with.
        owner: who answers for it.
        added_at: when it was added, after a revocation again.
        revoked_at: when it was revoked.
        last_seen_at: when its last message was received.
        usernames: in force; two while a rotation overlaps.
    """

    name: DeviceName
    type: str | None
    owner: str | None
    added_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    usernames: tuple[str, ...]


async def add(
    connection: Connection, name: DeviceName, kind: str | None = None, owner: str | None = None
) -> NewCredential:
    """Give a device an account; one that was revoked gets it back, with another client id.

    Raises:
        QuaystreamError: it has one.
    """
    client_id = f"{'.'.join(name)}.{secrets.token_hex(CLIENT_ID_BYTES)}"
    async with connection.transaction():
        if await connection.fetchval(SQL["add"], *name, client_id, kind, owner) is None:
            raise QuaystreamError(f"{name} has an account; `quaystream device rotate {name}` makes it a new password")
        return await _add_credential(connection, name, client_id)


async def rotate(connection: Connection, name: DeviceName, overlap: timedelta) -> NewCredential:
    """Make a new credential; those before end after the overlap.

    Raises:
        QuaystreamError: it has no account.
    """
    async with connection.transaction():
        client_id = await connection.fetchval(SQL["lock"], *name)
        if client_id is None:
            raise _no_account(name)
        await connection.execute(SQL["end_credentials"], *name, overlap)
        return await _add_credential(connection, name, client_id)


async def revoke(connection: Connection, name: DeviceName) -> None:
    """End an account and all its credentials at once.

    Raises:
        QuaystreamError: it has none.
    """
    async with connection.transaction():
        if await connection.fetchval(SQL["revoke"], *name) is None:
            raise _no_account(name)
        await connection.execute(SQL["end_credentials"], *name, timedelta())


async def accounts(connection: Connection, terminal: str | None = None) -> list[Account]:
    """Accounts of a terminal or of all, revoked ones too, in order of their names."""
    rows = await connection.fetch(SQL["accounts"], terminal)
    return [
        Account(DeviceName(terminal, stream, device), kind, owner, added_at, revoked_at, last_seen_at, tuple(usernames))
        for terminal, stream, device, kind, owner, added_at, revoked_at, last_seen_at, usernames in rows
    ]


async def names_in_force(connection: Connection) -> frozenset[DeviceName]:
    """Devices whose account is not revoked."""
    return frozenset(DeviceName(*row) for row in await connection.fetch(SQL["names_in_force"]))


async def in_force(connection: Connection) -> list[Credential]:
    """Credentials that the broker is to let in."""
    return _credentials(await connection.fetch(SQL["in_force"]))


def in_force_at(url: str) -> list[Credential]:
    """The same before an event loop runs; none in a database without the table, which is migrated later.

    Raises:
        DatabaseError: it cannot be read.
    """
    try:
        with psycopg.connect(url) as connection:
            return _credentials(connection.execute(SQL["in_force"].encode()).fetchall())
    except psycopg.errors.UndefinedTable:
        return []
    except psycopg.Error as error:
        raise DatabaseError(f"the accounts of devices cannot be read: {error}") from error


def _credentials(rows: Iterable[Iterable[str]]) -> list[Credential]:
    return [
        Credential(username, client_id, password_hash, DeviceName(*name))
        for username, client_id, password_hash, *name in rows
    ]


async def _add_credential(connection: Connection, name: DeviceName, client_id: str) -> NewCredential:
    number = 1 + await connection.fetchval(SQL["count_credentials"], *name)
    made = NewCredential(f"{'.'.join(name)}.{number}", new_password(), client_id)
    await connection.execute(SQL["add_credential"], made.username, *name, hashed(made.password))
    return made


def _no_account(name: DeviceName) -> QuaystreamError:
    return QuaystreamError(f"{name} has no account, or a revoked one; `quaystream device add {name}` makes one")
