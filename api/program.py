"""The API's life: what is opened, in which order, and how it ends."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from api import pages
from api.board import Board
from api.broker import Broker
from api.connections import Connections
from api.database import Database
from api.feed import Sources
from api.health import CHECK_TIMEOUT_S, Health, Worker
from api.hub import Hub
from api.metrics import Metrics
from api.origin import is_loopback
from api.server import application
from api.services import Services
from infra.settings import Settings
from infra.site_file import reader
from processing.model.errors import SettingsError

KEEPALIVE_S = 75.0
SHUTDOWN_S = 1.0


def listen(settings: Settings) -> socket.socket:
    """Take the address before anything else is opened.

    Raises:
        SettingsError: the address is taken, not of this machine, or open to others without being allowed.
    """
    host, port = settings.http_host, settings.http_port
    if not is_loopback(host) and not getattr(settings, "http_open", False):
        raise SettingsError(
            f"QUAYSTREAM_HTTP={host}:{port} is open to the network, and there is no login yet; use 127.0.0.1:{port}"
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise SettingsError(
            f"the address {host}:{port} {why}; set QUAYSTREAM_HTTP to another one, for example 127.0.0.1:8090"
        ) from error


@asynccontextmanager
async def running(settings: Settings, listener: socket.socket) -> AsyncIterator[None]:
    """Serve while the context lasts; database and broker may be away.

    Args:
        settings: database and broker must be set.
        listener: bound socket.

    Raises:
        SettingsError: the site file does not make sense.
    """
    sites = reader.load(settings.site)
    database, board, metrics = Database(settings.require_database()), Board(), Metrics()
    broker = Broker(settings.require_mqtt(), board)
    worker_url = f"http://{settings.ingest_http_host}:{settings.ingest_http_port}"
    timeout = aiohttp.ClientTimeout(total=CHECK_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as group:
        worker = Worker(session, worker_url)
        health = Health(database, lambda: broker.connected, broker.where, worker)
        hub = Hub(group, Sources(database, board, health.readiness), metrics.dropped.inc)
        board.told = hub.kpi
        _watch(metrics, hub, database, board)
        services = Services(
            database,
            board,
            hub,
            health,
            worker,
            metrics,
            pages.DIST,
            bool(getattr(settings, "http_open", False)),
            settings.http_host,
            sites,
            broker,
        )
        keepers = [
            group.create_task(database.keep_open(), name="database"),
            group.create_task(broker.keep_connected(), name="broker"),
        ]
        async with _serving(services, listener):
            yield
        for keeper in keepers:
            keeper.cancel()
        await database.close()


def _watch(metrics: Metrics, hub: Hub, database: Database, board: Board) -> None:
    metrics.watch("websocket_clients", "Live clients connected", lambda: hub.clients)
    metrics.watch("database_connections", "Open database connections", lambda: database.connections[0])
    metrics.watch("database_connections_idle", "Idle database connections", lambda: database.connections[1])
    metrics.watch("kpi_values", "KPI values known from the broker", lambda: len(board))
    metrics.watch("kpi_messages_refused", "Messages under kpi/ that were no KPI values", lambda: board.refused)


@asynccontextmanager
async def _serving(services: Services, listener: socket.socket) -> AsyncIterator[None]:
    connections = Connections()
    runner = web.AppRunner(
        application(services, connections), access_log=None, keepalive_timeout=KEEPALIVE_S, shutdown_timeout=SHUTDOWN_S
    )
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("aiohttp made no server")
    server = await asyncio.get_running_loop().create_server(connections.factory(runner.server), sock=listener)
    try:
        yield
    finally:
        server.close()
        services.hub.close()
        await runner.cleanup()
