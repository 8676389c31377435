"""One batch, one transaction: samples, rejects, statuses, facts, KPI samples and counts."""

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from infra.clock import from_us
from infra.database import Link
from infra.sql import blocks
from ingest import copy_rows, refused
from ingest.assembly import Call
from ingest.messages import Reject
from ingest.tally import NUMBERS, Tally
from processing.facts import CraneMove, Fact, GateTransaction, ReeferExcursion, RetractedMove, TruckVisit
from processing.kpis import KpiValue
from processing.samples import Samples
from processing.streams import STREAMS
from processing.topics import Address

SQL = blocks(__file__, "store.sql")


class StoredAlreadyError(Exception):
    """Samples thought new were there: an earlier write of unknown outcome had succeeded. Write as `behind`."""


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """Samples of one stream, each (device, time, seq) once; `behind`: some may be stored already."""

    samples: Samples
    behind: bool


@dataclass(slots=True)
class Batch:
    """What one transaction writes. Statuses are (device id, online, at)."""

    streams: list[StreamBatch] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    statuses: list[tuple[int, bool, datetime]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    kpis: list[KpiValue] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Written:
    """What a transaction did: what became of samples by device id, and those that the database refused."""

    tally: Tally = field(default_factory=Tally)
    refused: list[Reject] = field(default_factory=list)


class Store:
    """Writes batches over one link; a failed write leaves nothing behind and may be repeated as it is.

    Args:
        link: to the database.
        address_of: where a device id comes from.
    """

    def __init__(self, link: Link, address_of: Callable[[int], Address]) -> None:
        self._link = link
        self._address_of = address_of
        self._connection: Any = None

    async def write(self, batch: Batch, *, careful: bool = False) -> Written:
        """Write a batch in one transaction; `careful` finds the samples that the database refuses, and sets them apart.

        Raises:
            asyncpg.PostgresError of `refused.CONTENT`: nothing was written; write carefully.
            StoredAlreadyError: nothing was written; mark the streams as `behind` and write again.
            asyncpg.PostgresError, OSError, TimeoutError: nothing was written, or, where the connection broke during
                the commit, everything was; writing the same batch again is right in both cases.
        """
        connection = await self._link.get()
        if connection is not self._connection:
            self._connection = connection
            await self._stage()
        written = Written()
        async with self._connection.transaction():
            for stream in batch.streams:
                if careful:
                    await self._apart(stream.samples, written)
                else:
                    await self._samples(stream, written)
            await self._rejects(batch.rejects + written.refused)
            await self._many("status", sorted(batch.statuses))
            await self._many(
                "call", [(c.address.terminal, c.address.device, c.payload, from_us(c.received_us)) for c in batch.calls]
            )
            await self._facts(batch.facts)
            await self._kpis(batch.kpis)
            written.tally.add(batch.tally)
            await self._counts(written.tally)
        return written

    async def _stage(self) -> None:
        for stream in STREAMS.values():
            await self._connection.execute(SQL["stage"].format(stage=f"stage_{stream.name}", table=stream.table))

    async def _samples(self, batch: StreamBatch, written: Written) -> None:
        samples = batch.samples
        names = {"stage": f"stage_{samples.stream.name}", "table": samples.stream.table}
        await self._connection.copy_to_table(
            names["stage"],
            source=io.BytesIO(copy_rows.encode(samples)),
            columns=copy_rows.column_names(samples),
            format="binary",
        )
        if not batch.behind:
            told = await self._connection.execute(SQL["insert"].format(**names))
            if int(told.rsplit(" ", 1)[1]) == len(samples):
                for device_id in samples.device_id.tolist():
                    written.tally.of(device_id).stored += 1
                return
            raise StoredAlreadyError
        rows = await self._connection.fetch(SQL["insert_telling"].format(**names))
        fresh = {(row["device_id"], row["time_us"], row["seq"]) for row in rows}
        keys = zip(samples.device_id.tolist(), samples.time_us.tolist(), samples.seq.tolist(), strict=True)
        for key in keys:
            count = written.tally.of(key[0])
            count.stored += key in fresh
            count.duplicate += key not in fresh

    async def _apart(self, samples: Samples, written: Written) -> None:
        """Write what the database takes, by halves, each in a savepoint."""
        attempt = Written()
        try:
            async with self._connection.transaction():
                await self._connection.execute(SQL["clear"].format(stage=f"stage_{samples.stream.name}"))
                await self._samples(StreamBatch(samples, behind=True), attempt)
        except refused.CONTENT as error:
            if len(samples) == 1:
                device_id = int(samples.device_id[0])
                written.refused.append(refused.reject(samples, 0, self._address_of(device_id), error))
                written.tally.of(device_id).quarantined += 1
                return
            half = len(samples) // 2
            await self._apart(samples.take(np.arange(half)), written)
            await self._apart(samples.take(np.arange(half, len(samples))), written)
        else:
            written.tally.add(attempt.tally)

    async def _rejects(self, rejects: Sequence[Reject]) -> None:
        await self._many(
            "quarantine",
            [
                (
                    from_us(r.message.received_us),
                    r.message.topic,
                    r.payload,
                    r.reason,
                    r.detail,
                    r.address.terminal if r.address else None,
                    r.address.stream if r.address else None,
                    r.address.device if r.address else None,
                    r.digest,
                    r.message.dup,
                )
                for r in rejects
            ],
        )

    async def _many(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self._connection.executemany(SQL[name], rows)

    async def _facts(self, facts: Sequence[Fact]) -> None:
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for fact in facts:
            name, row = fact_row(fact)
            rows[name].append(row)
        for name in ("retract_move", "crane_move", "gate_transaction", "truck_visit", "reefer_excursion"):
            await self._many(name, rows[name])

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
            )

    async def _counts(self, tally: Tally) -> None:
        ordered = sorted(tally.counts.items())
        if ordered:
            columns = [[getattr(count, name) for _, count in ordered] for name in NUMBERS]
            await self._connection.execute(
                SQL["count"],
                [device_id for device_id, _ in ordered],
                *columns,
                [_time(count.last_us) for _, count in ordered],
                [_time(count.last_received_us) for _, count in ordered],
            )


def _time(time_us: int | None) -> datetime | None:
    return None if time_us is None else from_us(time_us)


def fact_row(fact: Fact) -> tuple[str, tuple[Any, ...]]:
    """The block that stores a fact, and its row."""
    match fact:
        case CraneMove():
            return "crane_move", (
                fact.device_id,
                from_us(fact.locked_us),
                from_us(fact.lifted_us),
                from_us(fact.landed_us),
                from_us(fact.unlocked_us),
                fact.kind,
                fact.boxes,
                fact.teu,
                fact.from_trolley_m,
                fact.to_trolley_m,
                fact.gantry_m,
                fact.peak_load_t,
                fact.size_ft,
                fact.twin,
                fact.inferred,
            )
        case RetractedMove():
            return "retract_move", (fact.device_id, from_us(fact.locked_us))
        case GateTransaction():
            return "gate_transaction", (
                fact.device_id,
                from_us(fact.entered_us),
                _time(fact.opened_us),
                _time(fact.left_us),
                fact.direction,
                fact.visit,
                fact.plate,
                fact.trouble,
                list(fact.container_ids),
                fact.gross_weight_kg,
            )
        case TruckVisit():
            return "truck_visit", (
                fact.terminal,
                fact.visit,
                fact.plate,
                _time(fact.entered_us),
                _time(fact.left_us),
                fact.lane_in,
                fact.lane_out,
            )
        case ReeferExcursion():
            return "reefer_excursion", (
                fact.device_id,
                fact.probe,
                from_us(fact.began_us),
                _time(fact.ended_us),
                fact.container_id,
                fact.setpoint_degc,
                fact.worst_degc,
            )
        case _:
            raise TypeError(f"{type(fact).__name__} is not stored")
