"""Facts of all devices of a stream, recomputed in one pass through a long period."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from infra.connection import Connection
from ingest.recompute import raw_reader
from ingest.recompute.device import Carried, RecomputedFacts, compared, read_up_to
from ingest.store.writer import Span
from processing.model.device import Device
from processing.recompute import DeviceRecomputation, StreamRecomputation
from processing.streams import STREAMS

HELD = 10_000
"""With so many facts in memory, final ones are compared and dropped."""

Progress = Callable[[int, int], None]
"""Called with how many samples were read now, and up to when all are. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Facts of a device in a part of the period; `last` is its last part."""

    recomputed: RecomputedFacts
    last: bool


@dataclass(slots=True)
class _Part:
    """A device on its way through the period; facts before `start_us` are settled. [µs since 1970 UTC]."""

    recomputation: DeviceRecomputation
    start_us: int
    carried: Carried

    async def upto(self, connection: Connection, end_us: int | None) -> RecomputedFacts:
        """What it has found up to there."""
        facts = await compared(connection, self.recomputation, self.start_us, end_us)
        if end_us is not None:
            self.start_us = end_us
            self.recomputation.forget(end_us)
        return facts


async def recompute_period(
    connection: Connection, devices: Sequence[Device], span: Span, progress: Progress
) -> AsyncGenerator[Piece, None]:
    """Recompute facts of devices of one stream where samples of a span decide them; nothing is written.

    To be closed where it is not read to its end; until then nothing else may use the connection.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    stream = STREAMS[devices[0].stream]
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        parts = [await _begun(connection, device, span) for device in devices]
        together = StreamRecomputation(part.recomputation for part in parts)
        going = {part.recomputation.device.device_id: part for part in parts}
        async with raw_reader.Reading(connection, stream, going.keys(), span.first_us, None) as reading:
            async for samples in reading:
                for recomputation, rows in together.feed(samples):
                    part = going.get(recomputation.device.device_id)  # a slice read ahead may hold one that is done
                    if part is not None:
                        part.carried.note(samples, rows)
                progress(len(samples), reading.until_us)
                done = [part for part in going.values() if _is_done(part)]
                for part in done:
                    del going[part.recomputation.device.device_id]
                full = _full(list(going.values()))
                if done or full:
                    await reading.until_free()
                for part in full:
                    yield Piece(await part.upto(connection, part.recomputation.final_us), last=False)
                for part in done:
                    yield Piece(await part.upto(connection, part.recomputation.final_us), last=True)
        for part in going.values():
            yield Piece(await part.upto(connection, None), last=True)


async def _begun(connection: Connection, device: Device, span: Span) -> _Part:
    recomputation, start_us = await read_up_to(connection, device, span.first_us)
    return _Part(recomputation, start_us, Carried(recomputation, span.last_us))


def _is_done(part: _Part) -> bool:
    return part.carried.decided


def _full(going: list[_Part]) -> list[_Part]:
    """Devices of which final facts are to be settled now: those that hold most, once too many are held."""
    held = sum(len(part.recomputation.facts) for part in going)
    if held < HELD:
        return []
    return [
        part
        for part in going
        if len(part.recomputation.facts) * len(going) >= held and (part.recomputation.final_us or 0) > part.start_us
    ]
