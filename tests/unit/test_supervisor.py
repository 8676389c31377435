"""Parts that end are started again, with pauses, until that is no use."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.machine import parts
from infra.machine.binaries import StackError
from infra.machine.disk import full
from infra.machine.parts import PartNote
from infra.machine.restarts import Restarts
from infra.machine.supervisor import Supervisor


def test_pauses_double_and_end() -> None:
    restarts = Restarts()
    assert [restarts.after(1.0) for _ in range(6)] == [0.0, 0.5, 1.0, 2.0, 4.0, None]
    assert (restarts.count, restarts.in_a_row) == (5, 6)


def test_failures_after_a_long_run_count_from_one() -> None:
    restarts = Restarts()
    assert [restarts.after(ran_s) for ran_s in (1.0, 1.0, 60.0, 59.9)] == [0.0, 0.5, 0.0, 0.5]


NO_POWER = StackError("no power\nsee the log")


class Scripted:
    """A part whose lives are given: how each ends; a life that is None is not started, for an error."""

    name = "pump"

    def __init__(self, *lives: str | None, error: Exception = NO_POWER) -> None:
        self.lives = list(lives)
        self.error = error
        self.started = 0

    async def start(self) -> None:
        """Begin the next life."""
        self.started += 1
        if self.lives[0] is None:
            del self.lives[0]
            raise self.error

    async def ended(self) -> str:
        """How it ended; the last life goes on."""
        if len(self.lives) == 1:
            await asyncio.Event().wait()
        return self.lives.pop(0) or ""

    def last_lines(self) -> Sequence[str]:
        """Two lines."""
        return ["first", "last"]


async def test_it_is_started_again_and_that_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.machine.restarts.FIRST_S", 0.0)
    monkeypatch.setattr("infra.machine.supervisor.now_us", lambda: 7)
    part, lines = Scripted("ended with exit code 3", None, "runs"), list[str]()
    supervisor = Supervisor(tmp_path, lines.append)
    watching = asyncio.create_task(supervisor.watch(part, started=True))
    async with asyncio.timeout(10):
        while parts.read(tmp_path) != [PartNote("pump", "running", 2, 7, "does not start: no power")]:
            await asyncio.sleep(0.01)
    watching.cancel()
    assert part.started == 2
    assert lines == [
        "pump ended with exit code 3; starting it again",
        "pump does not start: no power; starting it again",
    ]


async def test_it_is_given_up_with_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.machine.restarts.FIRST_S", 0.0)
    lines = list[str]()
    await Supervisor(tmp_path, lines.append).watch(Scripted(*[None] * 6, "never"))
    assert lines[-3:] == ["pump does not start: no power, 6 times in a row; its last lines:", "  first", "  last"]
    (note,) = parts.read(tmp_path)
    assert (note.state, note.restarts) == ("given_up", 5)


async def test_a_file_that_cannot_be_written_is_a_failed_start(tmp_path: Path) -> None:
    lines = list[str]()
    part = Scripted(None, "never", error=OSError(28, "No space left on device"))
    watching = asyncio.create_task(Supervisor(tmp_path, lines.append).watch(part))
    async with asyncio.timeout(10):
        while part.started < 2:
            await asyncio.sleep(0.01)
    watching.cancel()
    assert lines == ["pump does not start: [Errno 28] No space left on device; starting it again"]


async def test_what_ends_while_all_stop_is_not_started_again(tmp_path: Path) -> None:
    part, lines = Scripted("ended with exit code 0", "never"), list[str]()
    supervisor = Supervisor(tmp_path, lines.append)
    supervisor.stop()
    await supervisor.watch(part, started=True)
    assert (part.started, lines) == (0, [])


async def test_a_pause_ends_with_the_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.machine.restarts.FIRST_S", 600.0)
    monkeypatch.setattr("infra.machine.restarts.LONGEST_S", 600.0)
    part = Scripted(None, None, "never")
    supervisor = Supervisor(tmp_path, lambda _line: None)
    watching = asyncio.create_task(supervisor.watch(part))
    async with asyncio.timeout(10):
        while part.started < 2:
            await asyncio.sleep(0.01)
        supervisor.stop()
        await watching
    assert part.started == 2


async def test_a_full_disk_is_no_reason_to_give_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line while it stays full, and the first failure after it counts as the first."""
    monkeypatch.setattr("infra.machine.supervisor.LONGEST_S", 0.0)
    reasons, lines = iter(["the disk is full"] * 9 + [None]), list[str]()
    part = Scripted(*[None] * 10, "runs")
    supervisor = Supervisor(tmp_path, lines.append, lambda: next(reasons))
    watching = asyncio.create_task(supervisor.watch(part))
    async with asyncio.timeout(10):
        while part.started < 11:
            await asyncio.sleep(0.01)
    watching.cancel()
    assert lines == [
        "pump does not start: no power; the disk is full; starting it again",
        "pump does not start: no power; starting it again",
    ]


def test_a_disk_is_full_where_next_to_nothing_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert full([tmp_path / "not there", tmp_path]) is None
    monkeypatch.setattr("infra.machine.disk.FULL_BYTES", 1e18)
    assert full([tmp_path / "not there"]) is None
    assert full([tmp_path / "not there", tmp_path]) == f"the disk of {tmp_path} is full: make room there"


def test_a_note_that_cannot_be_written_or_read_is_none(tmp_path: Path) -> None:
    parts.write(tmp_path / "gone", [PartNote("pump", "running")])
    assert parts.read(tmp_path / "gone") == []
    (tmp_path / parts.NOTE).write_text("{")
    assert parts.read(tmp_path) == []
    parts.forget(tmp_path)
    assert not (tmp_path / parts.NOTE).exists()
