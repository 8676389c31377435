"""`quaystream up` as a person starts it, with folders and ports of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from bench.page.browser import chromium
from infra.machine.processes import free_port
from infra.settings import PREFIX
from tests.processes import Process, family, living

QUAYSTREAM = str(Path(sys.executable).with_name("quaystream"))


class Up:
    """One `quaystream up` in a session of its own, as in a terminal of its own.

    Args:
        state: its state folder.
        arguments: of the command.
        logs: where its output goes; None: beside the state folder.
        settings: more settings, without the prefix.
    """

    def __init__(self, state: Path, *arguments: str, logs: Path | None = None, **settings: str) -> None:
        self.address = settings.get("HTTP") or f"127.0.0.1:{free_port()}"
        self._log = Path(tempfile.mkstemp(prefix="up-", suffix=".log", dir=logs or state.parent)[1])
        own = {"STATE_DIR": str(state), "HTTP": self.address, **settings}
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        self.environment |= {f"{PREFIX}{name}": value for name, value in own.items()}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [QUAYSTREAM, "up", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it has written."""
        return self._log.read_text(errors="replace")

    def shows(self, *texts: str, within_s: float = 60.0) -> None:
        """Wait until it has written all of these."""
        end = time.monotonic() + within_s
        while missing := [text for text in texts if text not in self.output]:
            assert self.process.poll() is None, f"it ended before it showed {missing}:\n{self.output}"
            assert time.monotonic() < end, f"it did not show {missing} within {within_s:g} s:\n{self.output}"
            time.sleep(0.02)

    def child(self, command: str) -> Process:
        """The process among its descendants whose command line holds a text; the first one started."""
        return min((one for one in family(self.process.pid) if command in one.command), key=lambda one: one.started)

    def ended(self, within_s: float = 40.0) -> int:
        """Wait for its end; the exit code."""
        return self.process.wait(within_s)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """SIGINT to its group, as Ctrl-C sends it, else to it alone; nothing may be left running; the exit code."""
        processes = family(self.process.pid)
        (os.killpg if number is signal.SIGINT else os.kill)(self.process.pid, number)
        code = self.ended()
        assert living(processes) == [], self.output
        return code

    def joined(self, script: str, within_s: float = 30.0) -> subprocess.CompletedProcess[str]:
        """Run a script in a shell that has joined the stack by `quaystream env`, and knows no more than its folder."""
        return subprocess.run(
            self._joining(script), env=self._bare, capture_output=True, text=True, timeout=within_s, check=False
        )

    def beside(self, command: str) -> subprocess.Popen[bytes]:
        """Start one command that has joined the stack in the same way."""
        return subprocess.Popen(self._joining(f"exec {command}"), env=self._bare, stdout=subprocess.DEVNULL)

    @property
    def _bare(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", f"{PREFIX}STATE_DIR": self.environment[f"{PREFIX}STATE_DIR"]}

    @staticmethod
    def _joining(script: str) -> list[str]:
        return ["bash", "-euo", "pipefail", "-c", f'eval "$({QUAYSTREAM} env)"\n{script}']


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the servers' user may enter, with room for a state folder and logs; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="quaystream-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _ending(up: Up) -> Iterator[Up]:
    """Stop it at the end of a test that has not done so, whatever came of the test."""
    try:
        yield up
    finally:
        if up.process.poll() is None:
            up.stop()


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder of the test's own."""
    with _folder() as folder:
        yield folder / "state"


@pytest.fixture
def start(state: Path) -> Iterator[Callable[..., Up]]:
    """Starts `quaystream up` with the test's state folder; what still runs is stopped after the test."""
    with ExitStack() as started:
        yield lambda *arguments, **settings: started.enter_context(_ending(Up(state, *arguments, **settings)))


@pytest.fixture(scope="session")
def terminal() -> Iterator[Up]:
    """A simulated terminal with half an hour of history, shared by all tests that only look at it or add to it."""
    with _folder() as folder, _ending(Up(folder / "state", "--simulate", "demo", "--backfill", "30m")) as up:
        up.shows("ready: open", "backfill done")
        yield up
        assert up.process.poll() is None, up.output


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """A browser without a past."""
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver
