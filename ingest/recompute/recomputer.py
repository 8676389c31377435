"""What the worker recomputes between its batches: facts around late samples, visits, treatments, old KPI samples."""

import logging
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import asyncpg

from infra import history
from infra.clock import to_us
from infra.connection import Connection, Record
from infra.database import Link
from infra.sql import blocks
from ingest.recompute import appointments, containers, kpi_samples, raw_reader, visits
from ingest.recompute.device import RecomputedFacts, recompute_facts
from ingest.recompute.period import Progress, recompute_period
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
from processing.model.facts import Fact, Retracted
from processing.model.times import HOUR_US

log = logging.getLogger(__name__)
SQL = blocks(__file__, "recomputer.sql")
ENOUGH_S = 0.25
"""An idle task ends after the step that goes beyond this: messages wait. [s]"""
LATER, MUCH_LATER = timedelta(minutes=1), timedelta(hours=1)
"""When a box is judged again for which the server took too long, and one for which a defect of ours is in the way."""
FEW, MOST_HOURS = 500, 12
"""After hours with less facts and events than that twice as many are derived at once: most of a long past are empty."""
Note = tuple[StaleKpis, str]
"""KPI samples to be recomputed, and the version of the row that has them."""


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
        self._hours = 1
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
            found = await self._one(connection)  # first of all: however slow the machine is, each step brings some on
            self.pending = await connection.fetchval(SQL["pending"])
            if not found or not self.pending:
                return False
            if time.monotonic() - began > ENOUGH_S:
                return True

    async def _one(self, connection: Connection) -> bool:
        """Work off a note of the first kind of which there are any; whether there was one."""
        for work in (
            self._facts,
            self._visits,
            self._container_events,
            self._container_states,
            partial(appointments.step, self._engine),
            self._treatments.step,  # before KPIs: weeks of those may wait
            self._kpis,
        ):
            if await work(connection):
                return True
        return False

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
        await self._store(batch)
        self._unwritten = None

    async def _store(self, batch: Batch) -> None:
        """Write what was recomputed; where the database refuses it, as it would for ever, drop the notes at least."""
        try:
            await self._writer.write(batch, WriteMode.BISECT)
        except CONTENT:
            log.exception("what was recomputed is refused; please report this")
            notes = Batch(
                recomputed_facts=batch.recomputed_facts,
                recomputed_visits=batch.recomputed_visits,
                recomputed_kpis=batch.recomputed_kpis,
                derived_hours=batch.derived_hours,
            )
            await self._writer.write(notes, WriteMode.BISECT)

    async def period(self, reading: Connection, devices: list[Device], span: Span, progress: Progress) -> None:
        """Recompute facts of devices of one stream, all in one pass.

        Args:
            reading: another connection, for reading only.
            devices: of the stream.
            span: noted for each of them.
            progress: called with how far it is.
        """
        first_us = {device.device_id: await raw_reader.first_us(reading, device) for device in devices}
        versions = {row["device_id"]: row["version"] for row in await reading.fetch(SQL["versions"], list(first_us))}
        async with aclosing(recompute_period(reading, devices, span, progress)) as pieces:
            async for piece in pieces:
                device_id = piece.recomputed.recomputation.device.device_id
                noted = [(device_id, span, versions[device_id])] if piece.last and device_id in versions else []
                batch = Batch(recomputed_facts=noted)
                await self._take(batch, piece.recomputed, span, first_us[device_id])
                await self._write(batch)
                self._engine.forget()

    async def _facts(self, connection: Connection) -> bool:
        """Facts of a device; whether there was such a device."""
        row = await connection.fetchrow(SQL["next_facts"])
        if row is None:
            return False
        span, device = _span(row), await self._device(row["device_id"])
        batch = Batch(recomputed_facts=[(row["device_id"], span, row["version"])])
        if device is None:
            log.warning("facts of a device that is not there any more are not recomputed: %d", row["device_id"])
        else:
            with _defects_logged(f"facts of {device}"):
                recomputed = await recompute_facts(connection, device, span)
                await self._take(batch, recomputed, span, await raw_reader.first_us(connection, device))
            if batch.facts:
                log.info("%d facts of %s/%s changed, recomputed", len(batch.facts), device.terminal, device.name)
        await self._write(batch)
        return True

    async def _device(self, device_id: int) -> Device | None:
        """A device, which another program may have registered meanwhile; None: there is none."""
        known = set(self._registry.devices)
        if device_id not in known:
            for one in await self._registry.load():
                if one.device_id not in known:
                    self._engine.register(one)
        return self._registry.devices.get(device_id)

    async def _container_events(self, connection: Connection) -> bool:
        """Container events of an hour, from stored facts, or of more where there are few; whether there was an hour."""
        stale = await containers.next_hours(connection, self._hours)
        if stale is None:
            return False
        batch, hours, self._hours = Batch(derived_hours=stale.notes), len(stale.versions), 1
        try:
            batch.facts, read = await containers.changed_events(connection, self._engine.devices, stale)
        except AWAY:
            raise
        except Exception:  # as in `_defects_logged`
            if hours > 1:
                return True  # once more, hour by hour
            log.exception("container events of %s cannot be recomputed; please report this", stale)
        else:
            self._hours = min(2 * hours, MOST_HOURS) if read < FEW else 1
        await self._store(batch)
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
            await containers.make_states(connection, boxes, self._engine)
        except Exception as error:  # a box must not hold up others; `reprocess --check` lists it until it is judged
            if isinstance(error, AWAY) and not refuses(error):
                raise
            if len(boxes) > 1:
                half = len(boxes) // 2
                await self._states_of(connection, boxes[:half])
                await self._states_of(connection, boxes[half:])
                return
            slow = isinstance(error, asyncpg.QueryCanceledError)  # as where the machine stands still
            log.exception("the state of %s cannot be made now%s", boxes[0], "" if slow else "; please report this")
            await containers.postpone(connection, boxes[0], LATER if slow else MUCH_LATER)

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

    async def _visits(self, connection: Connection) -> bool:
        """Visits of a terminal, of a day at most, made again from the transactions stored; whether there was one."""
        row = await connection.fetchrow(visits.SQL["next"])
        if row is None:
            return False
        terminal, span = row["terminal"], _span(row)
        updater = self._engine.updater(terminal)
        day = await visits.first_day(connection, terminal, span)
        part = replace(span, last_us=span.last_us if day is None else day.last_us)
        batch = Batch(recomputed_visits=[(terminal, part, row["version"])])
        if day is not None:
            with _defects_logged(f"visits of {terminal}"):
                event_us = updater.store.visits.now_us
                made = await visits.make_visits(connection, terminal, self._engine.devices, day, event_us)
                batch.facts += updater.repair_visits(made.changes)
                batch.stale = self._engine.changed()
        if batch.facts:
            log.info("%d visits of %s changed, made again", len(batch.facts), terminal)
        await self._write(batch)
        self._engine.forget()
        return True

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

    async def _kpis(self, connection: Connection) -> bool:
        """KPI samples of a terminal; whether there was one."""
        rows = await connection.fetch(SQL["next_kpis"])
        notes = [(StaleKpis(row[0], row[1], row[2], to_us(row[3])), row["version"]) for row in rows]
        if notes:
            await self._kpis_of(connection, notes)
        return bool(notes)

    async def _kpis_of(self, connection: Connection, notes: list[Note]) -> None:
        """KPI samples of notes of one terminal; where that fails by halves, so that one costs no other."""
        batch = Batch(recomputed_kpis=notes)
        try:
            await kpi_samples.recompute(connection, self._engine, batch)
        except AWAY:
            raise
        except Exception:  # as in `_defects_logged`
            if len(notes) > 1:
                half = len(notes) // 2
                await self._kpis_of(connection, notes[:half])
                await self._kpis_of(connection, notes[half:])
                return
            log.exception("KPI samples of %s cannot be recomputed; please report this", notes[0][0])
        await self._store(batch)


def _span(row: Record) -> Span:
    return Span(to_us(row["first"]), to_us(row["last"]))


@contextmanager
def _defects_logged(what: str) -> Iterator[None]:
    """A defect of ours must not come back for ever: the note is dropped, `reprocess --check` finds what is left."""
    try:
        yield
    except AWAY:
        raise
    except Exception:
        log.exception("%s cannot be recomputed; please report this", what)
