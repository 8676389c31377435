"""`quaystream service`: `quaystream up` as a service of systemd, in a sandbox."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import Final

from infra.settings import Settings
from processing.model.errors import QuaystreamError

HELP = "Run `quaystream up` as a service of systemd: install, remove, status; --print shows the unit."
NAME: Final = "quaystream.service"
USER: Final = "quaystream"
TEMPLATE = Path(__file__).parents[1] / "systemd" / NAME
UNIT = Path("/etc/systemd/system") / NAME
SETTINGS_FILE = Path("/etc/quaystream/quaystream.env")
PLACES: Final = {"user": USER, "state": "/var/lib/quaystream", "cache": "/var/cache/quaystream"}
BOOTED = Path("/run/systemd/system")
"""Is there where systemd runs (sd_booted)."""
CLOSED: Final = ("/root", "/home", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - nothing is made there
"""What the sandbox hides from the service."""
FIRST_SETTINGS = """# Settings of quaystream.service, one NAME=value a line: docs/settings.md.
# After a change: systemctl restart quaystream
#QUAYSTREAM_HTTP=127.0.0.1:8080
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    install = actions.add_parser("install", help="write the unit, make its user, enable and start it")
    install.add_argument("--print", action="store_true", dest="printed", help="print the unit; change nothing")
    actions.add_parser("remove", help="stop it and remove the unit; data, settings and user stay")
    actions.add_parser("status", help="what systemd knows of it")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Do it."""
    program = Path(sys.executable).parent / "quaystream"
    if args.action == "install" and args.printed:
        print(unit(program), end="")
        return 0
    require_systemd()
    if args.action == "status":
        return subprocess.run(["systemctl", "--no-pager", "status", NAME], check=False).returncode
    if os.geteuid() != 0:
        raise QuaystreamError(f"services of this machine are root's: run `sudo {program} service {args.action}`")
    if args.action == "install":
        _install(program)
    else:
        _remove()
    return 0


def unit(program: Path) -> str:
    """The unit as systemd reads it.

    Args:
        program: `quaystream`, of an environment that the service can read.
    """
    return Template(TEMPLATE.read_text()).substitute(PLACES, program=program, settings=SETTINGS_FILE)


def require_systemd() -> None:
    """See that systemd runs.

    Raises:
        QuaystreamError: it does not.
    """
    if not BOOTED.is_dir() or shutil.which("systemctl") is None:
        raise QuaystreamError(
            "systemd does not run on this machine, so there are no services to change; `quaystream service install "
            "--print` prints the unit for one where it does"
        )


def check_readable(program: Path, interpreter: Path) -> None:
    """See that the service can read what it runs.

    Args:
        program: `quaystream`.
        interpreter: Python, with links followed.

    Raises:
        QuaystreamError: the sandbox hides one of them.
    """
    for path in (program, interpreter):
        hidden = next((folder for folder in CLOSED if path.is_relative_to(folder)), None)
        if hidden is not None:
            raise QuaystreamError(f"the service cannot read {path}: it does not see {hidden}; install under /opt")


def _install(program: Path) -> None:
    """Write the unit and what it needs, enable and start it; once more renews the unit."""
    check_readable(program, Path(sys.executable).resolve())
    if subprocess.run(["id", "-u", USER], capture_output=True, check=False).returncode:
        home = ("--home-dir", PLACES["state"], "--no-create-home", "--shell", "/usr/sbin/nologin")
        _run("useradd", "--system", "--user-group", *home, USER)
    if not SETTINGS_FILE.exists():
        SETTINGS_FILE.parent.mkdir(mode=0o755, exist_ok=True)
        SETTINGS_FILE.touch(mode=0o600)  # URLs have passwords; systemd reads it as root
        SETTINGS_FILE.write_text(FIRST_SETTINGS)
    UNIT.write_text(unit(program))
    _run("systemctl", "daemon-reload")
    _run("systemctl", "enable", "--now", NAME)
    print(f"{NAME} runs, and starts with the machine; settings: {SETTINGS_FILE}; log: journalctl -u quaystream")


def _remove() -> None:
    """Stop the service and remove its unit."""
    if not UNIT.exists():
        raise QuaystreamError(f"there is no {UNIT}: nothing to remove")
    _run("systemctl", "disable", "--now", NAME)
    UNIT.unlink()
    _run("systemctl", "daemon-reload")
    print(f"{NAME} is removed; {PLACES['state']}, {SETTINGS_FILE} and the user {USER} stay")


def _run(*command: str) -> None:
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise QuaystreamError(f"`{' '.join(command)}` failed: {done.stderr.strip()[-300:]}")
