"""KPI samples that are older than the facts in memory, recomputed for notes: some hours of a terminal at once."""

from dataclasses import replace

from infra import history
from infra.connection import Connection
from ingest.recompute.device import recompute_kpis
from ingest.recompute.restore import restore_edits
from ingest.store.writer import Batch
from processing.engine import Engine
from processing.kpi.definition import StaleKpis
from processing.model.facts import FactKind
from processing.model.times import HOUR_US, QUARTER_US
from processing.streams import KPI_FACTS

AT_ONCE_US = 6 * HOUR_US
"""KPI samples are recomputed for some hours at most in one transaction. [µs]"""


async def recompute(connection: Connection, engine: Engine, batch: Batch) -> None:
    """Put KPI samples from the earliest of a batch's notes on into it, for some hours; the rest is noted once more.

    Args:
        connection: to the database.
        engine: takes in what the notes were written for.
        batch: has notes of one terminal.
    """
    notes = [note for note, _ in batch.recomputed_kpis]
    terminal = notes[0].terminal
    evaluator = engine.evaluator(terminal)
    await _take_in(connection, engine, terminal)
    stale = await _with_calls(connection, notes)
    if evaluator.minute_us is not None and stale:
        until_us = min(evaluator.minute_us, min(one.since_us for one in stale) + AT_ONCE_US)
        site, devices = engine.sites.of(terminal), engine.devices
        async for values in recompute_kpis(connection, site, devices, stale, until_us):
            batch.kpis += values
        if until_us < evaluator.minute_us:
            batch.stale = [replace(one, since_us=max(one.since_us, until_us + 1)) for one in stale]


async def _take_in(connection: Connection, engine: Engine, terminal: str) -> None:
    """Let the engine take in what notes were written for: stated causes, imported lists, calls of long ago."""
    updater = engine.updater(terminal)
    missing_us = updater.evaluator.missing_us()
    if missing_us:
        ids = {updater.store.cranes[name].device_id for name in missing_us}
        devices = [device for device in engine.devices if device.terminal == terminal]
        needed = [device for device in devices if device.device_id in ids]
        since_us = min(missing_us.values())
        facts = await history.work(connection, needed, devices, since_us - HOUR_US)
        history.enter(updater.store, devices, facts)
        for name in missing_us:
            updater.store.cranes[name].since_us = since_us
    await restore_edits(connection, updater)


async def _with_calls(connection: Connection, notes: list[StaleKpis]) -> list[StaleKpis]:
    """With a crane its calls and their berths, for a list of boxes the call's and its berth's KPIs."""
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
