"""One batch, one transaction: samples, rejects, statuses, facts, KPI samples and counts."""

import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infra.clock import from_us
from infra.connection import Connection
from infra.database import Link
from infra.sql import blocks
from ingest.decode.address import Address
from ingest.decode.protocol import Document
from ingest.decode.rejects import Reject
from ingest.store import alarm_notes, calls, conflicts, copy_in, counts, documents, facts, recompute_notes, rejected
from ingest.store.counts import Tally
from ingest.store.failures import CONTENT
from ingest.store.outcome import WriteMode
from ingest.store.treatment_log import Stored, TreatmentLog
from processing.kpi.definition import KpiValue, StaleKpis
from processing.model.facts import Fact
from processing.model.samples import Samples
from processing.streams import STREAMS

log = logging.getLogger(__name__)
SQL = blocks(__file__, "writer.sql") | facts.STATEMENTS | documents.STATEMENTS


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """Samples of one stream, each (device, time, seq) once.

    Attributes:
        samples: in order of device, time, seq.
        behind: which are not ahead of their device's watermark: stored already, or late. Shape (n,).
    """

    samples: Samples
    behind: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Span:
    """From the earliest to the latest late sample of a device. [µs since 1970 UTC]."""

    first_us: int
    last_us: int

    def with_time(self, time_us: int) -> "Span":
        """Wide enough for this time too."""
        return Span(min(self.first_us, time_us), max(self.last_us, time_us))


