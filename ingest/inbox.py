"""Messages read and not yet in a batch; reading pauses at a mark and resumes at a lower one."""

import asyncio
import contextlib

from infra.mqtt import Mqtt
from ingest.messages import Inbound

PAUSE_BYTES = 32 * 1024 * 1024
RESUME_SHARE = 0.5


class Inbox:
    """A bounded buffer between the connection and the batches.

    Args:
        batch_messages: most messages handed out at once.
        pause_messages: reading pauses when more wait; half of it resumes.
        linger_s: longest wait for a batch to fill. [s]
    """

    def __init__(self, batch_messages: int, pause_messages: int, linger_s: float) -> None:
        self._batch = batch_messages
        self._pause = pause_messages
        self._linger_s = linger_s
        self._waiting: list[Inbound] = []
        self._bytes = 0
        self._some = asyncio.Event()
        self._full = asyncio.Event()
        self.mqtt: Mqtt | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def waiting_bytes(self) -> int:
        """Payload bytes waiting."""
        return self._bytes

    def put(self, messages: list[Inbound]) -> None:
        """Take messages in."""
        self._waiting += messages
        self._bytes += sum(len(message.payload) for message in messages)
        self._some.set()
        if len(self._waiting) >= self._batch:
            self._full.set()
        if self.mqtt is not None and (len(self._waiting) >= self._pause or self._bytes >= PAUSE_BYTES):
            self.mqtt.pause()

    async def take(self, wait_s: float) -> list[Inbound]:
        """The next batch in order of arrival; empty when nothing came within `wait_s`."""
        if not self._waiting:
            self._some.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._some.wait()
        if self._waiting and len(self._waiting) < self._batch and self._linger_s:
            self._full.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._linger_s):
                    await self._full.wait()
        batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
        self._bytes -= sum(len(message.payload) for message in batch)
        self._resume()
        return batch

    def _resume(self) -> None:
        low = len(self._waiting) <= self._pause * RESUME_SHARE and self._bytes <= PAUSE_BYTES * RESUME_SHARE
        if low and self.mqtt is not None and self.mqtt.paused:
            self.mqtt.resume()
