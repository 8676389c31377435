"""What every measurement needs: private servers, a worker's settings, and a place for results."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.programs import Program
from infra.database import migrate
from infra.machine import database_users
from infra.machine.authority import Authority
from infra.machine.broker_users import WORKER
from infra.machine.network_listener import NetworkListener, Place
from infra.machine.persistence import Profile
from infra.machine.processes import free_port
from infra.machine.stack import Stack
from infra.mqtt.broker_url import with_files
from infra.settings import load


@dataclass(frozen=True, slots=True)
class Bed:
    """Running servers, and a folder for logs.

    Attributes:
        stack: the servers.
        folder: for logs.
        profile: of the broker.
        http: where the worker serves its metrics.
        listener: where the worker reads over TLS; None: without it.
    """

    stack: Stack
    folder: Path
    profile: Profile
    http: str
    listener: NetworkListener | None = None

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
            "QUAYSTREAM_MQTT_URL": self._secured(self.stack.mqtt_url_of(WORKER)),
            "QUAYSTREAM_DATABASE_URL": self.stack.database_url_of(database_users.WORKER),
        }
        return Program(["ingest"], self.environment() | users, self.folder / "ingest.log")

    def _secured(self, url: str) -> str:
        if self.listener is None:
            return url
        user = urlsplit(url).netloc.rpartition("@")[0]
        return with_files(f"mqtts://{user}@localhost:{self.listener.places[0].port}", {"ca": self.listener.ca_file})


@contextmanager
def bed(profile: Profile, *, secure: bool = False) -> Iterator[Bed]:
    """Fresh servers, removed afterwards.

    Args:
        profile: of the broker.
        secure: whether the worker reads over TLS.
    """
    with tempfile.TemporaryDirectory(prefix="quaystream-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cache = load(os.environ).cache_dir
        place = Place("127.0.0.1", free_port())
        listener = NetworkListener([place], ["localhost"], Authority(folder)) if secure else None
        with Stack(folder, cache, profile=profile, report=lambda _text: None, network_listener=listener) as stack:
            migrate(stack.database_url)
            yield Bed(stack, folder, profile, f"127.0.0.1:{free_port()}", listener)
