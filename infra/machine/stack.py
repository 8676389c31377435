"""The one-machine stack: a private database and a private broker, with a note of where they are."""

import fcntl
import hashlib
import os
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO, TypeVar

from infra.machine import note, parts
from infra.machine.admission import Admission
from infra.machine.binaries import Binaries, Report, StackError, find
from infra.machine.broker import PrivateBroker
from infra.machine.broker_users import ADMIN, INTEGRATOR, BrokerUser
from infra.machine.credentials import Credentials, credentials
from infra.machine.device_users import DeviceUsers
from infra.machine.disk import Reserve, full
from infra.machine.note import LOCK, StackNote
from infra.machine.persistence import Profile
from infra.machine.ports import Ports
from infra.machine.postgres import PrivatePostgres
from infra.machine.processes import Owner, owner_of, private_folder, reachable
from infra.machine.servers import ServerPart

T = TypeVar("T")
ROOT_DATA = Path("/var/lib/quaystream")
"""Where root's servers keep their data when the state folder is closed to the user they run as."""


class Stack:
    """Starts both servers and stops them; data, credentials and ports of a running stack are kept in between.

    Args:
        state_dir: holds the data and the note `stack.json`.
        cache_dir: holds the programs.
        profile: whether the broker stores before it acknowledges.
        report: takes a line for each step.
        database_url: where a database runs already; none is started then.
        mqtt_url: where a broker runs already; none is started then.
        reserve_bytes: of the disk; while less is left, the private broker refuses senders.
        integrator_speaks: whether integrators may publish for devices at the private broker.

    Attributes:
        ports: those of the state folder.
        reserve: what is left on the disk.
    """

    def __init__(
        self,
        state_dir: Path,
        cache_dir: Path,
        *,
        profile: Profile = "durable",
        report: Report = print,
        database_url: str | None = None,
        mqtt_url: str | None = None,
        reserve_bytes: int = 0,
        integrator_speaks: bool = True,
    ) -> None:
        self._given_database = database_url
        self._given_mqtt = mqtt_url
        self._state_dir = state_dir.absolute()
        self._cache_dir = cache_dir.absolute()
        self.ports = Ports(self._state_dir, report)
        self.reserve = Reserve(self.folders, reserve_bytes)
        self._integrator_speaks = integrator_speaks
        self._profile: Profile = profile
        self._report = report
        self._binaries: Binaries | None = None
        self._postgres: PrivatePostgres | None = None
        self._broker: PrivateBroker | None = None
        self._lock: TextIO | None = None
        self._folder: Path | None = None
        self._credentials: Credentials | None = None
        self._device_users: DeviceUsers | None = None

    @property
    def binaries(self) -> Binaries:
        """The programs in use; there are none where both servers were given."""
        return _started(self._binaries)

    @property
    def postgres(self) -> PrivatePostgres:
        """The private database."""
        return _started(self._postgres)

    @property
    def broker(self) -> PrivateBroker:
        """The private broker."""
        return _started(self._broker)

    @property
    def database_url(self) -> str:
        """URL of the database."""
        return self._given_database or self.postgres.url

    @property
    def mqtt_url(self) -> str:
        """URL of the broker, for who may do everything there."""
        return self.mqtt_url_of(ADMIN)

    def mqtt_url_of(self, user: BrokerUser) -> str:
        """URL of the broker; of one that was given the URL that was given, whose user is the user's choice."""
        return self._given_mqtt or self.broker.url_of(user)

    @property
    def client_id(self) -> str | None:
        """Client id of the worker at the private broker; None where a broker was given."""
        return None if self._given_mqtt is not None else _started(self._credentials).client_id

    def __enter__(self) -> Self:
        self._state_dir.mkdir(parents=True, exist_ok=True)
        self._lock = self._alone()
        try:
            if self._given_database is None or self._given_mqtt is None:
                self._start()
            self.write_note({})
        except BaseException:
            self._lock.close()
            raise
        return self

    def _alone(self) -> TextIO:
        """The lock of the state folder; the kernel lifts it when it is closed, or when this process has ended."""
        file = (self._state_dir / LOCK).open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StackError(
                f"a stack runs already with {self._state_dir}; stop it, or set QUAYSTREAM_STATE_DIR to another folder"
            ) from None
        return file

    def _start(self) -> None:
        self._binaries = binaries = find(self._cache_dir, self._report)
        if binaries.warning:
            self._report(f"warning: {binaries.warning}")
        self._refuse_full_disk()
        folder, owner = self._service_folder(binaries)
        self._folder = folder
        self._refuse_full_disk()
        self._credentials = secret = credentials(self._state_dir)
        self._postgres = PrivatePostgres(
            binaries, folder / "postgres", owner, secret.database, partial(self.ports.of, "TimescaleDB")
        )
        try:
            if self._given_database is None:
                self._report("starting TimescaleDB")
                self._postgres.start()
            if self._given_mqtt is None:
                self._start_broker(binaries, folder / "broker", owner, secret)
        except BaseException:
            self._stop()
            raise

    def _start_broker(self, binaries: Binaries, folder: Path, owner: Owner, secret: Credentials) -> None:
        """After the database, which has the accounts of devices."""
        users = self._device_users = DeviceUsers(self.database_url, lambda: self.mqtt_url, self._report)
        self._broker = PrivateBroker(
            binaries,
            folder,
            owner,
            secret.mqtt,
            self._profile,
            partial(self.ports.of, "Mosquitto"),
            lambda: users.credentials,
            self.reserve.has_room,
            integrator_speaks=self._integrator_speaks,
        )
        self._report("starting Mosquitto")
        self._broker.start()

    def _refuse_full_disk(self) -> None:
        """No server starts there, and its own words for that are many."""
        problem = full(self.folders())
        if problem is not None:
            raise StackError(problem)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            note.forget(self._state_dir)
            parts.forget(self._state_dir)
            self._stop()
        finally:
            if self._lock is not None:
                self._lock.close()

    def write_note(self, more: dict[str, str]) -> None:
        """Note where the servers are, for `quaystream env`; `more` adds settings."""
        found = self._binaries
        folders = (found.clients, found.postgres_bin) if found is not None else ()
        settings = {
            "QUAYSTREAM_DATABASE_URL": self.database_url,
            "QUAYSTREAM_MQTT_URL": self.mqtt_url_of(INTEGRATOR),
            **more,
        }
        noted = StackNote(
            pid=os.getpid(),
            bin=[str(path) for path in folders if path is not None],
            settings=settings,
            folders=[str(folder) for folder in self.folders()] if found is not None else [],
            reserve_bytes=self.reserve.reserve_bytes,
            refuses_senders=self._given_mqtt is None,
        )
        note.write(self._state_dir, noted)

    def parts(self) -> list[ServerPart]:
        """The private servers; none where both were given."""
        found = []
        if self._given_mqtt is None and self._broker is not None:
            found.append(ServerPart("Mosquitto", self._broker))
        if self._given_database is None and self._postgres is not None:
            found.append(ServerPart("TimescaleDB", self._postgres))
        return found

    @property
    def device_users(self) -> DeviceUsers | None:
        """What makes the private broker's users follow the accounts of devices; None where a broker was given."""
        return self._device_users

    def admission(self) -> Admission | None:
        """What keeps senders out of the private broker while the disk is short of room; None where one was given."""
        broker, users = self._broker, self._device_users
        if broker is None or users is None:
            return None
        return Admission(self.reserve, users, self.mqtt_url, lambda: broker.pid, self._report)

    def folders(self) -> list[Path]:
        """Where the programs and the private servers write."""
        return [self._state_dir, *(folder for folder in (self._folder,) if folder is not None)]

    def _stop(self) -> None:
        for server in (self._broker, self._postgres):
            if server is not None:
                server.stop()

    def _service_folder(self, binaries: Binaries) -> tuple[Path, Owner]:
        folder = self._state_dir / "stack"
        owner = owner_of(folder)
        if not reachable(folder, owner):
            name = hashlib.sha256(str(self._state_dir).encode()).hexdigest()[:12]
            folder = ROOT_DATA / name
            ROOT_DATA.mkdir(parents=True, exist_ok=True)
            owner = owner_of(folder)
            self._report(f"{self._state_dir} is closed to the user {owner.name}; the servers' data are in {folder}")
        if not reachable(binaries.postgres_bin / "postgres", owner):
            raise StackError(
                f"the cache {self._cache_dir} is closed to the user {owner.name} whom the servers run as; "
                "set QUAYSTREAM_CACHE_DIR to a folder that other users may enter"
            )
        return private_folder(folder, owner), owner


def _started(part: T | None) -> T:
    if part is None:
        raise RuntimeError("the stack does not run")
    return part
