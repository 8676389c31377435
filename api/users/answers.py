"""What is answered about users."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time
from api.keys.answers import RoleWord


class User(Struct, frozen=True):
    """One user, without their password."""

    name: str
    role: RoleWord
    terminal: Annotated[str | None, Meta(description="whose data only; null: all")]
    added_at: Time
    password_set_at: Time
    disabled_at: Time | None
    last_used_at: Annotated[Time | None, Meta(description="to the minute")]


class Users(Struct, frozen=True):
    """All users, disabled ones too, in order of their names."""

    users: list[User]


class SetPassword(Struct, frozen=True):
    """A user whose password was just set."""

    name: str
    password: Annotated[str | None, Meta(description="that was generated; nobody can read it again")]


class ChangedUser(Struct, frozen=True):
    """A user who was just changed."""

    name: str
