"""Rebuilding the engine at start: nothing of its state is saved, all of it is read again from raw rows and facts.

Each device is read from a moment at which its detector is known to be as if it had seen everything (processing.replay);
facts of the open windows come from their tables. What a crash left unsaid is told again on the way.
"""

import logging
from typing import Any

from infra import clock, history
from infra.clock import from_us
from infra.sql import blocks
from ingest.recompute import raw_reader
from ingest.recompute.device import recompute_facts
from ingest.store.devices import DeviceRegistry
from ingest.store.writer import Span
from processing.engine import Engine
from processing.kpi.horizon import HORIZON_US, WORK_US
from processing.kpi.updater import FactStoreUpdater
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.times import HOUR_US
from processing.reefers.signals import REEFER
from processing.streams import STREAMS

log = logging.getLogger(__name__)
SQL = blocks(__file__, "restore.sql")

REEFER_US = 8 * HOUR_US
"""All reefers are read together from so long ago; most are known then."""


async def restore(connection: Any, engine: Engine, registry: DeviceRegistry) -> list[Fact]:
    """Bring the engine to where the stored data end.

    Returns: facts told again on the way, where they differ from the stored ones.
    """
    for device in await registry.load():
        engine.register(device)
    newest = await _watermarks(connection, engine, registry)
    now_us = max(newest.values(), default=clock.now_us())
    calls = await history.calls(connection, None, now_us - HORIZON_US - WORK_US, None)
    for terminal in {call.terminal for call in calls} | newest.keys():  # the broker does not tell a call again
        await restore_terminal(connection, engine, terminal, newest.get(terminal, now_us) - HORIZON_US)
    if not newest:
        return []
    known = await _reefers(connection, engine, now_us)
    told: list[Fact] = []
    for device in engine.devices:
        newest_us = engine.watermarks.of(device.device_id)
        if newest_us is not None and device.device_id not in known:
            again = await recompute_facts(connection, device, Span(newest_us, newest_us))
            told += engine.amend(device.device_id, again.changes, newest_us, device.first_us)
            engine.trackers[device.stream].adopt(again.replay.tracker, device.device_id)
    for row in await connection.fetch(SQL["last_minute"]):
        engine.evaluator(row["terminal"]).minute_us = row["minute_us"]
    for terminal, terminal_us in newest.items():
        engine.evaluator(terminal).advance(terminal_us)
        if not told:
            engine.evaluator(terminal).forget_changes()
    log.info("recalled %d devices, %d terminals, %d facts told again", len(registry.devices), len(newest), len(told))
    return told


async def restore_terminal(connection: Any, engine: Engine, terminal: str, since_us: int) -> None:
    """Calls, facts, what people said of stops, and imported of calls, for windows that end from a time on."""
    updater, devices = engine.updater(terminal), [device for device in engine.devices if device.terminal == terminal]
    calls, others = await history.open_calls(connection, terminal, since_us - WORK_US, None)
    for call in calls + others:
        engine.tell_call(call)
    engine.restore(await history.recent(connection, devices, since_us, None, calls))
    for crane in updater.store.cranes.values():
        crane.since_us = history.work_since_us(since_us, calls)
    await said(connection, updater, devices)


async def said(connection: Any, updater: FactStoreUpdater, devices: list[Device]) -> None:
    """Take in what people said of stops of a terminal's cranes, and imported of its calls."""
    cranes = {device.device_id: device.name for device in devices if device.stream == "crane"}
    for device_id, began_us, cause in await history.edits(connection, list(cranes), updater.store.edits_since_us):
        updater.edit(cranes[device_id], began_us, cause)
    known = await history.listed(connection, updater.store.terminal)
    for call_id in {*known, *updater.store.listed}:
        updater.listed(call_id, known.get(call_id))


async def _watermarks(connection: Any, engine: Engine, registry: DeviceRegistry) -> dict[str, int]:
    newest: dict[str, int] = {}
    for stream in STREAMS.values():
        for row in await connection.fetch(SQL["watermarks"].format(table=stream.table), stream.name):
            engine.watermarks.put(row["device_id"], row["time_us"], row["seq"])
            terminal = registry.devices[row["device_id"]].terminal
            newest[terminal] = max(newest.get(terminal, row["time_us"]), row["time_us"])
    return newest


async def last_seqs(connection: Any) -> list[tuple[int, str | None, int]]:
    """Device id, boot and seq of each device's newest sample: what is missing after it went missing at the broker."""
    return [
        (row["device_id"], row["boot"], row["seq"])
        for stream in STREAMS.values()
        for row in await connection.fetch(SQL["last_seqs"].format(table=stream.table), stream.name)
    ]


async def _reefers(connection: Any, engine: Engine, now_us: int) -> set[int]:
    """Read all reefers at once, which is much faster than one by one; the ids of those that are known then."""
    begin_us = now_us - REEFER_US
    ids = [device.device_id for device in engine.devices if device.stream == REEFER.name]
    async with raw_reader.Reading(connection, REEFER, ids, begin_us, None) as reading:
        async for samples in reading:
            engine.replay(samples)
    query = raw_reader.SQL["with_any_before"].format(table=REEFER.table)
    older = {row["device_id"] for row in await connection.fetch(query, REEFER.name, from_us(begin_us))}
    return {d.device_id for d in engine.devices if d.stream == REEFER.name and _is_known(engine, d, older)}


def _is_known(engine: Engine, device: Device, older: set[int]) -> bool:
    if device.device_id not in older:
        return True
    told = engine.reefers.known(device.device_id)
    return engine.reefers.synchronised(device.device_id) and len(told) == len(engine.reefers.CARRIED)
