"""One WebSocket client: frames out, until either side ends it."""

import asyncio
import logging
from collections.abc import Callable

from aiohttp import WSMsgType, web

from api.http.errors import BadRequestError
from api.http.origin import check_origin
from api.live.hub import Hub
from api.live.outbox import Outbox

log = logging.getLogger(__name__)

HEARTBEAT_S = 20.0
MOST_RECEIVED_BYTES = 64 * 1024
ACCESS_S = 1.0
UNAUTHORIZED = 4401
"""Close code: as HTTP 401."""
CLOSE_PATIENCE_S = 1.0
"""How long a client may take to see the close frame before its connection is cut."""


async def serve(request: web.Request, hub: Hub, terminal: str, holds: Callable[[], bool]) -> web.WebSocketResponse:
    """Send a terminal's frames until either side ends it, or who asks may not have them any more.

    Raises:
        BadRequestError: the client asks for no WebSocket.
        ForbiddenError: a page of another host asks.
        BusyError: there is no room for one more client.
    """
    check_origin(request.headers.get("Origin"), request.host, request.scheme)
    hub.check_room(terminal)
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, max_msg_size=MOST_RECEIVED_BYTES, compress=False, timeout=CLOSE_PATIENCE_S
    )
    if not socket.can_prepare(request):
        raise BadRequestError(
            "this is a WebSocket; connect with a client of WebSockets, version 13, by ws:// or wss://"
        )
    try:
        await socket.prepare(request)
    except ConnectionResetError:
        return socket  # the client left before it was answered
    with hub.joined(terminal) as outbox:
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(_send(socket, outbox), name="websocket sender")
            reader = group.create_task(_read(socket, outbox), name="websocket reader")
            watch = group.create_task(_watch(outbox, holds), name="websocket access")
            await outbox.ended.wait()
            sender.cancel()
            watch.cancel()
            await _close(socket, outbox, request)
            reader.cancel()
    return socket


async def _send(socket: web.WebSocketResponse, outbox: Outbox) -> None:
    try:
        while True:
            await socket.send_frame(await outbox.next(), WSMsgType.TEXT)
    except ConnectionError:
        outbox.end(1000, "")


async def _read(socket: web.WebSocketResponse, outbox: Outbox) -> None:
    """Clients send nothing; reading answers pings and sees the end."""
    async for _message in socket:
        pass
    outbox.end(1000, "")


async def _watch(outbox: Outbox, holds: Callable[[], bool]) -> None:
    """A key that was revoked ends what it has begun."""
    while holds():  # noqa: ASYNC110 - a key also ends by itself, at its time
        await asyncio.sleep(ACCESS_S)
    outbox.end(UNAUTHORIZED, "log in again")


async def _close(socket: web.WebSocketResponse, outbox: Outbox, request: web.Request) -> None:
    try:
        async with asyncio.timeout(CLOSE_PATIENCE_S):
            await socket.close(code=outbox.close_code, message=outbox.reason.encode())
    except (TimeoutError, ConnectionError):
        if request.transport is not None:
            request.transport.abort()
