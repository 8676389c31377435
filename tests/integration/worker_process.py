"""The ingest worker as a child process, as `quaystream up` would start it."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.machine.database_users import WORKER
from infra.machine.processes import free_port, wait_until
from tests.database_users import at_database


class WorkerProcess:
    """One `quaystream ingest`, with the worker's user at the test's database."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra", "ingest"],
                env={
                    **os.environ,
                    **at_database(environment, WORKER),
                    "QUAYSTREAM_INGEST_HTTP": f"127.0.0.1:{self.port}",
                },
                stdout=output,
                stderr=output,
            )
        assert wait_until(self.ready, self.process, 120), log.read_text()

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        return bool(self.get("/readyz").get("ready"))

    def get(self, path: str) -> Any:
        """A JSON answer of its HTTP, {} while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
        except OSError:
            return {}

    def text(self, path: str) -> str:
        """A text answer of its HTTP."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
            read: bytes = answer.read()
            return read.decode()

    def metric(self, name: str) -> float:
        """One of its metrics, without the common prefix; 0 where it has not been counted yet."""
        start = f"quaystream_ingest_{name} "
        lines = self.text("/metrics").splitlines()
        return next((float(line.removeprefix(start)) for line in lines if line.startswith(start)), 0.0)

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[WorkerProcess]:
    """A worker that is ready; stopped at the end, and its exit code must be 0."""
    process = WorkerProcess(environment, log)
    try:
        yield process
    except BaseException:
        sys.stdout.write(f"the worker (exit code {process.process.poll()}) wrote:\n{log.read_text()}\n")
        raise
    finally:
        if process.process.poll() is None:
            assert process.stop() == 0, log.read_text()
