"""The worker under a supervisor, as a service manager would run it: whatever ends it, it is started again."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from prometheus_client.parser import text_string_to_metric_families

from infra.machine.processes import end_with_parent, free_port
from tests.faults.network.namespace import Namespace

RESTART_S = 0.2
READY_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 60.0
SETTLED_S, SETTLED_WITHIN_S = 2.0, 20.0
PREFIX = "quaystream_ingest_"


@dataclass(frozen=True)
class Account:
    """What became of samples, by the worker's metrics."""

    received: float
    stored: float
    duplicate: float
    quarantined: float

    @property
    def closes(self) -> bool:
        """Whether what was received is stored, duplicate or quarantined, to the last sample."""
        return self.received == self.stored + self.duplicate + self.quarantined

    def __str__(self) -> str:
        sign = "=" if self.closes else "≠"
        return f"{self.received:g} {sign} {self.stored:g} + {self.duplicate:g} + {self.quarantined:g}"


class Ingest:
    """`quaystream ingest`, supervised between `with` and its end.

    Args:
        environment: settings for it.
        log: file for what it writes.
        launch: arguments of `tests.faults.launch` for each life; empty: the product as it is.
        place: the network namespace to run in; None: this one.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        launch: Callable[[int], list[str]],
        place: Namespace | None = None,
    ) -> None:
        self.port = free_port()
        self._place = place
        self._address = place.inside if place is not None else "127.0.0.1"
        self.log = log
        self.lives = 0
        self.ends: list[int] = []
        self._environment = {**os.environ, **environment, "QUAYSTREAM_INGEST_HTTP": f"{self._address}:{self.port}"}
        self._launch = launch
        self._stopping = threading.Event()
        self._held = threading.Event()
        self._started = threading.Event()
        self.process: subprocess.Popen[bytes]
        self._thread = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _start(self) -> None:
        extra = self._launch(self.lives)
        command = [sys.executable, "-m", *(["tests.faults.launch", *extra] if extra else ["infra", "ingest"])]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self._place.command(command) if self._place is not None else command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 - prctl has no other place
            )
        self.lives += 1

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            code = self.process.poll()
            if code is None:
                time.sleep(0.02)
                continue
            self.ends.append(code)
            while self._held.is_set() and not self._stopping.is_set():
                time.sleep(0.02)
            if not self._stopping.wait(RESTART_S):
                self._start()

    def hold(self) -> None:
        """Start it no more when it ends, until `release`."""
        self._held.set()

    def release(self) -> None:
        """Start it again."""
        self._held.clear()

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()

    def terminate(self) -> float:
        """SIGTERM; how long it took to end. [s]."""
        process, began = self.process, time.monotonic()
        process.terminate()
        process.wait(STOP_TIMEOUT_S)
        return time.monotonic() - began

    def freeze(self) -> None:
        """SIGSTOP."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    def wait_ready(self) -> Self:
        """Wait until it reports that it is ready.

        Raises:
            RuntimeError: it does not.
        """
        if not self.becomes(lambda: bool(self.readiness().get("ready")), READY_TIMEOUT_S):
            raise RuntimeError(f"the worker is not ready: {self.readiness()}\n{self.log_end()}")
        return self

    @staticmethod
    def becomes(condition: Callable[[], bool], within_s: float) -> bool:
        """Whether a condition comes true in time."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.02)
        return False

    def readiness(self) -> dict[str, Any]:
        """The answer of /readyz; {} while it does not answer."""
        try:
            return dict(json.loads(self._get("/readyz")))
        except (OSError, ValueError):
            return {}

    def _get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://{self._address}:{self.port}{path}", timeout=2) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def metrics(self) -> dict[str, float]:
        """Its metrics without prefix, labels in braces: `samples_total{stored}`; {} while it does not answer."""
        try:
            text = self._get("/metrics")
        except OSError:
            return {}
        found: dict[str, float] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = f"{{{','.join(sample.labels.values())}}}" if sample.labels else ""
                found[sample.name.removeprefix(PREFIX) + labels] = sample.value
        return found

    def account(self) -> Account:
        """What became of samples in this run of it."""
        values = self.metrics()
        fates = [
            values.get(f"samples_total{{{fate}}}", 0.0) for fate in ("received", "stored", "duplicate", "quarantined")
        ]
        return Account(*fates)

    def memory_mib(self) -> float:
        """Its resident set. [MiB]."""
        return resident_mib(self.process.pid)

    def files(self) -> int:
        """How many files it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def settled_files(self) -> int:
        """The same once all its work has begun: nothing was opened or closed for two seconds."""
        end = time.monotonic() + SETTLED_WITHIN_S
        files, since = self.files(), time.monotonic()
        while time.monotonic() < min(since + SETTLED_S, end):
            time.sleep(0.1)
            if self.files() != files:
                files, since = self.files(), time.monotonic()
        return files

    def log_end(self) -> str:
        """The last lines it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def resident_mib(pid: int) -> float:
    """Resident set of a process. [MiB]."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
