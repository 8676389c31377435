"""What the worker recomputes between its batches: facts around late samples, visits, treatments, old KPI samples."""

import logging
import time
from contextlib import aclosing
from dataclasses import replace

from infra import history
from infra.clock import to_us
from infra.connection import Connection
from infra.database import Link
from infra.sql import blocks
from ingest.recompute import containers, raw_reader, visits
from ingest.recompute.device import RecomputedFacts, recompute_facts, recompute_kpis
from ingest.recompute.period import Progress, recompute_period
from ingest.recompute.restore import restore_edits
from ingest.recompute.treatments import TreatmentFollower
from ingest.store.devices import DeviceRegistry
from ingest.store.failures import AWAY, CONTENT, refuses
from ingest.store.outcome import WriteMode
from ingest.store.writer import Batch, BatchWriter, Span
from processing.engine import Engine
from processing.gates.facts import GateTransaction
from processing.gates.passages import REACH_US
from processing.kpi.definition import StaleKpis
from processing.model.device import Device
from processing.model.facts import Fact, FactKind, Retracted
from processing.model.times import HOUR_US, QUARTER_US
from processing.streams import KPI_FACTS

log = logging.getLogger(__name__)
SQL = blocks(__file__, "recomputer.sql")
AT_ONCE_US = 6 * HOUR_US
"""KPI samples are recomputed for some hours at most in one transaction. [µs]"""
ENOUGH_S = 0.25
"""An idle task ends after the step that goes beyond this: messages wait. [s]"""


