"""Keys that people and programs reach the API with. The database has hashes; a key is shown once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.access.roles import BY_WORD, Role
from infra.connection import Connection
from infra.sql import blocks
from processing.model.errors import QuaystreamError

SQL = blocks(__file__, "api_keys.sql")
PREFIX = "qs"
ID_BYTES, SECRET_BYTES = 4, 24


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key, without its secret.

    Attributes:
        id: names it in lists, in logs and where it is revoked.
        name: who or what has it.
        role: what it may do.
        terminal: whose data only; None: all.
        key_hash: SHA-256 of its secret, which is random: nobody finds one by trying.
        added_at: when it was made.
        expires_at: when it ends by itself.
        revoked_at: when it was revoked.
        last_used_at: when a request came with it, to the minute.
    """

    id: str
    name: str
    role: Role
    terminal: str | None
    key_hash: bytes
    added_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def ended(self, now: datetime) -> str | None:
        """Why it does not hold any more; None where it does."""
        if self.revoked_at is not None:
            return f"key {self.id} was revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return f"key {self.id} has expired"
        return None

    def opens(self, secret: str) -> bool:
        """Whether a secret is that of this key; takes as long for a wrong one."""
        return hmac.compare_digest(self.key_hash, digest(secret))


def digest(secret: str) -> bytes:
    """The hash of a secret that is random."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()  # a cookie may be of any bytes


def parted(key: str) -> tuple[str, str] | None:
    """Id and secret of a key; None where the text is none."""
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    return (key_id, secret) if prefix == PREFIX and key_id and secret and key.isascii() else None


async def add(
    connection: Connection, name: str, role: Role, terminal: str | None = None, lasts: timedelta | None = None
) -> tuple[str, str]:
    """Make a key; its id, and the key itself, which nobody can read again.

    Args:
        connection: to the database.
        name: who or what gets it.
        role: what it may do.
        terminal: whose data only; None: all.
        lasts: how long it holds; None: until it is revoked.
    """
    key_id, secret = secrets.token_hex(ID_BYTES), secrets.token_hex(SECRET_BYTES)
    await connection.execute(SQL["add"], key_id, name, role.word, terminal, digest(secret), lasts)
    return key_id, f"{PREFIX}_{key_id}_{secret}"


async def revoke(connection: Connection, key_id: str) -> str:
    """Revoke a key; its name.

    Raises:
        QuaystreamError: there is none of that id, or it was revoked before.
    """
    name: str | None = await connection.fetchval(SQL["revoke"], key_id)
    if name is None:
        raise QuaystreamError(f"no key {key_id[:80]!r} is in force; `quaystream key list` has all ids")
    return name


async def keys(connection: Connection) -> list[ApiKey]:
    """All keys, revoked and expired ones too, the oldest first."""
    return [of_row(*row) for row in await connection.fetch(SQL["all"])]


def of_row(key_id: str, name: str, role: str, *rest: object) -> ApiKey:
    """A key from a row of `all`."""
    return ApiKey(key_id, name, BY_WORD[role], *rest)  # type: ignore[arg-type]  # columns in the order of the fields
