"""What all our HTTP servers share: answers to what is no HTTP, and no names of versions in any answer."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

LONGEST_BYTES: Final = 8190
"""Of the request line, and of a header."""
LOG_EVERY_S: Final = 1.0
OPTIONS: Final[dict[str, Any]] = {
    "access_log": None,
    "max_line_size": LONGEST_BYTES,
    "max_field_size": LONGEST_BYTES,
}


async def remove_server(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: runs before each answer of an application; `Server` would name versions."""
    response.headers.pop("Server", None)


class MalformedRequests:
    """Logs requests that are no HTTP, one line a second at most: a flood of them must not become a flood of lines.

    Args:
        clock: gives seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next_s = clock()
        self._unlogged = 0

    def note(self, remote: str | None, why: str) -> None:
        """Log one, with how many were left out before it; or leave it out."""
        now_s = self._clock()
        if now_s < self._next_s:
            self._unlogged += 1
            return
        more = f"; {self._unlogged} more since the last such line" if self._unlogged else ""
        log.warning("malformed request from %s: %s%s", remote, why, more)
        self._next_s, self._unlogged = now_s + LOG_EVERY_S, 0


class RequestHandler(web.RequestHandler):
    """aiohttp's protocol of one connection, whose own errors are answered as JSON.

    Args:
        server: of the application.
        malformed: of the program.
        options: as those of aiohttp's handler.
    """

    __slots__ = ("_malformed",)

    def __init__(self, server: web.Server, malformed: MalformedRequests, **options: Any) -> None:
        super().__init__(server, **OPTIONS, **options)
        self._malformed = malformed

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what is no HTTP, and to what an application did not handle: a bug, logged with all of it.

        Raises:
            ConnectionError: an answer was begun; the connection ends.
        """
        if isinstance(exc, HttpProcessingError) and request.writer.output_size == 0:
            why = _why(exc)
            self._malformed.note(request.remote, why)
            text = f"this is no HTTP request: {why}; send HTTP/1.1, no line of it longer than {LONGEST_BYTES} bytes"
            return _error(status, "malformed_request", text)
        super().handle_error(request, status, exc, message)
        return _error(status, "internal", "a bug in the server; its log has more")


class Site(web.BaseSite):
    """Where an application is served, with our handler of connections.

    Args:
        runner: of the application, set up.
        host: to listen on.
        port: to listen on.
    """

    __slots__ = ("_host", "_port")

    def __init__(self, runner: web.AppRunner, host: str, port: int) -> None:
        super().__init__(runner)
        self._host = host
        self._port = port

    @property
    def name(self) -> str:
        """Its address."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address is taken, or not of this machine.
        """
        await super().start()
        loop, application, malformed = asyncio.get_running_loop(), self._runner.server, MalformedRequests()
        if application is None:
            raise RuntimeError("aiohttp made no server")
        make = partial(RequestHandler, application, malformed, loop=loop)
        self._server = await loop.create_server(make, self._host, self._port)


def _why(error: HttpProcessingError) -> str:
    """In one line, without what was sent: a header that is too long may hold a password."""
    return error.message.partition("\n")[0].partition(" when reading")[0].strip(" :")


def _error(status: int, code: str, message: str) -> web.Response:
    """A body as the API's errors have; the connection ends after it."""
    found = web.json_response(
        {"error": {"code": code, "message": message}},
        status=status,
        headers={"Server": "quaystream", "X-Content-Type-Options": "nosniff"},
    )
    found.force_close()
    return found
