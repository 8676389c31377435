"""The context of a request: who asks, for what, and what to answer it with."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from aiohttp import web

from api.database.database import Change, Database
from api.http.services import Services
from infra.access.roles import Role

Q = TypeVar("Q")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        role: what they may do.
        name: of a person or a program; None: nobody has logged in.
        terminal: whose data only; None: all.
        key_id: of the key that they have come with, themselves or at the beginning of their session.
        user_name: of the user who has logged in.
        session: hash of its token, where they have come with one.
        token_ends_s: when their token of a provider ends [s since 1970 UTC]; None: they have come with none.
    """

    role: Role
    name: str | None = None
    terminal: str | None = None
    key_id: str | None = None
    user_name: str | None = None
    session: bytes | None = field(default=None, repr=False)
    token_ends_s: float | None = None

    @property
    def known(self) -> bool:
        """Whether they have shown who they are."""
        return self.name is not None

    @property
    def kind(self) -> Literal["local", "key", "user", "token"]:
        """By what they are known; `local`: by nothing, on a machine without keys and users."""
        if self.token_ends_s is not None:
            return "token"
        return "user" if self.user_name is not None else "key" if self.key_id is not None else "local"


LOCAL = Principal(Role.ADMIN)
"""Whoever is on this machine, as long as there are no keys and no users."""
UNKNOWN = Principal(Role.VIEWER)
"""Whoever asks for what is open to everybody."""
UNNAMED = "local"
"""Whose changes those are that nobody puts a name to, on a machine without keys and users."""


@dataclass(frozen=True, slots=True)
class Context(Generic[Q, B]):
    """One request.

    Attributes:
        principal: who asks.
        services: what it is answered with.
        query: its parameters, checked.
        body: its body, checked; None where the route takes none.
        request: as aiohttp has it.
    """

    principal: Principal
    services: Services
    query: Q
    body: B
    request: web.Request

    def author(self, by: str | None) -> str:
        """Who makes a change: whoever has logged in; else the name that the request gives.

        Args:
            by: that name.
        """
        return self.principal.name or (by or "").strip() or UNNAMED

    def changing(self, by: str | None = None) -> AbstractAsyncContextManager[Change]:
        """A transaction that may write, as `Database.changing`, under the name of whoever asks.

        Args:
            by: their name, where nobody has logged in.
        """
        return self.database.changing(self.author(by))

    @property
    def database(self) -> Database:
        """The database; nearly every handler reads it."""
        return self.services[Database]
