"""Facts and KPI samples made again from what is stored: after late samples, at start, and on demand.

Raw samples decide over facts, facts over KPI samples. Both steps may be repeated at any time and change nothing where
nothing is to be changed.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from infra import history
from ingest.recompute import raw_reader
from ingest.store.writer import Span
from processing.kpi.definition import KpiValue, StaleKpis
from processing.kpi.evaluator import KpiEvaluator
from processing.model.device import Device
from processing.model.facts import DeviceFact, Fact, Retracted, fact_key, time_of
from processing.model.samples import Samples
from processing.model.times import HOUR_US, MINUTE_US
from processing.model.tracker import CarryForwardTracker
from processing.recompute import DeviceRecomputation
from processing.site.configuration import Site
from processing.streams import BY_NAME

KPI_CHUNK_US = 6 * HOUR_US


@dataclass(frozen=True, slots=True)
class RecomputedFacts:
    """Facts of a device, made again in [start, end); `end_us` is None where that is the end of its samples.

    Attributes:
        replay: what was read.
        changes: facts to be written, and `Retracted` ones, where they differ from the stored ones.
        start_us: no fact with an earlier key was looked at. [µs since 1970 UTC]
        end_us: none with this one or a later one either. [µs since 1970 UTC]
        stored: facts that are stored there, by kind and key.
        compared: how many facts were looked at.
        final_us: facts with an earlier key cannot change by samples that are yet to come. [µs since 1970 UTC]
    """

    replay: DeviceRecomputation
    changes: list[Fact]
    start_us: int
    end_us: int | None
    final_us: int
    stored: dict[Any, DeviceFact]
    compared: int


async def recompute_facts(connection: Any, device: Device, span: Span) -> RecomputedFacts:
    """Make a device's facts again where samples of a span decide over them; nothing is written.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        replay, start_us = await read_up_to(connection, device, span.first_us)
        end_us = await _read_on(connection, replay, span)
        return await compared(connection, replay, start_us, end_us)


async def compared(connection: Any, replay: DeviceRecomputation, start_us: int, end_us: int | None) -> RecomputedFacts:
    """What a replay has told in [start, end) beside what is stored there; `end_us` is None where it has read all."""
    stored = {fact_key(f): f for f in await history.of_device(connection, replay.device, start_us, end_us)}
    made = {k: f for k, f in replay.facts.items() if start_us <= time_of(f) and (end_us is None or time_of(f) < end_us)}
    early = replay.early() if end_us is None else None
    if early is not None and fact_key(early) in stored:
        replay.mark_reported(early)
        made[fact_key(early)] = early
    final_us = max(replay.final_us or 0, start_us)
    return RecomputedFacts(
        replay, differences(stored, made), start_us, end_us, final_us, stored, len(stored.keys() | made.keys())
    )


def differences(stored: dict[Any, DeviceFact], made: dict[Any, DeviceFact]) -> list[Fact]:
    """What has to be written to make the stored facts the made ones."""
    gone: list[Fact] = [Retracted(fact) for key, fact in stored.items() if key not in made]
    return gone + [fact for key, fact in made.items() if stored.get(key) != fact]


async def read_up_to(connection: Any, device: Device, time_us: int) -> tuple[DeviceRecomputation, int]:
    """A synchronised detector that has read everything before a time, and from when on its facts count."""
    starts = [time_us - span_us for span_us in BY_NAME[device.stream].look_back_us]
    for begin_us in [*starts, time_us - history.FOREVER_US // 8]:
        from_first = not await raw_reader.any_before(connection, device, begin_us)
        known = {} if from_first else await raw_reader.known(connection, device, begin_us)
        replay = DeviceRecomputation(device, known, from_first=from_first)
        start_us = begin_us if from_first else None
        async with raw_reader.of_device(connection, device, begin_us, time_us) as reading:
            async for samples in reading:
                replay.feed(samples)
                if replay.exact and replay.final_us is not None:
                    start_us = replay.final_us
        if start_us is not None:
            return replay, start_us
    raise RuntimeError(f"no first sample of {device}")


async def _read_on(connection: Any, replay: DeviceRecomputation, span: Span) -> int | None:
    """Read on until the span decides over nothing any more: where that is; None where that is the end."""
    carried = Carried(replay, span.last_us)
    async with raw_reader.of_device(connection, replay.device, span.first_us, None) as reading:
        async for samples in reading:
            replay.feed(samples)
            carried.note(samples)
            if carried.decided:
                return replay.final_us
    return None


IN_STEP = 8
"""After so many moves a crane's detector is where it would be, whatever it had seen, or not seen, before them."""


class Carried:
    """Whether what a device told up to a time decides over nothing any more.

    Facts were found before in another state: late samples were missing, or others were there that now are not. So it is
    not enough that earlier facts are final; whoever found the later ones must have come into the same state.
    """

    def __init__(self, replay: DeviceRecomputation, after_us: int) -> None:
        self._replay = replay
        self._after_us = after_us
        self._told: set[str] = set()

    @property
    def decided(self) -> bool:
        """Whether facts are final beyond the time, all signals that are carried forward told anew, and moves made."""
        replay = self._replay
        if (replay.final_us or 0) <= self._after_us:
            return False
        if replay.device.stream == "crane":
            after = sum(locked_us > self._after_us for locked_us in replay.locks_us[-4 * IN_STEP :])
            if after < IN_STEP:
                return False
        return self._told.issuperset(replay.tracker.known(replay.device.device_id))

    def note(self, samples: Samples, rows: slice = slice(None)) -> None:
        """Take in the device's rows of samples, in order."""
        tracker, times = self._replay.tracker, samples.time_us[rows]
        if not isinstance(tracker, CarryForwardTracker) or not len(times) or times[-1] <= self._after_us:
            return
        after = times > self._after_us
        for name in tracker.CARRIED:
            if (~np.isnan(samples.number(name)[rows]) & after).any():
                self._told.add(name)


async def recompute_kpis(
    connection: Any, site: Site, devices: list[Device], stale: Sequence[StaleKpis], until_us: int
) -> AsyncIterator[list[KpiValue]]:
    """KPI samples of subjects' full minutes in [since, until], from stored facts, some hours at a time.

    Args:
        connection: to the database.
        site: what the terminal has decided.
        devices: all devices.
        stale: what is to be made again, of one terminal.
        until_us: last minute. [µs since 1970 UTC]
    """
    terminal, since_us = stale[0].terminal, min(one.since_us for one in stale)
    own = [device for device in devices if device.terminal == terminal]
    while since_us <= until_us:
        end_us = min(since_us + KPI_CHUNK_US, until_us)
        evaluator = KpiEvaluator(await history.fact_store(connection, site, terminal, own, since_us, end_us))
        for one in stale:
            if one.since_us <= end_us:
                yield evaluator.again(one.fact, one.subject, max(one.since_us, since_us), end_us)
        since_us = (end_us // MINUTE_US + 1) * MINUTE_US
