"""A private PostgreSQL with TimescaleDB on loopback."""

import contextlib
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from infra.machine.binaries import Binaries, StackError
from infra.machine.database_users import SUPERUSER, DatabaseUser, client_authentication, give_to_owner, make_users
from infra.machine.processes import (
    Owner,
    end_with_parent,
    free_port,
    pid_of_earlier,
    private_file,
    private_folder,
    remove,
    signal_family,
    stop,
    wait_until,
)

DATABASE = "quaystream"
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0

SETTINGS = {
    "shared_preload_libraries": "timescaledb",
    "timescaledb.telemetry_level": "off",
    "timescaledb.max_background_workers": "4",
    "max_locks_per_transaction": "512",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "logging_collector": "off",
}
"""fsync, full_page_writes and synchronous_commit stay on: a commit is on disk."""


class PrivatePostgres:
    """One server on a data folder of its own.

    Args:
        binaries: its programs.
        folder: holds the data and the log.
        owner: runs the server.
        passwords: of its users.
        choose_port: gives the port at the first start.
    """

    def __init__(
        self,
        binaries: Binaries,
        folder: Path,
        owner: Owner,
        passwords: Mapping[DatabaseUser, str],
        choose_port: Callable[[], int] = free_port,
    ) -> None:
        self._binaries = binaries
        self._folder = folder
        self._data = folder / "data"
        self._owner = owner
        self._passwords = passwords
        self._choose_port = choose_port
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def url_of(self, user: DatabaseUser, database: str = DATABASE) -> str:
        """URL of one of the server's databases, with the credentials of a user."""
        return f"postgresql://{user.name}:{self._passwords[user]}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """Process id of the server, 0 when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    @property
    def exit_code(self) -> int | None:
        """How its process has ended; None while it runs, or before it was started."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start, on the port used before if there was one; waits through a crash recovery.

        Raises:
            StackError: it does not start; the message has the end of its log.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start its process. In the main thread: the kernel ends a child with the thread that has made it.

        Raises:
            StackError: there are no data yet, and none can be made.
        """
        private_folder(self._folder, self._owner)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        private_file(self._data / "pg_hba.conf", client_authentication(), self._owner)
        # After a crash or a reboot the process id in the note may be anybody's, and the server would not start.
        stale = pid_of_earlier(self._data / "postmaster.pid", str(self._data), STOP_TIMEOUT_S)
        self.port = self.port or self._choose_port()  # after it: one that is ending may have the port
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries.postgres_bin / "postgres"), "-D", str(self._data), "-p", str(self.port), *options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 - no threads here; prctl has no other place
                # A note that names this process is stale to the server; the shared memory's users still count.
                env=_environment() | ({"PG_GRANDPARENT_PID": stale} if stale else {}),
                **self._owner.arguments(),
            )

    def wait_ready(self) -> None:
        """Wait until the launched process answers, through a crash recovery where there must be one.

        Raises:
            StackError: it does not; the message has the end of its log.
        """
        launched = self._process
        if launched is None or not wait_until(self._accepts, launched, START_TIMEOUT_S):
            raise StackError(f"PostgreSQL does not start; the end of its log:\n{self.log_end()}")
        self._make_database()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is kept."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, STOP_TIMEOUT_S)

    def kill(self) -> None:
        """Kill -9 of the server and all its children, as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self.freeze()  # so that all of them end where they are; no child lives on to see that its parent has ended
            signal_family(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def freeze(self) -> None:
        """Stop every process of the server where it is, as a machine that hangs."""
        signal_family(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them continue."""
        signal_family(self.pid, signal.SIGCONT)

    def log_end(self) -> str:
        """The last lines of the server's log."""
        with contextlib.suppress(OSError):
            return "\n".join((self._folder / "postgres.log").read_text(errors="replace").splitlines()[-12:])
        return ""

    def _initialise(self) -> None:
        # Under another name until it is whole: an interrupted one must not be taken for a database.
        fresh = self._data.with_name("data.new")
        remove(fresh)
        secret = self._folder / "initial-password"
        private_file(secret, self._passwords[SUPERUSER], self._owner)
        done = subprocess.run(
            [
                str(self._binaries.postgres_bin / "initdb"),
                "-D",
                str(fresh),
                "-U",
                SUPERUSER.name,
                "-A",
                "scram-sha-256",
                "--pwfile",
                str(secret),
                "-E",
                "UTF8",
                "--locale",
                "C",
                "--no-instructions",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            env=_environment(),
            **self._owner.arguments(),
        )
        secret.unlink()
        if done.returncode:
            remove(fresh)
            raise StackError(f"initdb failed: {(done.stderr or done.stdout)[-800:].strip()}")
        remove(self._data)
        fresh.rename(self._data)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url_of(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._superuser("postgres") as connection:
            make_users(connection, self._passwords)
            have = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if have is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with self._superuser(DATABASE) as connection:
            give_to_owner(connection)

    def _superuser(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url_of(SUPERUSER, database), autocommit=True, connect_timeout=10)


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
