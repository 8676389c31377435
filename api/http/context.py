"""The context of a request: who asks, for what, and what to answer it with."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web

from api.database.database import Database
from api.http.services import Services

Q = TypeVar("Q")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        name: of a person or a program; None: nobody has logged in.
    """

    name: str | None = None


ANONYMOUS = Principal()


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

    @property
    def database(self) -> Database:
        """The database; nearly every handler reads it."""
        return self.services[Database]
