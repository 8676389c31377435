"""Senders are kept out while the disk is short of room."""

from pathlib import Path

import pytest

from infra.machine.disk import FULL_BYTES, Reserve

MB = 1_000_000


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The room on a disk; the last entry counts. [bytes]."""
    left = [1_000 * MB]
    monkeypatch.setattr("infra.machine.disk.free_bytes", lambda _folders: (left[-1], Path("/somewhere")))
    return left


def kept_out(reserve: Reserve, free: list[int], *left_mb: int) -> list[bool]:
    found = []
    for mb in left_mb:
        free.append(mb * MB)
        found.append(not reserve.has_room())
    return found


def test_they_come_again_only_where_there_is_a_quarter_more(free: list[int]) -> None:
    assert kept_out(Reserve(list, 200 * MB), free, 201, 199, 201, 249, 251, 201) == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_disk_that_fills_while_they_are_kept_out_overruns_nothing(free: list[int]) -> None:
    reserve = Reserve(list, 200 * MB)
    kept_out(reserve, free, 300, 150, FULL_BYTES // MB - 1, 300)
    assert not reserve.overrun


def test_a_disk_that_is_full_between_two_looks_is_remembered(free: list[int]) -> None:
    reserve = Reserve(list, 200 * MB)
    kept_out(reserve, free, 300, FULL_BYTES // MB - 1, 300)
    assert reserve.overrun


def test_without_a_reserve_nobody_is_kept_out(free: list[int]) -> None:
    assert kept_out(Reserve(list, 0), free, 1, 0) == [False, False]


def test_a_folder_that_is_not_there_counts_for_nothing(tmp_path: Path) -> None:
    assert Reserve(lambda: [tmp_path / "none"], 200 * MB).has_room()
