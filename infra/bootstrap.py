"""Make the virtual environment: run by the system's Python, standard library only.

`python3 infra/bootstrap.py runtime|dev` leaves `.venv` with what the lock file names, checked by hash, and the project
itself. When nothing has changed since, it does nothing and takes no time. Where Debian's python3-venv is missing, pip
comes from Debian's package of its wheel, unpacked without root.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"runtime": ROOT / "infra/locks/runtime.txt", "dev": ROOT / "infra/locks/dev.txt"}
OLDEST = (3, 11)


def main(kind: str) -> int:
    """Bring the environment up to date; returns the exit code."""
    if sys.version_info < OLDEST:
        show(f"Python {'.'.join(map(str, OLDEST))} or newer is needed, this is {sys.version.split()[0]}")
        return 2
    wanted = fingerprint(kind)
    if kind == "runtime" and is_ready("dev", fingerprint("dev")):
        return 0  # the development environment holds all of it
    if is_ready(kind, wanted):
        return 0
    show("making the virtual environment .venv")
    venv.EnvBuilder(with_pip=importlib.util.find_spec("ensurepip") is not None, symlinks=True).create(VENV)
    show("installing the locked dependencies")
    run([*pip_install(), "--require-hashes", "-r", str(LOCKS[kind])])
    run([*pip_install(), "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    for other in LOCKS:
        stamp(other).unlink(missing_ok=True)
    stamp(kind).write_text(wanted)
    show("the virtual environment is ready")
    return 0


def fingerprint(kind: str) -> str:
    """Names what an environment is made from."""
    parts = [LOCKS[kind].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(kind: str) -> Path:
    """File that holds what the environment was made from."""
    return VENV / f"ready-{kind}"


def is_ready(kind: str, wanted: str) -> bool:
    """Whether the environment is there, whole and made from this."""
    try:
        return stamp(kind).read_text() == wanted and (VENV / "bin/quaystream").exists()
    except OSError:
        return False


def pip_install() -> list[str]:
    """`pip install` of the environment, with progress where a person watches."""
    python = str(VENV / "bin/python")
    pip = ["-m", "pip"] if (VENV / "bin/pip").exists() else [str(pip_wheel()) + "/pip"]
    progress = "on" if sys.stderr.isatty() else "off"
    return [python, *pip, "install", "--disable-pip-version-check", "--progress-bar", progress, "-q"]


def pip_wheel() -> Path:
    """Debian's pip wheel, installed or unpacked into the build folder."""
    folder = ROOT / "build/pip"
    for place in (Path("/usr/share/python-wheels"), folder / "usr/share/python-wheels"):
        for wheel in place.glob("pip-*.whl"):
            return wheel
    show("python3-venv is not installed; fetching pip's wheel from Debian's packages")
    folder.mkdir(parents=True, exist_ok=True)
    run(["apt-get", "-q", "download", "python3-pip-whl"], cwd=folder)
    for package in folder.glob("python3-pip-whl_*.deb"):
        run(["dpkg", "-x", str(package), str(folder)])
    return pip_wheel()


def run(command: list[str], cwd: Path = ROOT) -> None:
    """Run a command; the set-up ends where it fails."""
    environment = {**os.environ, "PIP_NO_INPUT": "1"}
    done = subprocess.run(command, cwd=cwd, check=False, env=environment)  # noqa: S603 - fixed commands
    if done.returncode:
        show(f"failed: {' '.join(command)}")
        raise SystemExit(done.returncode)


def show(text: str) -> None:
    """One line for the person."""
    print(f"set-up: {text}", flush=True)  # noqa: T201 - a program of its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))
