"""quaystream's own programs as processes of a measurement, and what they cost."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

STOP_TIMEOUT_S = 20.0
READY_TIMEOUT_S = 60.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Program:
    """`quaystream COMMAND` as a child process; stopped at the end of the `with`.

    Args:
        command: the command and its arguments.
        environment: settings for it.
        log: file for what it writes.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", "infra", *command]
        self._environment = {**os.environ, **environment}
        self._log = log
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        return self

    def __exit__(self, *_details: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def wait_ready(self, address: str) -> None:
        """Wait until it answers 200 at /readyz.

        Raises:
            RuntimeError: it ended, or was not ready in time.
        """
        end = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < end:
            self.check()
            try:
                with urllib.request.urlopen(f"http://{address}/readyz", timeout=3) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"{self._command[3]} was not ready after {READY_TIMEOUT_S:.0f} s")

    def check(self) -> None:
        """Raise RuntimeError with the end of its log if it has ended."""
        if self.process.poll() is not None:
            lines = self._log.read_text(errors="replace").splitlines()[-10:]
            raise RuntimeError(f"{self._command[3]} ended with code {self.process.returncode}:\n" + "\n".join(lines))


def cpu_s(pid: int) -> float:
    """CPU time of a process and of the children it has waited for, so far [s]."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS_PER_S


def family_cpu_s(pid: int) -> float:
    """CPU time of a process and of its living children, such as PostgreSQL's [s]."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    spent_s = cpu_s(pid)
    for child in children:
        with suppress(OSError):  # it may have ended by now
            spent_s += cpu_s(int(child))
    return spent_s


def peak_memory_mib(pid: int) -> float:
    """Largest resident set of a process so far [MiB]."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
