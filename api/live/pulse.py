"""Signals that something changed, gathered so that not each of them costs a frame."""

import asyncio

GATHER_S = 0.01
"""What one commit changes arrives within a few ms: one frame for all of it."""
INTERVAL_S = 0.2
"""Between two frames."""


class Pulse:
    """An event that comes at most five times a second."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._last_s = -INTERVAL_S

    def signal(self) -> None:
        """Something changed."""
        self._event.set()

    async def wait(self) -> None:
        """Wait until something changed, and until what changes with it has come.

        What changes while the caller handles this, signals the next pulse.
        """
        await self._event.wait()
        time = asyncio.get_running_loop().time
        await asyncio.sleep(max(GATHER_S, self._last_s + INTERVAL_S - time()))
        self._event.clear()
        self._last_s = time()
