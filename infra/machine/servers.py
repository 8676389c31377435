"""The private servers as parts of a stack that is watched."""

import asyncio
import os
from collections.abc import Sequence
from typing import Protocol


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
    """

    def __init__(self, name: str, server: Server) -> None:
        self.name = name
        self._server = server

    async def start(self) -> None:
        """Start it once more, on the port that it had; return when it can be used.

        Raises:
            StackError: it does not start.
        """
        self._server.launch()
        await asyncio.to_thread(self._server.wait_ready)

    async def ended(self) -> str:
        """Wait until its process has ended; how it ended."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        try:
            process = os.pidfd_open(self._server.pid)
        except ProcessLookupError:  # already
            return self._how()
        loop.add_reader(process, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(process)
            os.close(process)
        return self._how()

    def _how(self) -> str:
        return f"ended with exit code {self._server.exit_code}"

    def last_lines(self) -> Sequence[str]:
        """The end of its log."""
        return self._server.log_end().splitlines()
