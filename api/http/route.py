"""One route: the server, its parameter checks and /openapi.json derive from it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web
from msgspec import Struct

from infra.access.roles import Role

API = "/api/v1"
JSON = "application/json"
TEXT = "text/plain"

Handler = Callable[[Any], Awaitable[Struct | web.StreamResponse]]
"""Takes a `Context` of the route's query and body."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row.

    Attributes:
        path: aiohttp's form; a name in braces is a field of `query`.
        handler: answers it.
        query: Struct of its parameters.
        response: type of its answer.
        summary: one line.
        statuses: what it answers with beside 200, 400 and 500.
        media: media type of the answer.
        method: HTTP method; pages of other hosts may ask for GET only.
        body: Struct (a `Body`) of its JSON, or `bytes`: handed on as it is; None: the route takes no body.
        takes: media types of the body.
        most_bytes: largest body. [bytes]
        socket: a WebSocket, whose frames are of type `response`.
        role: least role that may ask for it, or that it is open to everybody; one that changes something must name it.
    """

    path: str
    handler: Handler
    query: type[Struct]
    response: Any
    summary: str
    statuses: tuple[int, ...] = (503,)
    media: str = JSON
    method: str = "GET"
    body: Any = None
    takes: tuple[str, ...] = (JSON,)
    most_bytes: int = 64 * 1024
    socket: bool = False
    role: Role | Literal["open"] | None = None

    def __post_init__(self) -> None:
        if self.role is None and self.method != "GET":
            raise ValueError(f"{self.method} {self.path} changes something: name the role that may")

    @property
    def least(self) -> Role | None:
        """Least role that may ask for it; None: it is open to everybody."""
        return None if self.role == "open" else self.role or Role.VIEWER

    @property
    def all_statuses(self) -> tuple[int, ...]:
        """Every status but the good one, in order."""
        of_write = () if self.method == "GET" else (403,)
        of_role = () if self.least is None else (401, 403, 429)
        of_body = () if self.body is None else (408, 411, 413, 415)
        return tuple(sorted({400, 500, *self.statuses, *of_write, *of_role, *of_body}))

    @property
    def pattern(self) -> str:
        """The path for the server: a parameter has any sign but a slash; by itself aiohttp leaves out braces too."""
        return re.sub(r"\{(\w+)\}", r"{\1:[^/]+}", self.path)

    @property
    def path_names(self) -> tuple[str, ...]:
        """Parameters that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))
