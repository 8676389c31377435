"""What every measurement needs: private servers, a worker's settings, and a place for results."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.programs import Program
from infra.database import migrate
from infra.machine import database_users
from infra.machine.broker_users import WORKER
from infra.machine.persistence import Profile
from infra.machine.processes import free_port
from infra.machine.stack import Stack
from infra.settings import load


@dataclass(frozen=True, slots=True)
class Bed:
    """Running servers, and a folder for logs."""

    stack: Stack
    folder: Path
    profile: Profile
    http: str

    def environment(self) -> dict[str, str]:
        """Settings of programs that work with these servers."""
        return {
            "QUAYSTREAM_DATABASE_URL": self.stack.database_url,
            "QUAYSTREAM_MQTT_URL": self.stack.mqtt_url,
            "QUAYSTREAM_INGEST_HTTP": self.http,
            "QUAYSTREAM_STATE_DIR": str(self.folder),
        }

    def worker(self) -> Program:
        """An ingest worker, to be used in a `with`."""
        users = {
            "QUAYSTREAM_MQTT_URL": self.stack.mqtt_url_of(WORKER),
            "QUAYSTREAM_DATABASE_URL": self.stack.database_url_of(database_users.WORKER),
        }
        return Program(["ingest"], self.environment() | users, self.folder / "ingest.log")


@contextmanager
def bed(profile: Profile) -> Iterator[Bed]:
    """Fresh servers, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="quaystream-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cache = load(os.environ).cache_dir
        with Stack(folder, cache, profile=profile, report=lambda _text: None) as stack:
            migrate(stack.database_url)
            yield Bed(stack, folder, profile, f"127.0.0.1:{free_port()}")
