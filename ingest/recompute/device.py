"""Facts and KPI samples recomputed from what is stored: after late samples, at start, and on demand.

Raw samples decide over facts, facts over KPI samples. Both steps may be repeated at any time and change nothing where
nothing is to be changed.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from infra import history
from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.recompute import held_boxes, raw_reader
from ingest.store.writer import Span
from processing.facts.store import FactStore
from processing.kpi.definition import KpiValue, StaleKpis
from processing.kpi.evaluator import KpiEvaluator
from processing.kpi.samples import none_by
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, Fact, Retracted, fact_key, time_of
from processing.model.samples import Samples
from processing.model.times import HOUR_US, MINUTE_US
from processing.model.tracker import CarryForwardTracker
from processing.recompute import DeviceRecomputation
from processing.site.configuration import Site
from processing.streams import BY_NAME

SQL = blocks(__file__, "reprocess.sql")
KPI_CHUNK_US = 6 * HOUR_US


@dataclass(frozen=True, slots=True)
class RecomputedFacts:
    """Facts of a device, recomputed in [start, end); `end_us` is None where that is the end of its samples.

    Attributes:
        recomputation: what was read.
        changes: facts to be written, and `Retracted` ones, where they differ from the stored ones.
        start_us: no fact with an earlier key was looked at. [µs since 1970 UTC]
        end_us: none with this one or a later one either. [µs since 1970 UTC]
        stored: facts that are stored there, by kind and key.
        compared: how many facts were looked at.
        final_us: facts with an earlier key cannot change by samples that are yet to come. [µs since 1970 UTC]
    """

    recomputation: DeviceRecomputation
    changes: list[Fact]
    start_us: int
    end_us: int | None
    final_us: int
    stored: dict[Any, DeviceFact]
    compared: int


async def recompute_facts(connection: Connection, device: Device, span: Span) -> RecomputedFacts:
    """Recompute a device's facts where samples of a span decide over them; nothing is written.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        recomputation, start_us = await read_up_to(connection, device, span.first_us)
        end_us = await _read_on(connection, recomputation, span)
        return await compared(connection, recomputation, start_us, end_us)


async def compared(
    connection: Connection, recomputation: DeviceRecomputation, start_us: int, end_us: int | None
) -> RecomputedFacts:
    """What was found in [start, end) beside what is stored there; `end_us` is None where all has been read."""
    stored = {fact_key(f): f for f in await history.of_device(connection, recomputation.device, start_us, end_us)}
    found = {
        key: fact
        for key, fact in recomputation.facts.items()
        if start_us <= time_of(fact) and (end_us is None or time_of(fact) < end_us)
    }
    early = recomputation.peek() if end_us is None else None
    if early is not None and fact_key(early) in stored:
        recomputation.mark_reported(early)
        found[fact_key(early)] = early
    return RecomputedFacts(
        recomputation,
        differences(stored, found),
        start_us,
        end_us,
        max(recomputation.final_us or 0, start_us),
        stored,
        len(stored.keys() | found.keys()),
    )


def differences(stored: dict[Any, DeviceFact], found: dict[Any, DeviceFact]) -> list[Fact]:
    """What has to be written to make the stored facts those found."""
    retracted: list[Fact] = [Retracted(fact) for key, fact in stored.items() if key not in found]
    return retracted + [fact for key, fact in found.items() if stored.get(key) != fact]


