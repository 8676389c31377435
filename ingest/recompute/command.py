"""`quaystream reprocess`: facts and KPI samples recomputed from raw samples, or compared with what is stored."""

import argparse
import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime

import asyncpg

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.database import DatabaseError, Link
from infra.settings import Settings
from infra.site_file.reader import load
from infra.sql import blocks
from ingest.alarms.check import compare
from ingest.alarms.follower import AlarmFollower
from ingest.alarms.places import Places
from ingest.recompute import containers, treatments, visits
from ingest.recompute.appointments import compare_appointments
from ingest.recompute.container_check import compare_containers
from ingest.recompute.differences import Differences, compare_facts, compare_kpis
from ingest.recompute.progress import EVERY_S, Progress
from ingest.recompute.recomputer import Recomputer
from ingest.recompute.request import RecomputeRequest, read_request
from ingest.recompute.restore import restore
from ingest.recompute.treatment_check import compare_treatments
from ingest.store import calibrations, site_configuration
from ingest.store.devices import DeviceRegistry
from ingest.store.failures import AWAY
from ingest.store.lock import LOCK_SPACE
from ingest.store.outcome import WriteMode
from ingest.store.writer import Batch, BatchWriter, Span
from processing.alarms.table import FACTS
from processing.engine import Engine
from processing.model.device import Device
from processing.site.configuration import Sites

log = logging.getLogger(__name__)
HELP = "Recompute facts and KPIs of a period from raw samples; --check only compares, and prints differences."
SQL = blocks(__file__, "reprocess.sql")
POLL_S = 0.5
SHOWN = 20
"""Differences that are printed one by one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The period, the devices, and whether to write."""
    parser.add_argument("--from", dest="since", metavar="TIME", type=_time, help="RFC 3339; default: the first sample")
    parser.add_argument("--to", dest="until", metavar="TIME", type=_time, help="RFC 3339; default: now")
    parser.add_argument("--device", metavar="NAME", help="sts1, or terminal/stream/device; default: all")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, print differences, exit 1 if there are any"
    )


