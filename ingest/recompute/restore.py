"""Restoring the engine at start: nothing of its state is saved, all of it comes from raw rows and stored facts.

Each device is read from a moment at which its detector is known to be as if it had seen everything
(processing.recompute); facts of the open windows come from their tables. Facts that a crash kept from being stored are
found on the way.
"""

import logging

from infra import clock, containers, history
from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.recompute import held_boxes, raw_reader
from ingest.recompute.device import recompute_facts
from ingest.recompute.visits import event_times
from ingest.store.devices import DeviceRegistry
from ingest.store.writer import Span
from processing.containers.events import MEMORY_US
from processing.engine import Engine
from processing.gates.passages import REACH_US
from processing.kpi.horizon import HORIZON_US, WORK_US
from processing.kpi.updater import FactStoreUpdater
from processing.model.facts import Fact
from processing.model.times import HOUR_US
from processing.streams import ROWS, STREAMS, StreamRow

log = logging.getLogger(__name__)
SQL = blocks(__file__, "restore.sql")


async def restore(connection: Connection, engine: Engine, registry: DeviceRegistry) -> list[Fact]:
    """Bring the engine to where the stored data end.

    Returns: facts found on the way that differ from the stored ones.
    """
    for device in await registry.load():
        engine.register(device)
    newest = await _watermarks(connection, engine, registry)
    now_us = max(newest.values(), default=clock.now_us())
    calls = await history.calls(connection, None, now_us - HORIZON_US - WORK_US, None)
    for terminal in {call.terminal for call in calls} | newest.keys():  # no one publishes a call twice
        await restore_terminal(connection, engine, terminal, newest.get(terminal, now_us) - HORIZON_US)
    if not newest:
        return []
    for terminal, heard_us in (await event_times(connection)).items():
        engine.updater(terminal).store.visits.now_us = heard_us
    facts = await _restore_detectors(connection, engine, now_us)
    for row in await connection.fetch(SQL["last_minute"]):
        engine.evaluator(row["terminal"]).minute_us = row["minute_us"]
    for terminal, terminal_us in newest.items():
        engine.evaluator(terminal).advance(terminal_us)
        if not facts:
            engine.evaluator(terminal).forget_changes()
    log.info("restored %d devices, %d terminals, %d facts changed", len(registry.devices), len(newest), len(facts))
    return facts


async def _restore_detectors(connection: Connection, engine: Engine, now_us: int) -> list[Fact]:
    restored: set[int] = set()
    for row in ROWS:
        if row.restored_together_us is not None:
            restored |= await _together(connection, engine, row, now_us - row.restored_together_us)
    facts: list[Fact] = []
    for device in engine.devices:
        newest_us = engine.watermarks.of(device.device_id)
        if newest_us is not None and device.device_id not in restored:
            found = await recompute_facts(connection, device, Span(newest_us, newest_us))
            facts += engine.amend(device.device_id, found.changes, newest_us, device.first_us)
            engine.trackers[device.stream].adopt(found.recomputation.tracker, device.device_id)
    return facts


async def restore_terminal(connection: Connection, engine: Engine, terminal: str, since_us: int) -> None:
    """Calls, facts, stated causes and imported move lists, for windows that end from a time on."""
    updater, devices = engine.updater(terminal), [device for device in engine.devices if device.terminal == terminal]
    events = engine.events(terminal)
    events.since_us = since_us + HORIZON_US - MEMORY_US
    events.restore(await containers.facts(connection, terminal, devices, events.since_us, None))
    calls, others = await history.open_calls(connection, terminal, since_us - WORK_US, None)
    for call in calls + others:
        engine.announce_call(call)
    engine.restore(await history.recent(connection, devices, since_us, None, calls))
    await history.load_counted(connection, updater.store, since_us, None, history.COUNTED)
    visits = updater.store.visits
    visits.known_since_us, visits.complete_since_us = since_us, since_us - HOUR_US - REACH_US
    visits.load(await history.transactions(connection, devices, visits.complete_since_us - HOUR_US, None))
    for crane in updater.store.cranes.values():
        crane.since_us = history.work_since_us(since_us, calls)
    await restore_edits(connection, updater)


async def restore_edits(connection: Connection, updater: FactStoreUpdater) -> None:
    """Take in what people have entered: causes of delays of a terminal's cranes, move lists of its calls."""
    cranes = {crane.device_id: name for name, crane in updater.store.cranes.items()}
    for device_id, began_us, cause in await history.edits(connection, list(cranes), updater.store.edits_since_us):
        updater.edit(cranes[device_id], began_us, cause)
    known = await history.listed(connection, updater.store.terminal)
    for call_id in {*known, *updater.store.listed}:
        updater.listed(call_id, known.get(call_id))


async def _watermarks(connection: Connection, engine: Engine, registry: DeviceRegistry) -> dict[str, int]:
    newest: dict[str, int] = {}
    for stream in STREAMS.values():
        for row in await connection.fetch(SQL["watermarks"].format(table=stream.table), stream.name):
            engine.watermarks.put(row["device_id"], row["time_us"], row["seq"])
            terminal = registry.devices[row["device_id"]].terminal
            newest[terminal] = max(newest.get(terminal, row["time_us"]), row["time_us"])
    return newest


async def last_seqs(connection: Connection) -> list[tuple[int, str | None, int]]:
    """Device id, boot and seq of each device's newest sample: what is missing after it went missing at the broker."""
    return [
        (row["device_id"], row["boot"], row["seq"])
        for stream in STREAMS.values()
        for row in await connection.fetch(SQL["last_seqs"].format(table=stream.table), stream.name)
    ]


async def _together(connection: Connection, engine: Engine, row: StreamRow, begin_us: int) -> set[int]:
    """Read all devices of a stream at once, from a time on; the ids of those that are restored then."""
    stream = row.stream
    devices = [device for device in engine.devices if device.stream == stream.name]
    ids = [device.device_id for device in devices]
    for plug, box in (await held_boxes.held(connection, ids, begin_us)).items() if row.boxes_stay else ():
        engine.trackers[stream.name].seed(plug, {"container_id": box})
    async with raw_reader.Reading(connection, stream, ids, begin_us, None) as reading:
        async for samples in reading:
            engine.restore_samples(samples)
    query = raw_reader.SQL["with_any_before"].format(table=stream.table)
    older = {row["device_id"] for row in await connection.fetch(query, stream.name, from_us(begin_us))}
    tracker = engine.trackers[stream.name]
    return {device_id for device_id in ids if device_id not in older or tracker.restored(device_id)}
