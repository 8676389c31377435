"""`make sbom`: what the product is made of, as CycloneDX, in build/sbom/: Python, npm and Debian packages.

Programs and packages come from the lock files, and Debian's from the index that the private stack resolves.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from api.dashboard import build
from infra.machine import debian
from infra.machine.debian import Package, PackageError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "sbom"
DEBIAN_VERSION = "1.6"
DEBIAN_FILE = re.compile(r"(?P<name>[a-z0-9][a-z0-9.+-]+)_(?P<version>[^_]+)_(?P<arch>[a-z0-9]+)\.deb")


def main(folder: Path = FOLDER) -> int:
    """Write the three files and validate them; the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"python.json": python(), "npm.json": npm(), "debian.json": of_debian()}
    problems = 0
    for name, text in made.items():
        (folder / name).write_text(text)
        found = problem(text)
        problems += found is not None
        components = len(json.loads(text)["components"])
        print(f"{folder / name}: {found or f'{components} components'}")
    return min(problems, 1)


def python() -> str:
    """Packages of the runtime lock."""
    program = Path(sys.executable).parent / "cyclonedx-py"
    lock = str(ROOT / "infra/locks/runtime.txt")
    named = ("--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--of", "JSON", "--short-PURLs")
    return _output([str(program), "requirements", *named, "-o", "-", lock])


def npm() -> str:
    """Packages that the page is made of and built with."""
    named = ("sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev")
    return _output([*build.find_npm(), *named])


def of_debian() -> str:
    """Packages that the private stack downloads where the system has no programs of its own.

    Raises:
        PackageError: no suite has them, or its index cannot be read.
    """
    problems = []
    for suite in debian.SUITES:
        with tempfile.TemporaryDirectory(prefix="quaystream-sbom-") as folder:
            try:
                packages = debian.resolved(Path(folder), suite)
            except PackageError as error:
                problems.append(f"{suite}: {error}")
                continue
        return json.dumps(debian_bom(suite, packages), indent=1) + "\n"
    raise PackageError("; ".join(problems))


def debian_bom(suite: str, packages: list[Package]) -> dict[str, Any]:
    """Packages of Debian as CycloneDX.

    Args:
        suite: name of the release.
        packages: as its index has them.
    """
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{DEBIAN_VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": DEBIAN_VERSION,
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "quaystream-stack", "bom-ref": "quaystream-stack"}},
        "components": [_component(suite, package) for package in sorted(packages, key=lambda one: one.name)],
    }


def _component(suite: str, package: Package) -> dict[str, Any]:
    found = DEBIAN_FILE.fullmatch(unquote(package.file))
    if found is None:
        raise PackageError(f"{package.file} is no name of a package of Debian")
    name, version, arch = found["name"], found["version"], found["arch"]
    purl = f"pkg:deb/debian/{quote(name)}@{quote(version, safe='')}?arch={arch}&distro={suite}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": package.sha256}],
    }


def problem(text: str) -> str | None:
    """What is wrong with a file, by the schema of CycloneDX; None: nothing."""
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    found = JsonStrictValidator(version).validate_str(text)
    return None if found is None else str(found)


def _output(command: list[str]) -> str:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - fixed commands
        command, cwd=build.HERE, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
