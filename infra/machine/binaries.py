"""Where the servers' programs are: on the system if new enough, else unpacked from Debian's packages."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.machine import debian
from processing.model.errors import QuaystreamError

Report = Callable[[str], None]
OLDEST_TIMESCALEDB = (2, 19)
OLDEST_DURABLE_MOSQUITTO = (2, 1)
PERSISTENCE, DYNAMIC_SECURITY = "mosquitto_persist_sqlite.so", "mosquitto_dynamic_security.so"


class StackError(QuaystreamError):
    """The one-machine stack cannot be set up or started."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Programs of the stack.

    Attributes:
        postgres_bin: folder of postgres, initdb and psql.
        mosquitto: the broker.
        dynamic_security: its plugin for users and what they may.
        persist_sqlite: its persistence plugin; None: the broker loses what it acknowledged when it is killed.
        clients: folder of mosquitto_pub and mosquitto_sub, None where they are not installed.
        origin: `system` or the Debian suite they come from.
        warning: what these programs do not promise, None where they promise all.
    """

    postgres_bin: Path
    mosquitto: Path
    dynamic_security: Path
    persist_sqlite: Path | None
    clients: Path | None
    origin: str
    warning: str | None = None


def find(cache_dir: Path, report: Report) -> Binaries:
    """Programs to run the stack with; packages are downloaded where there are none.

    Raises:
        StackError: none found and none to be had; the message names what to do.
    """
    found = on_the_system()
    if found is not None:
        return found
    problems = []
    for suite in debian.SUITES:
        try:
            return _unpacked(debian.provide(cache_dir, suite, report), suite)
        except debian.PackageError as error:
            problems.append(f"{suite}: {error}")
    raise StackError(
        "no TimescaleDB and Mosquitto to run: none new enough is installed, and Debian's packages could not be had.\n  "
        + "\n  ".join(problems)
        + "\nInstall them, or point QUAYSTREAM_DATABASE_URL and QUAYSTREAM_MQTT_URL at servers that run."
    )


def on_the_system() -> Binaries | None:
    """Installed programs, if they are new enough to keep what is promised about delivery."""
    mosquitto = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    plugins, security = _plugins(Path("/usr/lib"), PERSISTENCE), _plugins(Path("/usr/lib"), DYNAMIC_SECURITY)
    libraries = sorted(Path("/usr/lib/postgresql").glob("*/lib/timescaledb-[0-9]*.so"))
    libraries = [path for path in libraries if _version(path.stem) >= OLDEST_TIMESCALEDB]
    if mosquitto is None or not plugins or not security or not libraries:
        return None
    if _version(_first_line(mosquitto, "-h")) < OLDEST_DURABLE_MOSQUITTO:
        return None
    clients = shutil.which("mosquitto_pub")
    return Binaries(
        libraries[-1].parent.parent / "bin",
        Path(mosquitto),
        security[0],
        plugins[0],
        Path(clients).parent if clients else None,
        "system",
    )


def _plugins(library: Path, name: str) -> list[Path]:
    return [*library.glob(f"*/mosquitto/{name}"), *library.glob(f"*/{name}")]


def _first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return (done.stdout + done.stderr).partition("\n")[0]


def _version(text: str) -> tuple[int, ...]:
    match = re.search(r"(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _unpacked(root: Path, suite: str) -> Binaries:
    postgres = max(root.glob("usr/lib/postgresql/*/bin/postgres"))
    plugins = _plugins(root / "usr/lib", PERSISTENCE)
    warning = None
    if not plugins:
        warning = f"{suite}'s Mosquitto loses acknowledged messages when it is killed; {debian.SUITES[0]}'s does not"
    return Binaries(
        postgres.parent,
        root / "usr/sbin/mosquitto",
        _plugins(root / "usr/lib", DYNAMIC_SECURITY)[0],
        plugins[0] if plugins else None,
        root / "usr/bin",
        suite,
        warning,
    )
