"""Large answers leave in pieces, and whoever does not read them is cut off: what waits for clients has a bound.

Up to a few megabytes of an answer wait in the kernel, whether a client reads or not; the rest waits here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

PIECE_BYTES: Final = 64 * 1024
"""An answer that is no larger leaves in one piece. [bytes]"""
PATIENCE_S: Final = 10.0
"""Within that a client must take a piece. [s]"""
MOST_WAITING_BYTES: Final = 32 * 1024 * 1024
"""Of all large answers that are being sent; where they are more, who has not read for longest is cut off. [bytes]"""


@dataclass(eq=False, slots=True)
class _Sending:
    """An answer on its way; when its client last took a piece, by the loop's clock. [s]."""

    writer: AbstractStreamWriter
    size: int
    moved_s: float

    def cut(self) -> None:
        if self.writer.transport is not None:
            self.writer.transport.abort()


class Unread:
    """Large answers that are being sent.

    Args:
        on_cut: called for each client that is cut off.
    """

    def __init__(self, on_cut: Callable[[], None]) -> None:
        self._on_cut = on_cut
        self._sending: set[_Sending] = set()

    def in_pieces(self, response: web.StreamResponse) -> None:
        """Make a large answer leave in pieces."""
        body = response.body if isinstance(response, web.Response) else None
        if isinstance(response, web.Response) and isinstance(body, bytes) and len(body) > PIECE_BYTES:
            response.body = _Pieces(body, self)

    async def send(self, writer: AbstractStreamWriter, body: memoryview) -> None:
        """Send a body.

        Raises:
            ConnectionError: the client went away, or was cut off.
        """
        loop = asyncio.get_running_loop()
        sending = _Sending(writer, len(body), loop.time())
        self._sending.add(sending)
        try:
            self._make_room(sending)
            for begin in range(0, len(body), PIECE_BYTES):
                async with asyncio.timeout(PATIENCE_S):
                    await writer.write(bytes(body[begin : begin + PIECE_BYTES]))
                    await writer.drain()
                sending.moved_s = loop.time()
        except TimeoutError:
            self._cut(sending)
            raise ConnectionResetError("the client does not read") from None
        finally:
            self._sending.discard(sending)

    def _make_room(self, newest: _Sending) -> None:
        others = sorted(self._sending - {newest}, key=lambda one: one.moved_s, reverse=True)
        while others and sum(one.size for one in self._sending) > MOST_WAITING_BYTES:
            self._cut(others.pop())

    def _cut(self, sending: _Sending) -> None:
        self._on_cut()
        self._sending.discard(sending)
        sending.cut()


class _Pieces(Payload):
    """A body that is sent by `Unread.send`."""

    def __init__(self, body: bytes, unread: Unread) -> None:
        super().__init__(body)
        self._size = len(body)
        self._unread = unread

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """As text."""
        text: str = self._value.decode(encoding, errors)
        return text

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send it."""
        await self._unread.send(writer, memoryview(self._value))
