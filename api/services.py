"""What handlers work with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from aiohttp import web

from api.board import Board
from api.broker import Broker
from api.database import Database
from api.health import Health, Worker
from api.hub import Hub
from api.metrics import Metrics
from processing.site.configuration import Sites

Q = TypeVar("Q")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Services:
    """Everything with a connection or a state, made by the program.

    Attributes:
        dist: folder of the built dashboard.
        open_to_network: whether other names than this machine's own are answered to.
        host: the host the server listens on.
        sites: what terminals have decided for themselves.
    """

    database: Database
    board: Board
    hub: Hub
    health: Health
    worker: Worker
    metrics: Metrics
    dist: Path
    open_to_network: bool
    host: str
    sites: Sites
    broker: Broker


@dataclass(frozen=True, slots=True)
class Call(Generic[Q]):
    """One request: its parameters, checked, and what to answer it with."""

    services: Services
    query: Q
    request: web.Request


@dataclass(frozen=True, slots=True)
class Sent(Call[Q], Generic[Q, B]):
    """A request with a body, checked too."""

    body: B