class Recomputer:
    """Works off the notes of what is to be recomputed; nothing else may write meanwhile.

    Args:
        link: to the database.
        writer: writes through the same link.
        engine: takes in what changes.
        registry: knows the devices.

    Attributes:
        pending: how many notes there are, as far as known; 0 only where there is none.
    """

    def __init__(self, link: Link, writer: BatchWriter, engine: Engine, registry: DeviceRegistry) -> None:
        self._link = link
        self._writer = writer
        self._engine = engine
        self._registry = registry
        self._treatments = TreatmentFollower(writer.treatments, engine.sites.schedules)
        self.pending = 0
        self._unwritten: Batch | None = None

    async def step(self) -> bool:
        """Recompute something; whether there is more.

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing is lost, call it once more.
        """
        began = time.monotonic()
        await self.settle()
        while True:
            connection = await self._link.get()
            self.pending = await connection.fetchval(SQL["pending"])
            if not self.pending:
                return False
            if time.monotonic() - began > ENOUGH_S:
                return True
            row = await connection.fetchrow(SQL["next_facts"])
            if row is not None:
                await self._facts(connection, row["device_id"], Span(to_us(row["first"]), to_us(row["last"])))
                continue
            row = await connection.fetchrow(visits.SQL["next"])
            if row is not None:
                await self._visits(connection, row["terminal"], Span(to_us(row["first"]), to_us(row["last"])))
                continue
            if await self._container_events(connection) or await self._container_states(connection):
                continue
            if not await self._treatments.step(connection):  # before KPIs: weeks of those may wait
                rows = await connection.fetch(SQL["next_kpis"])
                if rows:
                    notes = [(StaleKpis(row[0], row[1], row[2], to_us(row[3])), row["version"]) for row in rows]
                    await self._kpis(connection, notes)

    async def settle(self) -> None:
        """Write what a failed step has left; before anything else is written, which may follow from it.

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing is lost, call it once more.
        """
        if self._unwritten is not None:
            await self._write(self._unwritten)

    async def _write(self, batch: Batch) -> None:
        """Write what the engine has taken in: asked once more, it would find no change."""
        self._unwritten = batch
        try:
            await self._writer.write(batch, WriteMode.BISECT)
        except CONTENT:  # it would be refused for ever
            self._unwritten = None
            raise
        self._unwritten = None

    async def period(self, reading: Connection, devices: list[Device], span: Span, progress: Progress) -> None:
        """Recompute facts of devices of one stream, all in one pass.

        Args:
            reading: another connection, for reading only.
            devices: of the stream.
            span: noted for each of them.
            progress: called with how far it is.
        """
        first_us = {device.device_id: await raw_reader.first_us(reading, device) for device in devices}
        async with aclosing(recompute_period(reading, devices, span, progress)) as pieces:
            async for piece in pieces:
                device_id = piece.recomputed.recomputation.device.device_id
                batch = Batch(recomputed_facts=[(device_id, span)] if piece.last else [])
                await self._take(batch, piece.recomputed, span, first_us[device_id])
                await self._write(batch)
                self._engine.forget()

    async def _facts(self, connection: Connection, device_id: int, span: Span) -> None:
        device = self._registry.devices[device_id]
        batch = Batch(recomputed_facts=[(device_id, span)])
        try:
            recomputed = await recompute_facts(connection, device, span)
            await self._take(batch, recomputed, span, await raw_reader.first_us(connection, device))
        except AWAY:
            raise
        except Exception:  # a defect of a detector must not come back for ever; `reprocess` finds what is left
            log.exception("facts of %s cannot be recomputed; please report this", device)
        if batch.facts:
            log.info("%d facts of %s/%s changed, recomputed", len(batch.facts), device.terminal, device.name)
        await self._write(batch)

    async def _container_events(self, connection: Connection) -> bool:
        """Container events of an hour, from stored facts; whether there was such an hour."""
        noted = await containers.next_hour(connection)
        if noted is None:
            return False
        hour, version = noted
        batch = Batch(derived_hours=[(*hour, version)])
        try:
            batch.facts = await containers.changed_events(connection, self._engine.devices, hour)
        except AWAY:
            raise
        except Exception:  # as above
            log.exception("container events of %s cannot be derived; please report this", hour)
        await self._writer.write(batch, WriteMode.BISECT)
        return True

    async def _container_states(self, connection: Connection) -> bool:
        """States of some boxes, from stored events; whether there were any."""
        boxes = await containers.next_boxes(connection)
        if boxes:
            await self._states_of(connection, boxes)
        return bool(boxes)

    async def _states_of(self, connection: Connection, boxes: containers.Boxes) -> None:
        """States of boxes; where that fails by halves, so that one box does not hold up all others."""
        try:
            await containers.make_states(connection, boxes)
        except Exception as error:  # as above; too long a statement would be so the next time, too
            if isinstance(error, AWAY) and not refuses(error):
                raise
            if len(boxes) > 1:
                half = len(boxes) // 2
                await self._states_of(connection, boxes[:half])
                await self._states_of(connection, boxes[half:])
                return
            log.exception("states of %s cannot be made; please report this", boxes)
            await containers.done(connection, boxes)

    async def _take(self, batch: Batch, recomputed: RecomputedFacts, span: Span, first_us: int) -> None:
        """Let the engine take in what has changed."""
        device = recomputed.recomputation.device
        await self._load_passages(device.terminal, recomputed.changes)
        batch.facts = self._engine.amend(device.device_id, recomputed.changes, span.first_us, first_us)
        # In the same transaction: were the process killed now, nobody else would know whose KPI samples have changed.
        batch.stale = self._engine.changed()
        batch.event_hours = self._engine.stale_events()
        if recomputed.end_us is None:
            self._engine.trackers[device.stream].adopt(recomputed.recomputation.tracker, device.device_id)

    async def _visits(self, connection: Connection, terminal: str, span: Span) -> None:
        """Visits of a terminal, of a day of the span at most, made again from the transactions that are stored."""
        updater = self._engine.updater(terminal)
        day = await visits.first_day(connection, terminal, span)
        batch = Batch(
            recomputed_visits=[(terminal, replace(span, last_us=span.last_us if day is None else day.last_us))]
        )
        if day is not None:
            event_us = updater.store.visits.now_us
            made = await visits.make_visits(connection, terminal, self._engine.devices, day, event_us)
            batch.facts += updater.repair_visits(made.changes)
            batch.stale = self._engine.changed()
        if batch.facts:
            log.info("%d visits of %s changed, made again", len(batch.facts), terminal)
        await self._write(batch)
        self._engine.forget()

    async def _load_passages(self, terminal: str, changes: list[Fact]) -> None:
        """Read what memory has forgotten of the passages that decide over visits, where transactions change."""
        about = [change.fact if isinstance(change, Retracted) else change for change in changes]
        times_us = [one.entered_us for one in about if isinstance(one, GateTransaction)]
        known = self._engine.updater(terminal).store.visits
        if not times_us or min(times_us) - REACH_US >= known.complete_since_us:
            return
        devices = [device for device in self._engine.devices if device.terminal == terminal]
        since_us, until_us = min(times_us) - REACH_US - HOUR_US, max(times_us) + REACH_US + HOUR_US
        known.load(await history.transactions(await self._link.get(), devices, since_us, until_us))

    async def _kpis(self, connection: Connection, notes: list[tuple[StaleKpis, str]]) -> None:
        """KPI samples of one terminal, from the earliest note on, for some hours; the rest is noted once more."""
        terminal = notes[0][0].terminal
        evaluator = self._engine.evaluator(terminal)
        await self._take_in(connection, terminal)
        stale = await _with_calls(connection, [note for note, _ in notes])
        batch = Batch(recomputed_kpis=notes)
        if evaluator.minute_us is not None and stale:
            until_us = min(evaluator.minute_us, min(one.since_us for one in stale) + AT_ONCE_US)
            site, devices = self._engine.sites.of(terminal), self._engine.devices
            async for values in recompute_kpis(connection, site, devices, stale, until_us):
                batch.kpis += values
            if until_us < evaluator.minute_us:
                batch.stale = [replace(one, since_us=max(one.since_us, until_us + 1)) for one in stale]
        await self._writer.write(batch, WriteMode.BISECT)

    async def _take_in(self, connection: Connection, terminal: str) -> None:
        """Let the engine take in what notes were written for: stated causes, imported lists, calls of long ago."""
        updater = self._engine.updater(terminal)
        missing_us = updater.evaluator.missing_us()
        if missing_us:
            ids = {updater.store.cranes[name].device_id for name in missing_us}
            devices = [device for device in self._engine.devices if device.terminal == terminal]
            needed = [device for device in devices if device.device_id in ids]
            since_us = min(missing_us.values())
            facts = await history.work(connection, needed, devices, since_us - HOUR_US)
            history.enter(updater.store, devices, facts)
            for name in missing_us:
                updater.store.cranes[name].since_us = since_us
        await restore_edits(connection, updater)


