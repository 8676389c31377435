"""The API as a process of its own, and requests to it with the time that each took."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from infra.machine.processes import end_with_parent, free_port
from tests.faults.bed import Bed
from tests.faults.supervised import Ingest

START_S = 30.0
ANSWER_S = 30.0
Answer = tuple[int, float, str]
"""Status (0: none), how long it took [s], and the code of an error."""


class Api:
    """`quaystream api` between `with` and its end, beside a worker."""

    def __init__(self, bed: Bed, worker: Ingest) -> None:
        self._port = free_port()
        self._log = bed.folder / f"{bed.name}-api.log"
        own = {
            "QUAYSTREAM_HTTP": f"127.0.0.1:{self._port}",
            "QUAYSTREAM_INGEST_HTTP": f"127.0.0.1:{worker.port}",
        }
        self._environment = {**os.environ, **bed.environment, **own}

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra", "api"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 - prctl has no other place
            )
        end = time.monotonic() + START_S
        while self.get("/readyz")[0] != 200:
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"the API is not ready: {self._log.read_text()[-800:]}")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def get(self, path: str) -> Answer:
        """One request."""
        began, code = time.monotonic(), ""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=ANSWER_S) as answer:
                status = int(answer.status)
                answer.read()
        except urllib.error.HTTPError as error:
            status, code = error.code, str(json.loads(error.read()).get("error", {}).get("code", ""))
        except OSError:
            status = 0
        return status, time.monotonic() - began, code

    def get_many(self, path: str, count: int, during_s: float) -> list[Answer]:
        """So many requests at once; returns when all are answered, after `during_s` at the earliest."""
        began = time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            found = list(pool.map(lambda _n: self.get(path), range(count)))
        time.sleep(max(0.0, began + during_s - time.monotonic()))
        return found
