"""The one-machine stack: a private database and a private broker, with a note of where they are."""

import hashlib
import json
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.stack.binaries import Binaries, Say, StackError, find
from infra.stack.broker import PrivateBroker
from infra.stack.persistence import Profile
from infra.stack.postgres import PrivatePostgres
from infra.stack.processes import Owner, owner_of, private_file, private_folder, reachable

NOTE = "stack.json"
ROOT_DATA = Path("/var/lib/quaystream")
"""Where root's servers keep their data when the state folder is closed to the user they run as."""


class Stack:
    """Starts both servers and stops them; data, credentials and ports of a running stack are kept in between.

    Args:
        state_dir: holds the data and the note `stack.json`.
        cache_dir: holds the programs.
        profile: whether the broker stores before it acknowledges.
        say: told what is being done.
    """

    def __init__(self, state_dir: Path, cache_dir: Path, *, profile: Profile = "durable", say: Say = print) -> None:
        self._state_dir = state_dir.absolute()
        self._cache_dir = cache_dir.absolute()
        self._profile: Profile = profile
        self._say = say
        self.binaries: Binaries
        self.postgres: PrivatePostgres
        self.broker: PrivateBroker

    @property
    def database_url(self) -> str:
        """URL of the database."""
        return self.postgres.url

    @property
    def mqtt_url(self) -> str:
        """URL of the broker."""
        return self.broker.url

    def __enter__(self) -> Self:
        self.binaries = find(self._cache_dir, self._say)
        if self.binaries.warning:
            self._say(f"warning: {self.binaries.warning}")
        folder, owner = self._service_folder()
        credentials = self._credentials()
        self.postgres = PrivatePostgres(self.binaries, folder / "postgres", owner, credentials["database"])
        self.broker = PrivateBroker(self.binaries, folder / "broker", owner, credentials["mqtt"], self._profile)
        try:
            self._say("starting TimescaleDB and Mosquitto")
            self.broker.start()
            self.postgres.start()
            self.write_note({})
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._state_dir / NOTE).unlink(missing_ok=True)
        self._stop()

    def write_note(self, more: dict[str, str]) -> None:
        """Note where the servers are, for `quaystream env`; `more` adds settings."""
        note = {
            "pid": os.getpid(),
            "bin": [str(path) for path in (self.binaries.clients, self.binaries.postgres_bin) if path is not None],
            "settings": {"QUAYSTREAM_DATABASE_URL": self.database_url, "QUAYSTREAM_MQTT_URL": self.mqtt_url, **more},
        }
        private_file(self._state_dir / NOTE, json.dumps(note, indent=1), _ourselves())

    def _stop(self) -> None:
        self.broker.stop()
        self.postgres.stop()

    def _service_folder(self) -> tuple[Path, Owner]:
        self._state_dir.mkdir(parents=True, exist_ok=True)
        folder = self._state_dir / "stack"
        owner = owner_of(folder)
        if not reachable(folder, owner):
            name = hashlib.sha256(str(self._state_dir).encode()).hexdigest()[:12]
            folder = ROOT_DATA / name
            ROOT_DATA.mkdir(parents=True, exist_ok=True)
            owner = owner_of(folder)
            self._say(f"{self._state_dir} is closed to the user {owner.name}; the servers' data are in {folder}")
        if not reachable(self.binaries.postgres_bin / "postgres", owner):
            raise StackError(
                f"the cache {self._cache_dir} is closed to the user {owner.name} whom the servers run as; "
                "set QUAYSTREAM_CACHE_DIR to a folder that other users may enter"
            )
        return private_folder(folder, owner), owner

    def _credentials(self) -> dict[str, str]:
        """Passwords, made once; the database keeps the one it was made with."""
        path = self._state_dir / "credentials.json"
        try:
            known: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            known = {"database": secrets.token_urlsafe(24), "mqtt": secrets.token_urlsafe(24)}
            private_file(path, json.dumps(known), _ourselves())
        return known


def _ourselves() -> Owner:
    return Owner(os.geteuid(), os.getegid(), "")
