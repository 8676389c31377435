"""The connection's socket in the loop's selector; paho asks for it, partly from a thread."""

import asyncio
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client

from infra.mqtt.gathering import Gathering
from infra.mqtt.packet_reader import Wire
from infra.mqtt.session import Paho


class SocketWatch:
    """Calls when the socket can be read or written; reading can pause, or rest.

    Args:
        client: paho's client, whose sockets these are.
        readable: called when there is something to read.
        patience_s: the connection breaks when what was sent is not taken for so long. [s]
        gathering: decides how long reading rests; None: never.

    Attributes:
        wire: the socket now, None where there is none.
        paused: whether reading is paused.
    """

    def __init__(
        self, client: Paho, readable: Callable[[], None], patience_s: float, gathering: Gathering | None = None
    ) -> None:
        self.wire: Wire | None = None
        self.paused = False
        self._client = client
        self._readable = readable
        self._patience_s = patience_s
        self._gathering = gathering
        client.on_socket_open = lambda _c, _u, sock: self._threadsafe(self._opened, sock)
        client.on_socket_close = lambda _c, _u, sock: self._closed(sock)
        client.on_socket_register_write = lambda _c, _u, sock: self._threadsafe(self._want_write, sock)
        client.on_socket_unregister_write = self._want_no_write

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use this loop; before anything connects."""
        self._loop = loop

    def pause(self) -> None:
        """Stop reading; TCP and the broker's queue hold what comes."""
        if not self.paused:
            self.paused = True
            if self.wire is not None:
                self._loop.remove_reader(self.wire)

    def resume(self) -> None:
        """Go on reading."""
        if self.paused:
            self.paused = False
            if self.wire is not None:
                self._loop.add_reader(self.wire, self._readable)

    def rest(self, count: int) -> None:
        """Stop reading for a moment where few messages come; so many were read just now."""
        if self._gathering is None or self.wire is None or self.paused:
            return
        seconds = self._gathering.rest_s(count, self._loop.time())
        if seconds:
            self._loop.remove_reader(self.wire)
            self._loop.call_later(seconds, self._rested, self.wire)

    def _rested(self, wire: Wire) -> None:
        if self.wire is wire and not self.paused:
            self._loop.add_reader(wire, self._readable)

    def _threadsafe(self, call: Callable[[Any], None], sock: Any) -> None:
        """Connecting happens in a thread; the loop's selectors are touched in the loop only."""
        self._loop.call_soon_threadsafe(call, sock)

    def _opened(self, sock: Any) -> None:
        if sock.fileno() < 0:
            return
        sock.without_delay()
        sock.give_up_after(self._patience_s)
        self.wire = sock
        if not self.paused:
            self._loop.add_reader(sock, self._readable)

    def _closed(self, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)
        if self.wire is sock:
            self.wire = None

    def _want_no_write(self, _client: Client, _userdata: Any, sock: Any) -> None:
        self._loop.remove_writer(sock)

    def _want_write(self, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.add_writer(sock, self._client.loop_write)
