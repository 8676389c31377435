"""The API's life: what is opened, in which order, and how it ends."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from api import resources
from api.accounts.service import BrokerUsers
from api.broker.connection import Broker
from api.database.database import Database
from api.database.fact_listener import FactListener
from api.health.disk import StackDisk
from api.health.readiness import Health
from api.health.worker import CHECK_TIMEOUT_S, Worker
from api.http import pages
from api.http.access import Access
from api.http.application import application
from api.http.certificate import Certificate
from api.http.connections import Connections
from api.http.metrics import Metrics
from api.http.origin import HostPolicy, is_loopback
from api.http.services import Services
from api.http.tokens import Tokens
from api.kpis.values import KpiValueCache
from api.live.feed import Sources
from api.live.hub import Hub
from api.openapi.document import Description
from api.parts.service import StackParts
from infra.machine import note
from infra.machine.first_link import FirstLink
from infra.settings import Settings
from infra.site_file import reader
from processing.model.errors import SettingsError

KEEPALIVE_S = 75.0
SHUTDOWN_S = 1.0
ACCESS_CHANNEL = "quaystream_access"
"""On which the database notifies of changed keys and sessions."""


def listen(settings: Settings) -> socket.socket:
    """Take the address before anything else is opened.

    Raises:
        SettingsError: the address is taken, not of this machine, or open to others without being allowed.
    """
    host, port = settings.http_host, settings.http_port
    if not is_loopback(host) and settings.tls_cert is None:
        raise SettingsError(
            f"QUAYSTREAM_HTTP={host}:{port} is open to the network, and keys would cross it as plain text; set "
            f"QUAYSTREAM_TLS_CERT and QUAYSTREAM_TLS_KEY (`quaystream ca server NAME` makes them), or use "
            f"127.0.0.1:{port}, with a proxy before it that speaks TLS"
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
    database_url = settings.require_database()
    kpi_values, metrics = KpiValueCache(), Metrics()
    database = Database(database_url, metrics.queries.inc)
    broker = Broker(settings.require_mqtt(), kpi_values.take)
    timeout = aiohttp.ClientTimeout(total=CHECK_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as group:
        worker = Worker(session, f"http://{settings.ingest_http_host}:{settings.ingest_http_port}")
        disk = StackDisk(note.read(settings.state_dir))
        health = Health(database, broker, worker, disk)
        sources = Sources(database, kpi_values, lambda: fact_listener.connected, health.readiness)
        hub = Hub(group, sources, metrics.dropped.inc)
        access = Access(database, None if settings.oidc_issuer is None else Tokens(session, settings))
        others = {ACCESS_CHANNEL: access.changed}
        fact_listener = FactListener(database_url, hub.facts_changed, hub.refresh_facts, others)
        kpi_values.on_value = hub.kpi
        connected = database, broker, kpi_values, hub, worker, access
        services = Services(*connected, *_of_stack(settings), sites, health, metrics, Description(resources.ROUTES))
        _watch(metrics, hub, database, kpi_values, services[StackParts], disk)
        endless = database.keep_open(), fact_listener.keep_listening(), access.keep_current(), broker.keep_connected()
        background = [group.create_task(work) for work in (*endless, disk.keep_looking())]
        certificate = None if settings.tls_cert is None else Certificate(settings.tls_cert, settings.tls_key)
        if certificate is not None:
            background.append(group.create_task(certificate.keep_renewed()))
        hosts = HostPolicy(settings.http_host, not is_loopback(settings.http_host))
        async with _serving(services, hosts, listener, certificate):
            yield
        for task in background:
            task.cancel()
        await database.close()


def _of_stack(settings: Settings) -> tuple[StackParts, FirstLink, BrokerUsers]:
    """What a private stack has in its state folder."""
    folder = settings.state_dir
    return StackParts(folder), FirstLink(folder), BrokerUsers(folder, settings.require_mqtt())


def _watch(
    metrics: Metrics, hub: Hub, database: Database, kpi_values: KpiValueCache, parts: StackParts, disk: StackDisk
) -> None:
    metrics.watch("part_restarts", "How often `quaystream up` has started parts again", lambda: parts.restarts)
    metrics.watch("websocket_clients", "Live clients connected", lambda: hub.clients)
    metrics.watch("database_connections", "Open database connections", lambda: database.connections[0])
    metrics.watch("database_connections_idle", "Idle database connections", lambda: database.connections[1])
    metrics.watch("kpi_values", "KPI values known from the broker", lambda: len(kpi_values))
    metrics.watch("kpi_messages_refused", "Messages under kpi/ that were no KPI values", lambda: kpi_values.refused)
    metrics.watch("disk_free_bytes", "Room on the disk that has the least, of a private stack", lambda: disk.free_bytes)
    metrics.watch(
        "disk_reserve_bytes", "While less is left, the private broker refuses senders", lambda: disk.reserve_bytes
    )


@asynccontextmanager
async def _serving(
    services: Services, hosts: HostPolicy, listener: socket.socket, certificate: Certificate | None
) -> AsyncIterator[None]:
    connections = Connections()
    app = application(resources.ROUTES, services, hosts, pages.DIST, connections)
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("aiohttp made no server")
    make = connections.factory(runner.server, KEEPALIVE_S)
    secured = certificate.context if certificate is not None else None
    server = await asyncio.get_running_loop().create_server(make, sock=listener, ssl=secured)
    try:
        yield
    finally:
        server.close()
        services[Hub].close()
        await runner.cleanup()
