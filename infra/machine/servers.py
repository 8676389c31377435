"""The private servers as parts of a stack that is watched."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Protocol

from infra.machine.liveness import Liveness


class Server(Protocol):
    """A private server."""

    @property
    def pid(self) -> int:
        """Its process id, 0 where it does not run."""

    @property
    def exit_code(self) -> int | None:
        """Of its process; None while that runs."""

    def launch(self) -> None:
        """Start its process, in the main thread."""

    def wait_ready(self) -> None:
        """Wait until it can be used."""

    def log_end(self) -> str:
        """The last lines of its log."""


class ServerPart:
    """A private server, which the stack has started.

    Args:
        name: how it is called.
        server: itself.
        liveness: asks whether it does its work.
        end: ends its process where it does not, whatever state that is in.
    """

    def __init__(self, name: str, server: Server, liveness: Liveness, end: Callable[[], None]) -> None:
        self.name = name
        self._server = server
        self._liveness = liveness
        self._end = end

    async def start(self) -> None:
        """Start it once more, on the port that it had; return when it can be used.

        Raises:
            StackError: it does not start.
        """
        self._server.launch()
        await asyncio.to_thread(self._server.wait_ready)

    async def ended(self) -> str:
        """Wait until its process has ended, or end it where it does no work; how it ended."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        try:
            process = os.pidfd_open(self._server.pid)
        except ProcessLookupError:  # already
            return self._how()
        loop.add_reader(process, over.set)
        wedged = asyncio.create_task(self._liveness.lost(), name=f"liveness of {self.name}")
        ending = asyncio.create_task(over.wait(), name=f"end of {self.name}")
        try:
            await asyncio.wait({wedged, ending}, return_when=asyncio.FIRST_COMPLETED)
            if over.is_set():
                return self._how()
            with contextlib.suppress(subprocess.TimeoutExpired):  # what hangs in the kernel ends when it lets go
                await asyncio.to_thread(self._end)
            await over.wait()
            return f"{wedged.result()} and was ended"
        finally:
            for task in (wedged, ending):
                task.cancel()
            loop.remove_reader(process)
            os.close(process)

    def _how(self) -> str:
        return f"ended with exit code {self._server.exit_code}"

    def last_lines(self) -> Sequence[str]:
        """The end of its log."""
        return self._server.log_end().splitlines()