async def read_up_to(connection: Connection, device: Device, time_us: int) -> tuple[DeviceRecomputation, int]:
    """A synchronised detector that has read everything before a time, and from when on its facts count."""
    starts = [time_us - span_us for span_us in BY_NAME[device.stream].look_back_us]
    for begin_us in [*starts, time_us - history.FOREVER_US // 8]:
        from_first = not await raw_reader.any_before(connection, device, begin_us)
        known = {} if from_first else await _known(connection, device, begin_us)
        recomputation = DeviceRecomputation(device, known, from_first=from_first)
        # Facts from before the first sample that is left, others may have been dropped for their age, stay as they are.
        start_us = time_us if from_first else None
        async with raw_reader.of_device(connection, device, begin_us, time_us) as reading:
            async for samples in reading:
                if from_first and start_us is not None:
                    start_us = min(start_us, int(samples.time_us[0]))
                recomputation.feed(samples)
                if recomputation.exact and recomputation.final_us is not None:
                    start_us = recomputation.final_us
        if start_us is not None:
            return recomputation, start_us
    raise RuntimeError(f"no first sample of {device}")


async def _known(connection: Connection, device: Device, before_us: int) -> LastValues:
    """What matters of a device's samples before a time: last values, and the box that stood there."""
    known = await raw_reader.known(connection, device, before_us)
    if BY_NAME[device.stream].boxes_stay:
        box = (await held_boxes.held(connection, [device.device_id], before_us)).get(device.device_id)
        known |= {} if box is None else {"container_id": box}
    return known


async def _read_on(connection: Connection, recomputation: DeviceRecomputation, span: Span) -> int | None:
    """Read on until the span decides over nothing any more: where that is; None where that is the end."""
    carried = Carried(recomputation, span.last_us)
    async with raw_reader.of_device(connection, recomputation.device, span.first_us, None) as reading:
        async for samples in reading:
            recomputation.feed(samples)
            carried.note(samples)
            if carried.decided:
                return recomputation.final_us
    return None


class Carried:
    """Whether a device's samples up to a time decide over nothing any more.

    Facts were found before in another state: late samples were missing, or others were there that now are not. So it is
    not enough that earlier facts are final; whoever found the later ones must have come into the same state.
    """

    def __init__(self, recomputation: DeviceRecomputation, after_us: int) -> None:
        self._recomputation = recomputation
        self._after_us = after_us
        self._in_step = BY_NAME[recomputation.device.stream].in_step
        self._renewed_us: dict[str, int] = {}

    @property
    def decided(self) -> bool:
        """Whether facts are final beyond the time, detectors in step, and all signals carried forward renewed."""
        one = self._recomputation
        if (one.final_us or 0) <= self._after_us:
            return False
        if self._in_step is not None:
            count = self._in_step.count
            if sum(time_us > self._after_us for time_us in one.in_step_us[-4 * count :]) < count:
                return False
        if not one.tracker.in_step(one.device.device_id, self._after_us):
            return False
        known = one.tracker.known(one.device.device_id)
        # What the very sample changes that renews a value may be no change to those who found the later facts.
        return all(self._renewed_us.get(name, one.final_us or 0) < (one.final_us or 0) for name in known)

    def note(self, samples: Samples, rows: slice = slice(None)) -> None:
        """Take in the device's rows of samples, in order."""
        tracker, times = self._recomputation.tracker, samples.time_us[rows]
        if not isinstance(tracker, CarryForwardTracker) or not len(times) or times[-1] <= self._after_us:
            return
        after = times > self._after_us
        for name in (name for name in tracker.CARRIED if name not in self._renewed_us):
            renewed = ~np.isnan(samples.number(name)[rows]) & after
            if renewed.any():
                self._renewed_us[name] = int(times[renewed.argmax()])


async def recompute_kpis(
    connection: Connection, site: Site, devices: list[Device], stale: Sequence[StaleKpis], until_us: int
) -> AsyncIterator[list[KpiValue]]:
    """KPI samples of subjects' full minutes in [since, until], from stored facts, some hours at a time.

    Args:
        connection: to the database.
        site: configuration of the terminal.
        devices: all devices.
        stale: what is to be recomputed, of one terminal.
        until_us: last minute. [µs since 1970 UTC]
    """
    terminal, since_us = stale[0].terminal, min(one.since_us for one in stale)
    own = [device for device in devices if device.terminal == terminal]
    while since_us <= until_us:
        end_us = min(since_us + KPI_CHUNK_US, until_us)
        store = await history.fact_store(connection, site, terminal, own, since_us, end_us, {one.fact for one in stale})
        evaluator, nothing = KpiEvaluator(store), await _without_samples(connection, store, stale, since_us, end_us)
        for one in stale:
            if one.since_us <= end_us and one.subject not in nothing:
                yield evaluator.recompute(one.fact, one.subject, max(one.since_us, since_us), end_us)
        since_us = (end_us // MINUTE_US + 1) * MINUTE_US


async def _without_samples(
    connection: Connection, store: FactStore, stale: Sequence[StaleKpis], since_us: int, until_us: int
) -> set[str]:
    """Subjects that have no KPI sample in [since, until], and of which none is stored there: nothing is to be done.

    Without that, of days before a device was there each minute would be evaluated.
    """
    nothing = {one.subject for one in stale if none_by(store, one.subject, until_us)}
    if nothing:
        span = from_us(since_us), from_us(until_us)
        rows = await connection.fetch(SQL["subjects_with_samples"], store.terminal, sorted(nothing), *span)
        nothing -= {row["subject"] for row in rows}
    return nothing
