"""A private Mosquitto on loopback."""

import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from infra.access.device_accounts import Credential
from infra.machine import persistence
from infra.machine.binaries import Binaries, StackError
from infra.machine.broker_users import BrokerUser, configuration
from infra.machine.persistence import Profile
from infra.machine.processes import (
    Owner,
    end_with_parent,
    free_port,
    listening,
    many_files,
    pid_of_earlier,
    private_file,
    private_folder,
    stop,
    wait_until,
)

TEMPLATE = Path(__file__).with_name("mosquitto.conf")
USERS_FILE = "users.json"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0


class PrivateBroker:
    """One broker with a folder of its own.

    Args:
        binaries: its programs.
        folder: holds its configuration, queue and log.
        owner: runs it.
        passwords: of its users.
        profile: whether it stores before it acknowledges.
        choose_port: gives the port at the first start.
        devices: gives what devices connect with, at each start.
        senders_admitted: whether devices and integrators may connect, at each start.
        integrator_speaks: whether integrators may publish for devices.
    """

    def __init__(
        self,
        binaries: Binaries,
        folder: Path,
        owner: Owner,
        passwords: Mapping[BrokerUser, str],
        profile: Profile,
        choose_port: Callable[[], int] = free_port,
        devices: Callable[[], Iterable[Credential]] = tuple,
        senders_admitted: Callable[[], bool] = lambda: True,
        *,
        integrator_speaks: bool = True,
    ) -> None:
        self._binaries = binaries
        self._folder = folder
        self._owner = owner
        self._passwords = passwords
        self._choose_port = choose_port
        self._devices = devices
        self._senders_admitted = senders_admitted
        self._integrator_speaks = integrator_speaks
        self._profile = profile
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def url_of(self, user: BrokerUser) -> str:
        """URL of the broker, with the credentials of a user."""
        return f"mqtt://{user.name}:{self._passwords[user]}@127.0.0.1:{self.port}"

    @property
    def configuration_file(self) -> Path:
        """The file that it was started with."""
        return self._folder / "mosquitto.conf"

    @property
    def _users_file(self) -> Path:
        return self._folder / USERS_FILE

    @property
    def pid(self) -> int:
        """Process id of the broker, 0 when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    @property
    def exit_code(self) -> int | None:
        """How its process has ended; None while it runs, or before it was started."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start, on the port used before if there was one.

        Raises:
            StackError: it does not start; the message has the end of its log.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start its process. In the main thread: the kernel ends a child with the thread that has made it."""
        private_folder(self._folder, self._owner)
        # One that is ending still writes to the queue.
        pid_of_earlier(self._folder / "mosquitto.pid", str(self.configuration_file), STOP_TIMEOUT_S)
        self.port = self.port or self._choose_port()  # after it: one that is ending may have the port
        users = configuration(
            self._passwords,
            self._devices(),
            senders_admitted=self._senders_admitted(),
            integrator_speaks=self._integrator_speaks,
        )
        private_file(self._users_file, users, self._owner)
        private_file(self.configuration_file, self._configuration(), self._owner)

        def before() -> None:
            many_files()
            end_with_parent(signal.SIGTERM)()

        with (self._folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries.mosquitto), "-c", str(self.configuration_file)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=before,  # noqa: PLW1509 - no threads here; prctl has no other place
                **self._owner.arguments(),
            )

    def wait_ready(self) -> None:
        """Wait until the launched process accepts connections.

        Raises:
            StackError: it does not; the message has the end of its log.
        """
        launched = self._process
        if launched is None or not wait_until(lambda: listening(self.port), launched, START_TIMEOUT_S):
            raise StackError(f"Mosquitto does not start; the end of its log:\n{self.log_end()}")

    def stop(self) -> None:
        """Stop; the queue is on disk."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, STOP_TIMEOUT_S)

    def kill(self) -> None:
        """Kill -9, as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def log_end(self) -> str:
        """The last lines the broker wrote."""
        texts = [self._folder / name for name in ("output.log", "mosquitto.log")]
        return "\n".join(line for path in texts if path.exists() for line in path.read_text().splitlines()[-8:])

    def _configuration(self) -> str:
        return TEMPLATE.read_text().format(
            user=self._owner.name,
            folder=self._folder,
            port=self.port,
            dynamic_security=self._binaries.dynamic_security,
            users=self._users_file,
            persistence=persistence.configuration(self._profile, self._binaries.persist_sqlite, self._folder),
        )
