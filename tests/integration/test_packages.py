"""Unpacking Debian packages with the real apt and dpkg, from a small mirror in a folder instead of Debian's."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.machine import debian
from infra.machine.binaries import find
from infra.settings import load

NAMES = ("postgresql-18-timescaledb", "postgresql-client-18", "mosquitto", "mosquitto-clients", "tzdata")
TRIPLE = "x86_64-linux-gnu"
CONTROL = "Package: {}\nVersion: 1.0\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: small\n"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("apt-get", "dpkg-deb"))), reason="packages are Debian's matter, and this is none"
)


class Mirror:
    """An apt repository with one tiny package for each that is wanted; the broker is a copy of `true`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in NAMES:
            tree = folder / "trees" / name
            (tree / "DEBIAN").mkdir(parents=True)
            (tree / "DEBIAN/control").write_text(CONTROL.format(name))
            (tree / "usr/share").mkdir(parents=True)
            (tree / "usr/share" / name).write_text(name)
            if name == "mosquitto":
                self._fill(tree)
            self._pack(tree, folder / f"{name}_1.0_all.deb")
        self._index()

    def file(self, name: str) -> Path:
        """The package's file."""
        return self.folder / f"{name}_1.0_all.deb"

    @staticmethod
    def _fill(tree: Path) -> None:
        """A program, the loader and the C library, as the real packages bring them."""
        loader = Path("/lib64/ld-linux-x86-64.so.2").resolve()
        for source, target in (
            (Path(shutil.which("true") or "/bin/true"), "usr/sbin/mosquitto"),
            (loader, f"usr/lib/{TRIPLE}/ld-linux-x86-64.so.2"),
            (loader.with_name("libc.so.6"), f"usr/lib/{TRIPLE}/libc.so.6"),
        ):
            (tree / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source.resolve(), tree / target)

    @staticmethod
    def _pack(tree: Path, file: Path) -> None:
        subprocess.run(["dpkg-deb", "-Zgzip", "--root-owner-group", "-b", tree, file], check=True, capture_output=True)

    def _index(self) -> None:
        stanzas = []
        for name in NAMES:
            content = self.file(name).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            where = f"Filename: ./{name}_1.0_all.deb\nSize: {len(content)}\nSHA256: {digest}\n"
            stanzas.append(CONTROL.format(name) + where)
        (self.folder / "Packages.gz").write_bytes(gzip.compress("\n".join(stanzas).encode()))


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The only mirror that there is."""
    if not Path("/lib64/ld-linux-x86-64.so.2").exists():
        pytest.skip("the tiny packages are made of this machine's files, for x86-64 only")
    made = Mirror(tmp_path / "mirror")
    monkeypatch.setattr(debian, "_source", lambda _suite: f"deb [trusted=yes] file:{made.folder} ./\n")
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    return tmp_path / "cache"


def provide(cache: Path) -> tuple[Path, list[str]]:
    """The folder with the unpacked packages, and what was reported."""
    reported: list[str] = []
    return debian.provide(cache, "forky", reported.append), reported


def test_packages_are_unpacked_and_their_programs_run(mirror: Mirror, cache: Path) -> None:
    """With the folder's own loader; what was downloaded for it is thrown away, and nothing is done twice."""
    root, reported = provide(cache)
    assert {path.name for path in (root / "usr/share").iterdir()} == set(NAMES)
    assert subprocess.run([root / "usr/sbin/mosquitto"], check=False).returncode == 0
    assert f"{root}/usr/lib".encode() in (root / "usr/sbin/mosquitto").read_bytes()
    assert "downloading 5 packages" in " ".join(reported)
    assert [path.name for path in root.parent.iterdir() if path.name.startswith("apt-")] == []
    assert provide(cache) == (root, [])
    assert mirror.file("mosquitto").exists()


@pytest.mark.parametrize("same_size", [True, False])
def test_a_damaged_download_is_fetched_again(mirror: Mirror, cache: Path, same_size: bool) -> None:
    """What an interrupted set-up left in the cache is believed only when size and digest match."""
    archives = cache / "stack/apt-forky/archives"
    archives.mkdir(parents=True)
    content = bytearray(mirror.file("mosquitto").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (archives / "mosquitto_1.0_all.deb").write_bytes(content if same_size else content[:-1000])
    shutil.copy(mirror.file("tzdata"), archives)
    root, reported = provide(cache)
    assert "downloading 4 packages" in " ".join(reported)
    assert {path.name for path in (root / "usr/share").iterdir()} == set(NAMES)
    assert subprocess.run([root / "usr/sbin/mosquitto"], check=False).returncode == 0


def test_a_package_unlike_its_index_entry_is_refused(mirror: Mirror, cache: Path) -> None:
    """A mirror that serves other bytes than its index names: nothing is unpacked."""
    content = bytearray(mirror.file("mosquitto").read_bytes())
    content[len(content) // 2] ^= 0xFF
    mirror.file("mosquitto").write_bytes(content)
    with pytest.raises(debian.PackageError, match=r"mosquitto|[Hh]ash"):
        provide(cache)
    assert not (cache / f"stack/forky-{debian.RECIPE}").exists()
    assert not list(cache.rglob("mosquitto_1.0_all.deb"))


def test_a_set_up_that_was_cut_off_is_repeated(mirror: Mirror, cache: Path) -> None:
    """An empty manifest, half of one, or a truncated program: the folder is not used as it is."""
    root, _ = provide(cache)
    for name, size in (("manifest.json", 0), ("manifest.json", 20), ("usr/sbin/mosquitto", 100)):
        os.truncate(root / name, size)
        _, reported = provide(cache)
        assert "unpacking 5 packages" in reported
        assert json.loads((root / "manifest.json").read_text())["suite"] == "forky"
        assert subprocess.run([root / "usr/sbin/mosquitto"], check=False).returncode == 0
    assert mirror.file("mosquitto").exists()


def test_no_debian_is_reported(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without apt and without a filled cache: what to do instead."""
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(debian.PackageError, match="this is no Debian"):
        provide(cache)


def test_the_programs_in_use_can_keep_the_promise_about_delivery() -> None:
    """The cache that the demo and these tests use has the broker that stores before it acknowledges."""
    found = find(load(os.environ).cache_dir, print)
    assert found.warning is None
    assert found.persist_sqlite is not None
