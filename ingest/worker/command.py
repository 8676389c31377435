"""`quaystream ingest`: the worker as a program."""

import argparse
import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg
from aiohttp import web

from infra import garbage
from infra.access.device_accounts import names_in_force
from infra.database import DatabaseError, Link
from infra.http_server import Site
from infra.settings import Settings
from infra.site_file.reader import load
from ingest.alarms.service import AlarmService
from ingest.dcsa.publisher import EventPublisher
from ingest.decode.admitted import Admitted
from ingest.decode.codecs.registry import input_filters
from ingest.recompute import treatments
from ingest.recompute.recomputer import SQL as RECOMPUTE_SQL
from ingest.recompute.restore import last_seqs, restore
from ingest.source.protocol import Start
from ingest.source.registry import chosen
from ingest.store import accounts, calibrations, site_configuration
from ingest.store.devices import DeviceRegistry
from ingest.store.failures import AWAY
from ingest.store.lock import WorkerLock
from ingest.store.retention import drop_old
from ingest.store.time_limit import within
from ingest.worker.beside import keep_going
from ingest.worker.broker_connection import BrokerConnection
from ingest.worker.broker_watch import BrokerWatch
from ingest.worker.drained import Drained
from ingest.worker.http import Health, application
from ingest.worker.metrics import Metrics
from ingest.worker.publication import Publication
from ingest.worker.shell import Worker
from processing.engine import Engine
from processing.model.facts import Fact
from processing.site.configuration import Sites

log = logging.getLogger(__name__)

HELP = "Move device messages from the broker into the database; facts and KPIs on the way."
STOP_TIMEOUT_S = 4.0
NOTES_EVERY_S = 2.0
ANSWER_S = 10.0
"""A server that does not answer within that is given up: it would never be asked again. [s]"""
START_AGAIN_S = 0.5
LOOK_S, LOOKS = 0.5, 2
"""The queue is drained where it shows at none of so many looks in a row. [s]"""
CATCH_UP_S = 5.0
"""What goes on beside the batches begins so long after the start at the latest: the queue is drained first. [s]"""
Work = Callable[[], Coroutine[Any, Any, None]]


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from QUAYSTREAM_…; see docs/settings.md."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Work until SIGINT or SIGTERM."""
    settings.require_database()
    settings.require_mqtt()
    asyncio.run(_main(settings, load(settings.site)))
    return 0


async def _main(settings: Settings, sites: Sites) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    patience = asyncio.timeout(None)

    def stop_soon() -> None:
        if not stop.is_set():
            stop.set()
            patience.reschedule(loop.time() + STOP_TIMEOUT_S)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_soon)
    try:
        async with patience:
            await _work(settings, sites, stop)
    except TimeoutError:
        if not patience.expired():
            raise
    finally:
        stop.set()


async def _work(settings: Settings, sites: Sites, stop: asyncio.Event) -> None:
    url, make_source = settings.require_database(), chosen(settings)
    alone = WorkerLock(settings.client_id)
    links = Link(url, "quaystream-ingest"), Link(url, "quaystream-registry", alone), Link(url, "quaystream-notes")
    metrics, health = Metrics(), Health()
    server = web.AppRunner(application(health, metrics))
    await server.setup()
    try:
        await _serve(server, settings)
        known = await _known(links[1], sites, accept=settings.unregistered == "accept")
        engine, registry, admitted = known.engine, known.registry, known.admitted
        source = make_source(Start(settings, input_filters(), ran_before=bool(known.last_seqs)))
        broker = BrokerConnection(settings, source)
        publication = Publication(broker.mqtt, registry)
        alarms = AlarmService(url, registry.devices, sites, broker.mqtt, health)
        health.worker = worker = Worker(
            settings, source, publication, engine, registry, links[0], metrics, known.facts, alarms, admitted
        )
        worker.carry_on(known.last_seqs)
        if known.pending:
            worker.request_recompute(known.pending)
        garbage.settle()
        async with broker.open(worker), source.receive(worker):
            log.info("reading %s", ", ".join(input_filters()))
            events = EventPublisher(settings, sites, metrics.events_published.inc, metrics.events_refused.inc)
            watch = BrokerWatch(settings, metrics, worker)
            own: dict[str, Work] = {
                "alarms": partial(alarms.run, settings.state_dir, watch.measured),
                "events of boxes": events.run,
            }
            await _together(settings, worker, watch, links, admitted, own, stop)
    finally:
        await server.cleanup()
        for link in links:
            link.drop()


