"""`quaystream ingest`: the worker as a program."""

import argparse
import asyncio
import contextlib
import logging
import signal

from aiohttp import web

from infra.database import DatabaseError, Link
from infra.mqtt import Mqtt
from infra.settings import Settings
from ingest.http import application
from ingest.metrics import Metrics
from ingest.recall import recall
from ingest.registry import Registry
from ingest.retention import drop_old_chunks
from ingest.worker import TRANSIENT, Worker
from processing.engine import Engine
from processing.topics import INPUT_FILTER

log = logging.getLogger(__name__)

HELP = "Move device messages from the broker into the database; facts and KPIs on the way."
LOCK_SPACE = 7_461
"""First key of the advisory locks that keep a second worker with the same client id from starting."""


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from QUAYSTREAM_…; see docs/settings.md."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Work until SIGINT or SIGTERM."""
    settings.require_database()
    settings.require_mqtt()
    asyncio.run(_main(settings))
    return 0


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(_work(settings), name="worker")
    stopped = asyncio.create_task(stop.wait(), name="stop signal")
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not work.done():
        work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def _work(settings: Settings) -> None:
    url = settings.require_database()
    links = Link(url, "quaystream-ingest"), Link(url, "quaystream-registry")
    engine, metrics, registry = Engine(), Metrics(), Registry(links[1])
    worker = Worker(settings, engine, registry, links[0], metrics)
    server = web.AppRunner(application(worker, metrics), access_log=None)
    await server.setup()
    try:
        await web.TCPSite(server, *settings.ingest_http, reuse_port=False).start()
        await _lock(links[1], settings.client_id)
        told = await recall(await links[1].get(), engine, registry)
        mqtt = Mqtt(
            settings.require_mqtt(),
            settings.client_id,
            clean_start=False,
            session_expiry_s=settings.session_expiry_s,
            receive_maximum=settings.receive_maximum,
            manual_ack=True,
            on_messages=worker.received,
            on_connect=worker.connected,
            subscriptions=[INPUT_FILTER],
        )
        worker.mqtt = worker.inbox.mqtt = mqtt
        async with mqtt:
            log.info("reading %s", INPUT_FILTER)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(worker.run(told), name="batches")
                tasks.create_task(drop_old_chunks(url, settings.retention_days), name="retention")
    except OSError as error:
        host, port = settings.ingest_http
        raise DatabaseError(f"cannot start: {error} (metrics on {host}:{port}: QUAYSTREAM_INGEST_HTTP)") from error
    finally:
        await server.cleanup()
        for link in links:
            link.drop()


async def _lock(link: Link, client_id: str) -> None:
    """Two workers with one client id would push each other off the broker for ever."""
    try:
        connection = await link.get()
        free = await connection.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK_SPACE, client_id)
    except TRANSIENT as error:
        raise DatabaseError(f"no database: {error}; check QUAYSTREAM_DATABASE_URL") from error
    if not free:
        raise DatabaseError(f"another worker runs with QUAYSTREAM_CLIENT_ID={client_id}; stop it, or give this another")