@dataclass(slots=True)
class Batch:
    """What one transaction writes.

    Attributes:
        streams: samples.
        rejects: what goes to quarantine.
        statuses: device id, online, at.
        documents: announced or withdrawn, in the order they came.
        facts: new, changed and retracted ones, in the order they were found.
        kpis: KPI samples.
        stale: KPI samples to be recomputed later, from stored facts.
        event_hours: terminals and hours whose container events are stale. [µs since 1970 UTC]
        derived_hours: those whose container events are not any more, and which version of each note.
        recomputed_facts: spans of devices whose facts these are, recomputed, and which version of each note.
        recomputed_visits: spans of terminals whose visits are made again, each the beginning of one that is noted, and
            which version of each note.
        recomputed_kpis: notes that these KPI samples settle, and which version of each.
        tally: what became of samples before they came here.
    """

    streams: list[StreamBatch] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    statuses: list[tuple[int, bool, datetime]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    kpis: list[KpiValue] = field(default_factory=list)
    stale: list[StaleKpis] = field(default_factory=list)
    event_hours: set[tuple[str, int]] = field(default_factory=set)
    derived_hours: list[tuple[str, int, str]] = field(default_factory=list)
    recomputed_facts: list[tuple[int, Span, str]] = field(default_factory=list)
    recomputed_visits: list[tuple[str, Span, str]] = field(default_factory=list)
    recomputed_kpis: list[tuple[StaleKpis, str]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class WriteResult:
    """What a transaction did.

    Attributes:
        tally: what became of samples, by device id.
        refused: samples that the database refused.
        stored: samples that were not stored before.
        touched: by device id, the span whose facts are to be recomputed.
        left_out: other rows that the database refused: each a defect, and in the log.
    """

    tally: Tally = field(default_factory=Tally)
    refused: list[Reject] = field(default_factory=list)
    left_out: int = 0
    stored: list[Stored] = field(default_factory=list)
    touched: dict[int, Span] = field(default_factory=dict)

    def touch(self, device_id: int, time_us: int) -> None:
        """Note that a device's facts around this time are to be recomputed."""
        span = self.touched.get(device_id)
        self.touched[device_id] = span.with_time(time_us) if span else Span(time_us, time_us)


class BatchWriter:
    """Writes batches over one link; a failed write leaves nothing behind and may be repeated as it is.

    Args:
        link: to the database.
        address_of: where a device id comes from.

    Attributes:
        treatments: the log that readings of containers under treatment enter.
    """

    def __init__(self, link: Link, address_of: Callable[[int], Address]) -> None:
        self._link = link
        self._address_of = address_of
        self._connection: Connection
        self._staged: Connection | None = None
        self.treatments = TreatmentLog()

    async def write(self, batch: Batch, how: WriteMode = WriteMode.COPY) -> WriteResult:
        """Write a batch in one transaction.

        Raises:
            asyncpg.UniqueViolationError: COPY, and samples were stored already; nothing was written, write as UPSERT.
            asyncpg.PostgresError of `failures.CONTENT`: nothing was written; write as BISECT.
            asyncpg.PostgresError, OSError, TimeoutError: nothing was written, or, where the connection broke during
                the commit, everything was; writing the same batch once more as UPSERT is right in both cases.
        """
        connection = await self._link.get()
        if connection is not self._staged:
            await _stage(connection)
            self._connection = self._staged = connection
        written = WriteResult()
        async with self._connection.transaction():
            for stream in batch.streams:
                await self._stream(stream, how, written)
            many = partial(self._each, written) if how is WriteMode.BISECT else self._many
            await many("quarantine", rejected.rows(batch.rejects + written.refused))
            await many("status", sorted(batch.statuses))
            stale = await calls.write(self._connection, batch.documents, written if how is WriteMode.BISECT else None)
            rows = documents.rows(batch.documents) | facts.rows(batch.facts)
            for name in (*documents.STATEMENTS, *facts.STATEMENTS):
                await many(name, rows.get(name, ()))
            await self.treatments.enter(self._connection, written.stored, batch.facts)
            noted = alarm_notes.rows(batch.facts, self._address_of) + alarm_notes.of_kpis(batch.kpis)
            await many("alarm_note", noted)
            await self._kpis(batch.kpis)
            await self._marks(batch, written, {*batch.stale, *stale})
            written.tally.add(batch.tally)
            await counts.write(self._connection, written.tally)
        return written

    async def _stream(self, batch: StreamBatch, how: WriteMode, written: WriteResult) -> None:
        if how is WriteMode.BISECT:
            await self._bisect(batch, written)
        elif how is WriteMode.UPSERT:
            await self._upsert(batch, written)
        elif not batch.behind.any():
            await self._copy_new(batch.samples, written)
        else:
            ahead = np.flatnonzero(~batch.behind)
            if len(ahead):
                await self._copy_new(batch.samples.take(ahead), written)
            late = np.flatnonzero(batch.behind)
            await self._upsert(StreamBatch(batch.samples.take(late), batch.behind[late]), written)

    async def _copy_new(self, samples: Samples, written: WriteResult) -> None:
        """Samples that nobody has seen: straight into the table."""
        await self._copy(samples, samples.stream.table)
        devices, numbers = np.unique(samples.device_id, return_counts=True)
        for device_id, count in zip(devices.tolist(), numbers.tolist(), strict=True):
            written.tally.of(device_id).stored += count
        written.stored.append(Stored(samples, None))
        await conflicts.count(self._connection, samples.take(conflicts.beside_each_other(samples)), written.tally)

    async def _upsert(self, batch: StreamBatch, written: WriteResult) -> None:
        """Samples of which some may be stored already: by way of a stage; the table returns which were new."""
        samples = batch.samples
        names = {"stage": f"stage_{samples.stream.name}", "table": samples.stream.table}
        await self._copy(samples, names["stage"])
        rows = await self._connection.fetch(SQL["upsert_staged"].format(**names))
        fresh = {(row["device_id"], row["time_us"], row["seq"]) for row in rows}
        written.stored.append(Stored(samples, fresh))
        keys = list(zip(samples.device_id.tolist(), samples.time_us.tolist(), samples.seq.tolist(), strict=True))
        unnumbered = [i for i, key in enumerate(keys) if key[2] < 0 and key in fresh]
        await conflicts.count(self._connection, samples.take(np.array(unnumbered, np.intp)), written.tally)
        for key, behind in zip(keys, batch.behind.tolist(), strict=True):
            count = written.tally.of(key[0])
            if key not in fresh:
                count.duplicate += 1
                continue
            count.stored += 1
            if behind:
                count.late += 1
                written.touch(key[0], key[1])

    async def _copy(self, samples: Samples, table: str) -> None:
        await self._connection.copy_to_table(
            table,
            source=io.BytesIO(copy_in.encode(samples)),
            columns=copy_in.column_names(samples),
            format="binary",
        )

    async def _bisect(self, batch: StreamBatch, written: WriteResult) -> None:
        """Write what the database takes, by halves, each in a savepoint."""
        samples = batch.samples
        attempt = WriteResult()
        try:
            async with self._connection.transaction():
                await self._connection.execute(SQL["clear"].format(stage=f"stage_{samples.stream.name}"))
                await self._upsert(batch, attempt)
        except CONTENT as error:
            if len(samples) == 1:
                device_id = int(samples.device_id[0])
                reject = rejected.reject(samples, 0, self._address_of(device_id), error)
                written.refused.append(reject)
                written.tally.quarantined(device_id, reject.reason)
                if not batch.behind[0]:  # the engine has taken it for true
                    written.touch(device_id, int(samples.time_us[0]))
                return
            half = len(samples) // 2
            for rows in (np.arange(half), np.arange(half, len(samples))):
                await self._bisect(StreamBatch(samples.take(rows), batch.behind[rows]), written)
        else:
            written.tally.add(attempt.tally)
            written.stored += attempt.stored
            for device_id, span in attempt.touched.items():
                written.touch(device_id, span.first_us)
                written.touch(device_id, span.last_us)

    async def _marks(self, batch: Batch, written: WriteResult, stale: set[StaleKpis]) -> None:
        """What is to be recomputed is noted with what calls for it: a crash does not forget it."""
        for name, rows in recompute_notes.rows(batch, written.touched, stale):
            await self._many(name, rows)

    async def _many(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self._connection.executemany(SQL[name], rows)

    async def _each(self, written: WriteResult, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write what the database takes, by halves; what it refuses is a defect of ours and must not block the rest."""
        if not rows:
            return
        try:
            async with self._connection.transaction():
                await self._connection.executemany(SQL[name], rows)
        except CONTENT as error:
            if len(rows) == 1:
                log.warning("the database refuses a row of %s, please report this: %s: %r", name, error, rows[0])
                written.left_out += 1
                return
            half = len(rows) // 2
            await self._each(written, name, rows[:half])
            await self._each(written, name, rows[half:])

    async def _kpis(self, kpis: Sequence[KpiValue]) -> None:
        # The same sample may be made twice in a batch; one statement may touch a row only once, the last one counts.
        last = {(k.terminal, k.kpi, k.subject, k.window, k.time_us): k for k in kpis}
        if last:
            await self._connection.execute(
                SQL["kpi_sample"],
                [from_us(k.time_us) for k in last.values()],
                [k.terminal for k in last.values()],
                [k.kpi for k in last.values()],
                [k.subject for k in last.values()],
                [k.window for k in last.values()],
                [k.value for k in last.values()],
                [k.state for k in last.values()],
                [k.per_minute for k in last.values()],
            )


async def _stage(connection: Connection) -> None:
    """Staging tables, which live as long as the connection."""
    for stream in STREAMS.values():
        await connection.execute(SQL["stage"].format(stage=f"stage_{stream.name}", table=stream.table))