async def _serve(server: web.AppRunner, settings: Settings) -> None:
    host, port = settings.ingest_http
    try:
        await Site(server, host, port).start()
    except OSError as error:
        raise DatabaseError(f"cannot start: {error} (metrics on {host}:{port}: QUAYSTREAM_INGEST_HTTP)") from error


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database holds at start; `facts` are new, or differ from the stored ones."""

    engine: Engine
    registry: DeviceRegistry
    facts: list[Fact]
    last_seqs: list[tuple[int, str | None, int]]
    pending: int
    admitted: Admitted | None


async def _known(link: Link, sites: Sites, *, accept: bool) -> _Known:
    """Read what is stored; once more, where the database goes away meanwhile, or is not ready to be read yet.

    Raises:
        DatabaseError: there is no database where it should be.
    """
    connected = False
    while True:
        try:
            connection = await link.get()
            connected = True
            engine, registry = Engine(sites), DeviceRegistry(link, sites)
            devices = await registry.load()
            await calibrations.use(connection, devices)
            await site_configuration.use(connection, sites, devices)
            await treatments.request(connection, everything=False)  # schedules may have changed
            facts = await restore(connection, engine, registry)
            pending = await connection.fetchval(RECOMPUTE_SQL["pending"])
            admitted = None if accept else Admitted(await names_in_force(connection))
            return _Known(engine, registry, facts, await last_seqs(connection), pending, admitted)
        except AWAY as error:
            if not connected and not isinstance(error, asyncpg.CannotConnectNowError):
                raise DatabaseError(f"no database: {error}; check QUAYSTREAM_DATABASE_URL") from error
            log.warning("what is stored cannot be read, trying again: %s: %s", type(error).__name__, error)
            link.drop()
            await asyncio.sleep(START_AGAIN_S)


async def _together(
    settings: Settings,
    worker: Worker,
    watch: BrokerWatch,
    links: tuple[Link, Link, Link],
    admitted: Admitted | None,
    own: Mapping[str, Work],
    stop: asyncio.Event,
) -> None:
    """Work, and what goes on beside it, `own` of other rooms, until the worker is stopped and done."""
    works: dict[str, Work] = {
        "retention": partial(drop_old, settings),
        "broker watch": watch.run,
        "notes": partial(watch_notes, worker, links[2]),
        "lock": partial(_stay_alone, links[1]),
        **{name: partial(_caught_up, worker, work) for name, work in own.items()},
    }
    if admitted is not None:
        works["accounts of devices"] = partial(accounts.follow, settings.require_database(), admitted)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(keep_going(name, work), name=name) for name, work in works.items()]
        beside.append(tasks.create_task(_stop(worker, stop), name="stop"))
        await worker.run()
        for task in beside:
            task.cancel()


async def _caught_up(worker: Worker, work: Work) -> None:
    """Work once the queue is drained, or is not after a while."""
    pipeline, drained = worker.pipeline, Drained(worker.pipeline.bounds.batch.messages, LOOKS)
    end_s = asyncio.get_running_loop().time() + CATCH_UP_S
    while asyncio.get_running_loop().time() < end_s:
        await asyncio.sleep(LOOK_S)
        if drained.look(worker.received_messages, behind=pipeline.behind):
            break
    await work()


async def _stop(worker: Worker, stop: asyncio.Event) -> None:
    await stop.wait()
    worker.stop()


async def watch_notes(worker: Worker, link: Link) -> None:
    """See what other programs have noted, or a worker that was killed has left, to be recomputed."""
    while True:
        with contextlib.suppress(*AWAY):
            pending = await within(ANSWER_S, _pending(link), link)
            if pending:
                worker.request_recompute(pending)
        await asyncio.sleep(NOTES_EVERY_S)


async def _pending(link: Link) -> int:
    return int(await (await link.get()).fetchval(RECOMPUTE_SQL["pending"]))


async def _stay_alone(link: Link) -> None:
    """Take the lock again after its connection ended, though nothing else may need that connection for days."""
    while True:
        with contextlib.suppress(*AWAY):
            async with asyncio.timeout(ANSWER_S):  # not `within`: devices may be registered over it meanwhile
                await link.get()
        await asyncio.sleep(NOTES_EVERY_S)
