"""Clients that never read their answers: the API's memory stays, and others are answered."""

import asyncio
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from msgspec import Struct

from api.database.database import Database
from api.http import unread
from api.http.access import Access
from api.http.application import application
from api.http.connections import Connections
from api.http.metrics import Metrics
from api.http.origin import HostPolicy
from api.http.route import Route
from api.http.services import Services
from tests.conftest import eventually

CLIENTS = 100
LARGE_BYTES = 4_000_000
MOST_GROWTH_MB = 100
KERNEL_BYTES = 64 * 1024
"""What the kernel keeps for a client that does not read; by itself up to some megabytes."""


class Nothing(Struct, frozen=True):
    """No parameters."""


class Text(Struct, frozen=True):
    """An answer."""

    text: str


async def large(_context: object) -> Text:
    """An answer that no kernel keeps whole."""
    return Text("x" * LARGE_BYTES)


async def small(_context: object) -> Text:
    """Any other answer."""
    return Text("x")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[int, Metrics]]:
    """Port of the API's server with two routes, and its metrics."""
    routes = [
        Route("/large", large, Nothing, Text, "Large", role="open"),
        Route("/small", small, Nothing, Text, "Small", role="open"),
    ]
    metrics = Metrics()
    services = Services(metrics, Access(Database("postgresql://127.0.0.1:1/none", metrics.queries.inc)))
    connections = Connections()
    app = application(routes, services, HostPolicy("127.0.0.1", open_to_network=False), tmp_path, connections)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
    server = await asyncio.get_running_loop().create_server(connections.factory(runner.server, 75.0), sock=listener)
    yield listener.getsockname()[1], metrics
    server.close()
    await runner.cleanup()


def cut(metrics: Metrics) -> float:
    """How many clients were cut off."""
    lines = metrics.text("").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("quaystream_api_answers_cut_total"))


def peak_mb() -> float:
    """The most memory that this process has had. [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def ask_and_never_read(port: int) -> socket.socket:
    """A client whose window is as small as can be; its answer has begun."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, f"GET /large HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    await loop.sock_recv(client, 1)
    return client


async def p99_ms(session: aiohttp.ClientSession, base: str) -> float:
    """Of 300 small answers, one after the other. [ms]."""
    took = []
    for _ in range(300):
        began = time.monotonic()
        async with session.get(f"{base}/small") as answer:
            assert answer.status == 200
            await answer.read()
        took.append(time.monotonic() - began)
    return sorted(took)[296] * 1000


async def test_clients_that_never_read_are_cut_off(served: tuple[int, Metrics]) -> None:
    """100 of them: the API's memory is bounded, others are answered whole, and in the end all of them are cut off."""
    (port, metrics), base = served, f"http://127.0.0.1:{served[0]}"
    async with aiohttp.ClientSession() as session:
        before_ms, before_mb = await p99_ms(session, base), peak_mb()
        with ExitStack() as clients:
            for _ in range(CLIENTS):
                clients.enter_context(await ask_and_never_read(port))
            during_ms = await p99_ms(session, base)
            async with session.get(f"{base}/large") as answer:
                assert len(await answer.read()) == LARGE_BYTES + len('{"text":""}')
            grown_mb = peak_mb() - before_mb
            assert cut(metrics) >= CLIENTS - unread.MOST_WAITING_BYTES // LARGE_BYTES
            await eventually(lambda: cut(metrics) == CLIENTS)
    sys.stdout.write(
        f"{CLIENTS} clients that never read: {grown_mb:.0f} MB more at most; 99 of 100 other answers took "
        f"{before_ms:.1f} ms before, {during_ms:.1f} ms meanwhile\n"
    )
    assert grown_mb <= MOST_GROWTH_MB


async def test_who_reads_slowly_gets_all(served: tuple[int, Metrics]) -> None:
    """Each piece is taken in time, however small the window."""
    port, metrics = served
    client = await ask_and_never_read(port)
    loop, got = asyncio.get_running_loop(), 1
    with client:
        while got < LARGE_BYTES:
            got += len(await loop.sock_recv(client, 1 << 20))
    assert cut(metrics) == 0
