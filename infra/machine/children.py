"""Our own programs as child processes of `quaystream up`."""

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence

from infra.machine.console import write_line
from infra.machine.processes import end_with_parent

STOP_TIMEOUT_S = 15.0
LAST_LINES = 15
LONGEST_LINE_BYTES = 1 << 20


class Child:
    """One `quaystream COMMAND` in a process and session of its own, so that Ctrl-C does not reach it before its turn.

    Args:
        command: the command and its arguments.
        environment: settings for it.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = command[0]
        self._command = command
        self._environment = dict(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._lines: deque[str] = deque(maxlen=LAST_LINES)

    async def start(self) -> None:
        """Start its process."""
        self._lines.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "infra",
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self._environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            limit=LONGEST_LINE_BYTES,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )

    async def ended(self) -> str:
        """Pass on what it writes until it ends; how it ended."""
        process = self._process
        if process is None or process.stdout is None:
            raise RuntimeError(f"{self.name} was not started")
        while line := await _line(process.stdout):
            text = line.decode(errors="replace").rstrip()
            self._lines.append(text)
            write_line(f"[{self.name}] {text}", sys.stderr)
        return f"ended with exit code {await process.wait()}"

    def last_lines(self) -> Sequence[str]:
        """The last lines of its output."""
        return list(self._lines)

    async def stop(self) -> None:
        """Ask it to end, and kill it when it does not."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; empty at the end."""
    try:
        return await stream.readline()
    except ValueError:
        return b"(a line too long to be shown)\n"
