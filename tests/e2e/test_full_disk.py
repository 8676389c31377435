"""The disk of a stack fills up under load: what was acknowledged is stored, however the stack goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import eventually
from tests.e2e.conftest import Up

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small file system")
DISK_MIB, RESERVE_MB = 700, 100
LEDGER = f"{sys.executable} -m simulators.ledger"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, soon full, that the servers' user may enter."""
    folder = tmp_path / "disk"
    folder.mkdir()
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o011)
    options = f"size={DISK_MIB}m,mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def started(disk: Path) -> Iterator[Up]:
    """A stack on it; ended afterwards, whatever came of the test."""
    up = Up(disk / "state", DISK_RESERVE_MB=str(RESERVE_MB))
    try:
        yield up
    finally:
        if up.process.poll() is None:
            up.stop()


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / "balloon").open("wb", buffering=0) as balloon:
        try:
            while True:
                balloon.write(bytes(65_536))
        except OSError:
            return


def make_room(disk: Path, room_mb: int) -> None:
    """So much, and what was free beside the balloon. [MB]."""
    os.truncate(disk / "balloon", (disk / "balloon").stat().st_size - room_mb * 1_000_000)


@contextmanager
def loaded(up: Up, ledger: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Cranes that publish until they are stopped."""
    with up.beside(f"{LEDGER} publish {ledger} --rate 300 --devices 10 --duration 10m --drain 1s") as publisher:
        try:
            yield publisher
        finally:
            publisher.send_signal(signal.SIGTERM)
            publisher.wait(60)


async def verified(up: Up, ledger: Path) -> None:
    """Every acknowledged message is stored once, and they are many."""
    await eventually(lambda: up.joined(f"{LEDGER} verify {ledger}").returncode == 0, 90)


async def test_senders_are_refused_and_come_again(disk: Path, tmp_path: Path) -> None:
    """The stack goes on by itself once there is room."""
    ledger = tmp_path / "ledger"
    with started(disk) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            up.shows("ready: open")
            fill(disk)
            up.shows(f"has less than {RESERVE_MB} MB left: senders are refused")
            refused = up.joined('mosquitto_pub -L "$QUAYSTREAM_MQTT_URL/port/t/crane/sts1/telemetry" -V 5 -q 1 -m 1')
            assert "Not authorized" in refused.stderr
            (disk / "balloon").unlink()
            up.shows("there is room on the disk again: senders may connect")
        await verified(up, ledger)
        assert up.stop() == 0
        assert "Traceback" not in up.output


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_stack_that_ends_with_a_full_disk_has_all_it_acknowledged(
    disk: Path, tmp_path: Path, how: signal.Signals
) -> None:
    """Stopped in order, or killed. No start with a full disk; with a little room it refuses senders until there is more."""
    ledger = tmp_path / "ledger"
    with started(disk) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            fill(disk)
            up.shows("senders are refused")
            os.kill(up.process.pid, how)
            up.ended()
    with started(disk) as refused:
        assert refused.ended() == 1
        assert "is full: make room there" in refused.output
    make_room(disk, RESERVE_MB // 2)
    with started(disk) as again:
        again.shows("senders are refused")
        (disk / "balloon").unlink()
        again.shows("ready: open", "there is room on the disk again")
        await verified(again, ledger)
        assert again.stop() == 0
        assert "Traceback" not in up.output + refused.output + again.output
