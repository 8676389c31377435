"""Readiness of the API has the room on the disks of the stack that it is a part of."""

import math
from pathlib import Path

import pytest

from api.health.disk import StackDisk
from infra.machine import note
from infra.machine.note import StackNote

MB = 1_000_000


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The room on a disk; the last entry counts. [bytes]."""
    left = [1_000 * MB]
    monkeypatch.setattr("infra.machine.disk.free_bytes", lambda folders: (left[-1], folders[0]) if folders else None)
    return left


def noted(*folders: str, refuses_senders: bool = True) -> StackNote:
    return StackNote(1, [], {"QUAYSTREAM_MQTT_URL": "mqtt://u:p@h"}, [*folders], 200 * MB, refuses_senders)


def checked(disk: StackDisk) -> tuple[bool, str]:
    check = disk.check()
    assert check is not None
    return check.ok, check.detail


def test_a_reserve_that_is_touched_is_red_until_senders_may_come_again(free: list[int]) -> None:
    disk = StackDisk(noted("/data", "/other"))
    assert checked(disk) == (True, "the disk of /data has 1000 MB left, of which 200 MB are kept as a reserve")
    free.append(120 * MB)
    assert checked(disk) == (
        False,
        "the disk of /data has 120 MB left, less than the reserve of 200 MB: senders are refused; free room there",
    )
    free.append(220 * MB)
    left, refused = "the disk of /data has 220 MB left", "senders are refused until 250 MB are free"
    assert checked(disk) == (False, f"{left}, after the reserve was touched: {refused}; free room there")
    free.append(250 * MB)
    assert checked(disk)[0]


def test_a_full_disk_is_red_without_a_reserve_too(free: list[int]) -> None:
    free.append(15 * MB)
    disk = StackDisk(StackNote(1, [], {}, ["/data"], 0, refuses_senders=True))
    assert checked(disk) == (False, "the disk of /data has 15 MB left, which is full: free room there")


def test_a_broker_that_was_given_refuses_nobody(free: list[int]) -> None:
    free.append(120 * MB)
    disk = StackDisk(noted("/data", refuses_senders=False))
    assert checked(disk)[1] == "the disk of /data has 120 MB left, less than the reserve of 200 MB: free room there"


def test_free_room_and_reserve_are_measured(free: list[int]) -> None:
    disk = StackDisk(noted("/data"))
    free.append(300 * MB)
    assert (disk.free_bytes, disk.reserve_bytes) == (300 * MB, 200 * MB)


@pytest.mark.parametrize("unknown", [None, noted()])
def test_where_no_disk_is_known_nothing_is_checked(unknown: StackNote | None) -> None:
    disk = StackDisk(unknown)
    assert disk.check() is None
    assert math.isnan(disk.free_bytes)
    assert math.isnan(disk.reserve_bytes)


def test_a_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    note.write(tmp_path, noted("/data"))
    assert note.read(tmp_path) == noted("/data")
    assert (tmp_path / note.NOTE).stat().st_mode & 0o777 == 0o600
    assert note.running(tmp_path) is None  # nobody holds the lock
    (tmp_path / note.NOTE).write_text('{"pid": ')
    assert note.read(tmp_path) is None
