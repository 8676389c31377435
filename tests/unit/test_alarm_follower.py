"""The follower of alarms gives way while messages wait."""

import asyncio

import pytest

from infra.database import Link
from ingest.alarms import follower as following
from ingest.alarms.follower import AlarmFollower
from ingest.alarms.places import Places
from processing.site.configuration import Sites


class Load:
    """A worker with a full batch that waits, or none."""

    caught_up = False

    def __init__(self, looks: int) -> None:
        self.looks, self.asked = looks, 0

    @property
    def behind(self) -> bool:
        """Whether it waits: for so many looks."""
        self.asked += 1
        return self.asked <= self.looks


async def looks_before_the_first_step(load: Load, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the follower asked until it took a step."""
    stepped = asyncio.Event()
    follower = AlarmFollower(Link("postgresql://nowhere", "test"), Places({}, Sites()), progress=load)

    async def step() -> float:
        stepped.set()
        return 1000.0

    monkeypatch.setattr(follower, "step", step)
    monkeypatch.setattr(following, "PAUSE_S", 0.0)
    running = asyncio.create_task(follower.run())
    async with asyncio.timeout(10):
        await stepped.wait()
    asked = load.asked
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return asked


async def test_a_step_waits_until_no_full_batch_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await looks_before_the_first_step(Load(looks=3), monkeypatch) == 4


async def test_a_queue_that_never_ends_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PATIENT_PAUSES", 7)
    assert await looks_before_the_first_step(Load(looks=1_000_000), monkeypatch) == 7
