"""The disk of a stack fills up under load: what was acknowledged is stored, however the stack goes on."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
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
def disk(state: Path) -> Iterator[Path]:
    """A file system of its own, soon full, that the servers' user may enter."""
    folder = state.with_name("disk")
    folder.mkdir()
    options = f"size={DISK_MIB}m,mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def started(disk: Path, logs: Path | None, reserve_mb: int = RESERVE_MB) -> Iterator[Up]:
    """A stack on it, with its log elsewhere or None there too; ended afterwards, whatever came of the test."""
    up = Up(disk / "state", logs=logs, DISK_RESERVE_MB=str(reserve_mb))
    try:
        yield up
    finally:
        if up.process.poll() is None:
            up.stop()
    assert "is closed to the user" not in up.output  # all data are on that disk


def fill(disk: Path) -> None:
    """Leave no room at all, at 200 MB/s at most."""
    with (disk / "balloon").open("wb", buffering=0) as balloon:
        try:
            while True:
                balloon.write(bytes(1_000_000))
                time.sleep(0.005)
        except OSError:
            return


def make_room(disk: Path, room_mb: int) -> None:
    """So much, and what was free beside the balloon. [MB]."""
    os.truncate(disk / "balloon", (disk / "balloon").stat().st_size - room_mb * 1_000_000)


def forbidden(up: Up) -> str:
    """What a sender reads."""
    return up.joined('mosquitto_pub -L "$QUAYSTREAM_MQTT_URL/port/t/crane/sts1/telemetry" -V 5 -q 1 -m 1').stderr


def disk_check(up: Up) -> dict[str, object]:
    """What the API's readiness has about the disk."""
    answer = json.loads(up.joined('curl -s "http://$QUAYSTREAM_HTTP/readyz"').stdout)
    check: dict[str, object] = answer["checks"]["disk"]
    assert answer["ready"] <= check["ok"]
    return check


def free_mb(up: Up) -> float:
    """What the API measures."""
    lines = up.joined('curl -s "http://$QUAYSTREAM_HTTP/metrics"').stdout.splitlines()
    measured = dict(line.split() for line in lines if line.startswith("quaystream_api_disk_"))
    assert float(measured["quaystream_api_disk_reserve_bytes"]) == RESERVE_MB * 1_000_000
    return float(measured["quaystream_api_disk_free_bytes"]) / 1_000_000


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
    assert compared(up, ledger)["acked"] > 300


def compared(up: Up, ledger: Path) -> dict[str, int]:
    """How many messages there are of each kind."""
    found: dict[str, int] = json.loads(up.joined(f"{LEDGER} verify --json {ledger}").stdout)
    return found


async def test_without_a_reserve_acknowledged_messages_are_lost(disk: Path, tmp_path: Path) -> None:
    """The control: the broker goes on acknowledging what it cannot store, and the stop message says so."""
    ledger = tmp_path / "ledger"
    with started(disk, tmp_path, reserve_mb=0) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            fill(disk)
            up.shows("DiskFullError")
            await asyncio.sleep(3)  # in which messages are acknowledged
            assert up.stop() == 0
        assert "the disk was full before senders were refused" in up.output
    (disk / "balloon").unlink()
    with started(disk, tmp_path) as again:
        again.shows("ready: open")
        before: dict[str, int] = {}
        found = compared(again, ledger)
        while before != found:  # until what is there is stored
            await asyncio.sleep(1)
            before, found = found, compared(again, ledger)
        assert found["lost"] > 300


async def test_senders_are_refused_and_come_again(disk: Path, tmp_path: Path) -> None:
    """The stack goes on by itself once there is room."""
    ledger = tmp_path / "ledger"
    with started(disk, tmp_path) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            up.shows("ready: open")
            fill(disk)
            up.shows(f"has less than {RESERVE_MB} MB left: senders are refused")
            assert "Not authorized" in forbidden(up)
            check = disk_check(up)
            assert not check["ok"]
            make_room(disk, RESERVE_MB * 4 // 5)  # of which PostgreSQL may take some for its log
            detail = f"less than the reserve of {RESERVE_MB} MB: senders are refused; free room there"
            await eventually(lambda: str(disk_check(up)["detail"]).endswith(detail))
            assert str(disk) in str(disk_check(up)["detail"])
            assert 16 < free_mb(up) < RESERVE_MB
            (disk / "balloon").unlink()
            up.shows("there is room on the disk again: senders may connect")
            await eventually(lambda: disk_check(up)["ok"])
            assert free_mb(up) > RESERVE_MB
        await verified(up, ledger)
        assert up.stop() == 0
        assert "Traceback" not in up.output


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_stack_that_ends_with_a_full_disk_has_all_it_acknowledged(
    disk: Path, tmp_path: Path, how: signal.Signals
) -> None:
    """Stopped in order, or killed. A full disk starts nothing; with little room senders are refused for a while."""
    ledger = tmp_path / "ledger"
    with started(disk, tmp_path) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            fill(disk)
            up.shows("senders are refused")
            os.kill(up.process.pid, how)
            up.ended()
    with started(disk, tmp_path) as refused:
        assert refused.ended() == 1
        assert "is full: make room there" in refused.output
    make_room(disk, RESERVE_MB // 2)
    with started(disk, tmp_path) as again:
        again.shows("senders are refused")
        (disk / "balloon").unlink()
        again.shows("ready: open", "there is room on the disk again")
        await verified(again, ledger)
        assert again.stop() == 0
        assert "Traceback" not in up.output + refused.output + again.output


async def test_a_log_on_the_full_disk_ends_nothing(disk: Path, tmp_path: Path) -> None:
    """What cannot be written is left out; all else goes on."""
    ledger = tmp_path / "ledger"
    with started(disk, None) as up:
        up.shows("ready: open")
        with loaded(up, ledger):
            await eventually(ledger.exists)
            fill(disk)
            await eventually(lambda: "Not authorized" in forbidden(up))
            (disk / "balloon").unlink()
            up.shows("there is room on the disk again")
        await verified(up, ledger)
        assert up.stop() == 0