async def _with_calls(connection: Connection, notes: list[StaleKpis]) -> list[StaleKpis]:
    """What notes mean: with a crane its calls and their berths, for a list of boxes the call's and its berth's KPIs."""
    calls = await history.calls(connection, [notes[0].terminal], min(one.since_us for one in notes) - QUARTER_US, None)
    since_us: dict[tuple[FactKind, str], int] = {}

    def add(fact: FactKind, subject: str | None, at_us: int) -> None:
        if subject is not None:
            since_us[fact, subject] = min(at_us, since_us.get((fact, subject), at_us))

    for one in notes:
        if one.fact in KPI_FACTS:
            add(one.fact, one.subject, one.since_us)
        for call in calls:
            kinds: tuple[FactKind, ...] = ()
            if call.call_id == one.subject:
                kinds = ("call",) if one.fact not in KPI_FACTS else (one.fact,)
            elif one.fact in ("move", "stop") and any(worked.crane == one.subject for worked in call.assignments):
                kinds = ("move", "call") if one.fact == "move" else ("stop",)
            for kind in kinds:
                add(kind, call.call_id, one.since_us)
                add(kind, call.berth, one.since_us)
    return [StaleKpis(notes[0].terminal, fact, subject, at_us) for (fact, subject), at_us in sorted(since_us.items())]
