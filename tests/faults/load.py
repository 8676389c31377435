"""The ledger's publisher as a process of its own, so that no fault of an experiment slows it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.machine.processes import end_with_parent
from simulators.ledger.records import LedgerError, Records, read

END_TIMEOUT_S = 120.0


class Load:
    """`python -m simulators.ledger publish`, ended with its `with`.

    Args:
        environment: settings for it; names the broker.
        ledger: file to write.
        terminal: of its messages.
        arguments: more of the command's.
    """

    def __init__(self, environment: Mapping[str, str], ledger: Path, terminal: str, *arguments: str) -> None:
        self.ledger = ledger
        self.terminal = terminal
        self.summary: dict[str, Any] = {}
        self._environment = {**os.environ, **environment, "PYTHONFAULTHANDLER": "1"}
        self._command = [sys.executable, "-m", "simulators.ledger", "publish", str(ledger), "--terminal", terminal]
        self._command += arguments
        self.process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 - prctl has no other place
        )
        while self.process.poll() is None and not self._began():
            time.sleep(0.01)
        return self

    def _began(self) -> bool:
        """Whether it has sent something, and so listens to signals."""
        try:
            return len(self.records()) > 0
        except (OSError, LedgerError):
            return False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def stop(self) -> Records:
        """Send no more, wait until what was sent is acknowledged; the ledger."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> Records:
        """Wait for its own end; the ledger.

        Raises:
            RuntimeError: it failed, or does not end.
        """
        try:
            out, errors = self.process.communicate(timeout=END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # the fault handler prints where it hangs
            errors = self.process.communicate()[1]
            raise RuntimeError(f"the publisher does not end: {errors[-3000:]}") from None
        if self.process.returncode:
            raise RuntimeError(f"the publisher failed ({self.process.returncode}): {errors[-800:]}")
        self.summary = json.loads(out)
        return self.records()

    def records(self) -> Records:
        """The ledger as it is now."""
        return read(self.ledger)
