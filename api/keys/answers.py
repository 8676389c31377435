"""What is answered about keys."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.http.rows import Time

RoleWord = Literal["viewer", "operator", "admin"]


class Key(Struct, frozen=True):
    """One key, without its secret."""

    id: str
    name: str
    role: RoleWord
    terminal: Annotated[str | None, Meta(description="whose data only; null: all")]
    added_at: Time
    expires_at: Time | None
    revoked_at: Time | None
    last_used_at: Annotated[Time | None, Meta(description="to the minute")]


class Keys(Struct, frozen=True):
    """All keys, revoked and expired ones too, the oldest first."""

    keys: list[Key]


class NewKey(Struct, frozen=True):
    """A key that was just made; nobody can read it again."""

    id: str
    key: str


class RevokedKey(Struct, frozen=True):
    """A key that was just revoked."""

    id: str
    name: str
