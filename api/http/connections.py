"""Connections that never send a whole request are closed; what is no HTTP is answered in JSON.

aiohttp itself would wait for a request without end.
"""

import asyncio
import logging
from collections.abc import Callable
from weakref import WeakSet

from aiohttp import web
from aiohttp.http import HttpProcessingError

from api.http.errors import ErrorBody, ErrorDetail
from api.http.pages import SECURITY_HEADERS
from api.http.responses import json_response

FIRST_REQUEST_S = 10.0
KEEPALIVE_S = 75.0

log = logging.getLogger(__name__)


class Protocol(web.RequestHandler):
    """aiohttp's protocol of one connection; answers what is no HTTP as everything else, in JSON, and logs one line."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to an error outside the application.

        Args:
            request: what is known of it.
            status: HTTP status.
            exc: the error.
            message: what a parser complains of.

        Raises:
            ConnectionError: an answer has begun already.
        """
        if not isinstance(exc, HttpProcessingError) or request.writer.output_size > 0:
            return super().handle_error(request, status, exc, message)
        why = " ".join(exc.message.split())[:200]
        log.info("a request of %s is no HTTP: %s", request.remote, why)
        response = json_response(
            status, ErrorBody(ErrorDetail("bad_request", f"this is no HTTP that is read here: {why}"))
        )
        response.headers.update(SECURITY_HEADERS | {"Server": "quaystream"})  # else aiohttp names versions
        response.force_close()
        return response


class Connections:
    """Which connections have sent a whole request."""

    def __init__(self) -> None:
        self._used: WeakSet[asyncio.BaseTransport] = WeakSet()

    def requested(self, request: web.Request) -> None:
        """A request came; from now on the keep-alive limit holds."""
        if request.transport is not None:
            self._used.add(request.transport)

    def factory(self, server: web.Server) -> Callable[[], asyncio.Protocol]:
        """Makes aiohttp's protocol for each connection, and looks after it."""
        loop = asyncio.get_running_loop()

        def make() -> asyncio.Protocol:
            protocol = Protocol(
                server,
                loop=loop,
                access_log=None,  # type: ignore[arg-type]  # as web.AppRunner takes it: no log of requests
                keepalive_timeout=KEEPALIVE_S,
            )
            loop.call_later(FIRST_REQUEST_S, self._close_unused, protocol)
            return protocol

        return make

    def _close_unused(self, protocol: web.RequestHandler) -> None:
        transport = protocol.transport
        if transport is not None and transport not in self._used:
            transport.abort()
