"""Connections that never send a whole request are closed: aiohttp itself would wait for one without end."""

import asyncio
from collections.abc import Callable
from weakref import WeakSet

from aiohttp import web

from infra.http_server import MalformedRequests, RequestHandler

FIRST_REQUEST_S = 10.0


class Connections:
    """Which connections have sent a whole request."""

    def __init__(self) -> None:
        self._used: WeakSet[asyncio.BaseTransport] = WeakSet()

    def requested(self, request: web.Request) -> None:
        """A request came; from now on the keep-alive limit holds."""
        if request.transport is not None:
            self._used.add(request.transport)

    def factory(self, server: web.Server, keepalive_s: float) -> Callable[[], asyncio.Protocol]:
        """Makes aiohttp's protocol for each connection, and looks after it."""
        loop, malformed = asyncio.get_running_loop(), MalformedRequests()

        def make() -> asyncio.Protocol:
            protocol = RequestHandler(server, malformed, loop=loop, keepalive_timeout=keepalive_s)
            loop.call_later(FIRST_REQUEST_S, self._close_unused, protocol)
            return protocol

        return make

    def _close_unused(self, protocol: web.RequestHandler) -> None:
        transport = protocol.transport
        if transport is not None and transport not in self._used:
            transport.abort()