def _time(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time with offset, such as 2026-11-23T06:00:00Z")
    return given


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where `--check` found differences."""
    settings.require_database()
    try:
        return asyncio.run(_run(args, settings, load(settings.site)))
    except AWAY as error:
        raise DatabaseError(f"no database: {error}; check QUAYSTREAM_DATABASE_URL") from error


async def _run(args: argparse.Namespace, settings: Settings, sites: Sites) -> int:
    link, reading = (
        Link(settings.require_database(), "quaystream-reprocess", statement_timeout_ms=600_000) for _ in range(2)
    )
    try:
        connection = await link.get()
        try:
            wanted = await read_request(connection, sites, args.device, args.since, args.until)
        except asyncpg.UndefinedTableError as error:
            raise DatabaseError(f"{error}; run `quaystream migrate`") from error
        show(f"{len(wanted.devices)} devices, {from_us(wanted.from_us):%F %T} to {from_us(wanted.to_us):%F %T} UTC")
        if args.check:
            return await _check(connection, wanted, sites)
        await _mark(connection, wanted)
        free = await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK_SPACE, settings.client_id
        )
        await (_alone(link, reading, sites, wanted) if free else _watch(connection, wanted))
        show("recomputed; `quaystream reprocess --check` compares")
        return 0
    finally:
        reading.drop()
        link.drop()


def show(text: str) -> None:
    """Print a line for the person at the terminal."""
    print(text, flush=True)  # noqa: T201 - the output of the command


async def _check(connection: Connection, wanted: RecomputeRequest, sites: Sites) -> int:
    found = Differences()
    waiting = await connection.fetchval(SQL["waiting"])
    if waiting:
        show(f"note: {waiting} spans wait for the worker to recompute them; they may differ until then")
    for stream, devices in _by_stream(wanted.devices).items():
        progress = Progress(stream, wanted.from_us, wanted.last_us, show)
        await compare_facts(connection, devices, Span(wanted.from_us, wanted.to_us), found, progress)
        progress.done()
    span, lanes = Span(wanted.from_us, wanted.to_us), visits.terminals_with_lanes(wanted.devices)
    await visits.compare_visits(connection, wanted.everyone, lanes, span, found)
    if len(wanted.devices) == len(wanted.everyone):
        terminals = {device.terminal for device in wanted.everyone}
        await compare_treatments(connection, terminals, sites.schedules, found)
        await compare_containers(connection, wanted, found)
        await compare_appointments(connection, terminals, found)
        places = Places({device.device_id: device for device in wanted.everyone}, sites)
        alarms, lines = await compare(connection, places, wanted.from_us)
        found.facts += alarms
        found.lines += lines
    for terminal, stale in wanted.kpis().items():
        progress = Progress(f"KPIs of {terminal}", wanted.from_us, wanted.last_us, show)
        await compare_kpis(connection, sites.of(terminal), wanted.everyone, stale, wanted.to_us, found, progress)
        progress.done()
    for line in found.lines[:SHOWN]:
        show(f"  {line}")
    if len(found.lines) > SHOWN:
        show(f"  … and {len(found.lines) - SHOWN} more")
    show(f"{found.facts} facts and {found.kpis} KPI samples compared, {len(found.lines)} differences")
    return 1 if found.lines else 0


def _by_stream(devices: list[Device]) -> dict[str, list[Device]]:
    found: dict[str, list[Device]] = {}
    for device in devices:
        found.setdefault(device.stream, []).append(device)
    return found


async def _mark(connection: Connection, wanted: RecomputeRequest) -> None:
    """Note everything as to be recomputed, in the order in which batches note it: so no two wait for each other."""
    ids = sorted(device.device_id for device in wanted.devices)
    async with connection.transaction():
        await connection.executemany(
            SQL["mark_facts"], [(one, from_us(wanted.from_us), from_us(wanted.to_us)) for one in ids]
        )
        await connection.executemany(
            visits.SQL["mark"],
            [(t, from_us(wanted.from_us), from_us(wanted.to_us)) for t in visits.terminals_with_lanes(wanted.devices)],
        )
        terminals = sorted({device.terminal for device in wanted.devices})
        await connection.execute(
            containers.SQL["stale_hours"], terminals, from_us(wanted.from_us), from_us(wanted.to_us)
        )
        await connection.executemany(
            SQL["mark_kpis"],
            [(k.terminal, k.fact, k.subject, from_us(k.since_us)) for some in wanted.kpis().values() for k in some],
        )
    if len(wanted.devices) == len(wanted.everyone):  # not with the rest: a batch locks these rows in another order
        await treatments.request(connection, everything=True)
        await connection.execute(SQL["mark_alarms"], terminals, sorted(FACTS), from_us(wanted.from_us))


async def _alone(link: Link, reading: Link, sites: Sites, wanted: RecomputeRequest) -> None:
    """No worker runs: do it here."""
    engine, registry = Engine(sites), DeviceRegistry(link, sites)
    connection, devices = await link.get(), await registry.load()
    await calibrations.use(connection, devices)
    await site_configuration.use(connection, sites, devices)
    writer = BatchWriter(link, registry.address_of)
    # Visits follow from the engine's transactions: what it has found on the way is to be stored before it is compared.
    facts = await restore(connection, engine, registry)
    await writer.write(Batch(facts=facts, stale=engine.changed(), event_hours=engine.stale_events()), WriteMode.BISECT)
    recomputer = Recomputer(link, writer, engine, registry)
    for (stream, span), devices in (await _marked(await link.get(), registry)).items():
        progress = Progress(stream, span.first_us, min(span.last_us, wanted.last_us), show)
        try:
            await recomputer.period(await reading.get(), devices, span, progress)
        except AWAY:
            raise
        except Exception:  # a detector's defect: device by device, below, at least all the others are done
            log.exception("%s: not in one pass; please report this", stream)
        progress.done()
    rest = Rest(wanted, show)
    while await recomputer.step():
        await rest.report(await link.get())
    alarms = AlarmFollower(link, Places(registry.devices, sites))
    while not await alarms.step():
        pass


async def _marked(connection: Connection, registry: DeviceRegistry) -> dict[tuple[str, Span], list[Device]]:
    """Devices whose facts are to be recomputed, by stream and span: all of a group go in one pass."""
    found: dict[tuple[str, Span], list[Device]] = {}
    for row in await connection.fetch(SQL["marked"]):
        device = registry.devices[row["device_id"]]
        span = Span(to_us(row["first"]), to_us(row["last"]))
        found.setdefault((device.stream, span), []).append(device)
    return found


async def _watch(connection: Connection, wanted: RecomputeRequest) -> None:
    """The worker does it, between its batches: wait until it is done."""
    show("the worker does it, beside its work")
    rest = Rest(wanted, show)
    while await connection.fetchval(SQL["waiting"]):
        await rest.report(connection)
        await asyncio.sleep(POLL_S)


class Rest:
    """Reports now and then what waits to be recomputed.

    Args:
        wanted: what was to be recomputed in all.
        report: called with a line.
    """

    def __init__(self, wanted: RecomputeRequest, report: Callable[[str], None]) -> None:
        self._wanted, self._report = wanted, report
        self._kpis = Progress("KPI samples", wanted.from_us, wanted.last_us, report)
        self._reported_s = time.monotonic()

    async def report(self, connection: Connection) -> None:
        """Report it, unless that was done just now."""
        ((facts, since),) = await connection.fetch(SQL["rest"])
        if not facts and since is not None:
            self._kpis(0, to_us(since))
        elif time.monotonic() - self._reported_s >= EVERY_S:
            self._reported_s = time.monotonic()
            devices = max(len(self._wanted.devices), facts)
            self._report(f"{devices - facts} of {devices} devices, {1 - facts / devices:.0%}")
