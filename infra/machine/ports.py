"""Ports of the private servers: chosen once and kept, so that what was set to them still finds them after a restart."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from infra.machine.processes import free_port

FILE = "ports.json"


class Ports:
    """Ports by what listens there, kept in a state folder.

    Args:
        state_dir: the folder.
        report: takes a line where a port has to change.
    """

    def __init__(self, state_dir: Path, report: Callable[[str], None]) -> None:
        self._path = state_dir / FILE
        self._report = report
        self._known = _read(self._path)

    def of(self, name: str) -> int:
        """The port of a server that does not run: the one that it had, unless another program has taken that.

        Raises:
            OSError: no port is free, or the folder cannot be written.
        """
        had = self._known.get(name)
        if had is not None and _is_free(had):
            return had
        port = self._known[name] = free_port()
        if had is not None:
            self._report(f"port {had}, where {name} was, is taken by another program; {name} is at {port} from now on")
        self._path.write_text(json.dumps(self._known))
        return port


def _read(path: Path) -> dict[str, int]:
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text())
        if isinstance(found, dict):
            return {name: port for name, port in found.items() if isinstance(port, int) and 0 < port < 65536}
    return {}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may linger
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
