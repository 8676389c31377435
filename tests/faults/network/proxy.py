"""A TCP proxy that misbehaves on demand, in a thread of its own: what is set takes effect at once."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

READ_BYTES = 65_536
HELD_S = 0.01
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST."""


@dataclass
class Weather:
    """How the network is.

    Attributes:
        delay_s: added to each piece, both ways. [s]
        jitter_s: up to so much more or less of it. [s]
        slice_bytes: pieces are cut to so many bytes; 0: as they come.
        silent: nothing gets through, and no side sees an error; new connections hang too.
        cut_after: the connection ends when the server has answered to what ends with these bytes; the answer is lost.
        cut_every: this happens at every so many of them.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    slice_bytes: int = 0
    silent: bool = False
    cut_after: bytes = b""
    cut_every: int = 1


class Proxy:
    """Between a client and a server, from `with` to its end.

    Args:
        url: of the server; `Proxy.url` is the same by way of the proxy.
        seed: of the jitter.
        address: it listens there.
    """

    def __init__(self, url: str, seed: int = 1, address: str = "127.0.0.1") -> None:
        self._address = address
        self.weather = Weather()
        self.cuts = 0
        self._url = url
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 0)
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._seen = 0
        self._thread = threading.Thread(target=self._loop.run_forever, name="chaos proxy", daemon=True)
        self._server: asyncio.Server
        self.port = 0

    @property
    def url(self) -> str:
        """The server's URL by way of the proxy."""
        parts = urlsplit(self._url)
        user = f"{parts.username}:{parts.password}@" if parts.username else ""
        return urlunsplit(parts._replace(netloc=f"{user}{self._address}:{self.port}"))

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, self._address, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def reset(self) -> int:
        """End all connections with RST; how many there were."""
        count: int = self._call(self._reset())
        return count

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _stop(self) -> None:
        self._server.close()
        await self._reset()
        own = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not own:
                task.cancel()
        await asyncio.sleep(0)

    async def _reset(self) -> int:
        pairs = list(self._pairs)
        for pair in pairs:
            self._end(pair)
        return len(pairs)

    def _end(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self._pairs.discard(pair)
        for writer in pair:
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        await self._while_silent()
        try:
            server, to_server = await asyncio.open_connection(*self._target)
        except OSError:
            to_client.transport.abort()
            return
        pair = (to_client, to_server)
        self._pairs.add(pair)
        cutting = asyncio.Event()
        up = asyncio.ensure_future(self._carry(client, to_server, cutting, upwards=True))
        down = asyncio.ensure_future(self._carry(server, to_client, cutting, upwards=False))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            self._end(pair)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cutting: asyncio.Event, *, upwards: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(READ_BYTES):
                if cutting.is_set() and not upwards:
                    self.cuts += 1
                    return  # the server has done it, and no answer arrives
                if upwards and self._is_last_word(data):
                    cutting.set()
                await self._while_silent()
                await self._write(writer, data)

    def _is_last_word(self, data: bytes) -> bool:
        if not self.weather.cut_after or not data.endswith(self.weather.cut_after):
            return False
        self._seen += 1
        return self._seen % self.weather.cut_every == 0

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        weather = self.weather
        size = weather.slice_bytes or len(data)
        if weather.delay_s:
            await asyncio.sleep(max(0.0, weather.delay_s + self._random.uniform(-1, 1) * weather.jitter_s))
        for at in range(0, len(data), size):
            writer.write(data[at : at + size])
            await writer.drain()
            if size < len(data):
                await asyncio.sleep(0)

    async def _while_silent(self) -> None:
        while self.weather.silent:
            await asyncio.sleep(HELD_S)
