"""What goes on beside the batches survives its own defects; what is prepared survives a standstill of the machine."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, cast

import pytest

from infra.clock import now_us
from infra.database import Link
from ingest.decode.address import Address
from ingest.decode.columns import Limits
from ingest.source.protocol import Inbound
from ingest.worker import beside, command
from ingest.worker.metrics import Metrics
from ingest.worker.preparation import Preparation
from ingest.worker.shell import Worker
from processing.engine import Engine
from processing.model.device import Device
from processing.model.errors import QuaystreamError
from processing.model.level import LevelChange
from processing.model.samples import Samples
from processing.site.configuration import Sites
from tests.unit.known_devices import KnownDevices


async def test_work_that_a_defect_has_ended_begins_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(beside, "AGAIN_S", 0.0)
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise ZeroDivisionError

    await beside.keep_going("alarms", work)
    assert begun == 3
    assert [record.message for record in caplog.records] == 2 * ["alarms: begun once more in 0 s; please report this"]


async def test_what_people_have_to_change_ends_the_worker() -> None:
    async def work() -> None:
        raise QuaystreamError("no such folder")

    with pytest.raises(QuaystreamError, match="no such folder"):
        await beside.keep_going("alarms", work)


class SilentThenWell:
    """A link whose first connection never answers, as to a server that is frozen; the next one has three notes."""

    def __init__(self) -> None:
        self.dropped = 0

    async def get(self) -> "SilentThenWell":
        """It is its own connection."""
        return self

    async def fetchval(self, _query: str) -> int:
        """How many notes there are."""
        if not self.dropped:
            await asyncio.Event().wait()
        return 3

    def drop(self) -> None:
        """The next connection answers."""
        self.dropped += 1


async def test_notes_are_looked_for_again_where_a_server_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ANSWER_S", 0.01)
    monkeypatch.setattr(command, "NOTES_EVERY_S", 0.0)
    link, seen = SilentThenWell(), asyncio.Future[int]()

    class Requested:
        def request_recompute(self, pending: int) -> None:
            if not seen.done():
                seen.set_result(pending)

    watching = asyncio.create_task(command.watch_notes(cast("Worker", Requested()), cast("Link", link)))
    try:
        async with asyncio.timeout(30):
            assert await seen == 3
    finally:
        watching.cancel()
    assert link.dropped == 1


class Standstill(Engine):
    """The machine stands still for a quarter of an hour while the engine works, by the clock of the loop."""

    def feed(self, samples: Samples, now_us: int) -> list[Any]:
        """Feed, and find the loop's clock far ahead."""
        found = super().feed(samples, now_us)
        loop = asyncio.get_running_loop()
        time = loop.time
        loop.time = lambda: time() + 900.0  # type: ignore[method-assign]
        return found


async def test_what_the_engine_has_found_survives_a_standstill() -> None:
    """Nothing gives up behind the engine: it would not find the same facts in the same samples once more."""
    stored = LevelChange(1, "plugged", 5, 1.0)
    preparation = Preparation(Limits(30, 60), Standstill(Sites()), KnownDevices(), Metrics(), [stored], 20.0)
    now = now_us()
    sample = json.dumps({"ts": now // 1000, "logged_on": True}).encode()
    prepared = await preparation.prepare([Inbound("port/t/crane/sts1/telemetry", sample, now, 1, False)])
    assert prepared.batch.facts[0] == stored
    assert [(one.name, one.value) for one in prepared.batch.facts[1:] if isinstance(one, LevelChange)] == [
        ("logged_on", 1.0)
    ]


class Unreachable(KnownDevices):
    """The database does not answer to whoever registers devices."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = SilentThenWell()
        self.link = cast("Link", self.silent)

    async def ensure(self, _addresses: Iterable[Address]) -> list[Device]:
        """Wait for ever."""
        await asyncio.Event().wait()
        return []


async def test_a_database_that_registers_no_device_is_given_up() -> None:
    devices, engine = Unreachable(), Engine(Sites())
    preparation = Preparation(Limits(30, 60), engine, devices, Metrics(), [], 0.01)
    message = Inbound("port/t/crane/sts1/telemetry", b'{"ts": 1}', now_us(), 1, False)
    with pytest.raises(TimeoutError):
        await preparation.prepare([message])
    assert (devices.silent.dropped, engine.devices) == (1, [])
