"""What waits to be sent to one WebSocket client; no I/O here."""

import asyncio
from collections import deque

MOST_FRAMES = 64
MOST_BYTES = 8 * 1024 * 1024
"""A client this far behind is not reading: at usual rates some ten seconds."""

GOING_AWAY = 1001
INTERNAL_ERROR = 1011
TRY_AGAIN_LATER = 1013


class Outbox:
    """Bounded queue of encoded frames. It never waits for a slow reader: it ends.

    Args:
        most_frames: frames held at most.
        most_bytes: bytes held at most; one frame alone may be larger.

    Attributes:
        close_code: WebSocket close code, once the end has come.
        reason: the end in words, for the client.
        ended: set at the end.
    """

    def __init__(self, most_frames: int = MOST_FRAMES, most_bytes: int = MOST_BYTES) -> None:
        self._most_frames = most_frames
        self._most_bytes = most_bytes
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self.ended = asyncio.Event()
        self.close_code = 1000
        self.reason = ""

    def __len__(self) -> int:
        return len(self._frames)

    def offer(self, frame: bytes) -> bool:
        """Put a frame in; False when there was no room and the end has come, or had come before."""
        if self.ended.is_set():
            return False
        if self._frames and (len(self._frames) >= self._most_frames or self._bytes + len(frame) > self._most_bytes):
            self.end(TRY_AGAIN_LATER, "too slow: frames were not read in time; connect again")
            return False
        self._frames.append(frame)
        self._bytes += len(frame)
        self._filled.set()
        return True

    def end(self, code: int, reason: str) -> None:
        """End it, once; what waits is thrown away."""
        if self.ended.is_set():
            return
        self.close_code, self.reason = code, reason
        self._frames.clear()
        self._bytes = 0
        self.ended.set()

    async def next(self) -> bytes:
        """Wait for the next frame and take it out."""
        while not self._frames:
            self._filled.clear()
            await self._filled.wait()
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        return frame
