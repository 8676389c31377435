"""`quaystream up`: everything on one machine, started and stopped together."""

import argparse
import asyncio
import os
import signal
from types import FrameType
from typing import Any

from infra import cli
from infra.access import users
from infra.clock import utc_now
from infra.commands import listen
from infra.commands.listen import refuse_taken
from infra.database import connected, migrate
from infra.machine import database_users, new_passwords
from infra.machine.broker_users import API, INTEGRATOR, WORKER
from infra.machine.console import Console
from infra.machine.disk import full
from infra.machine.first_link import FirstLink
from infra.machine.page import Page, is_ready, report_ready
from infra.machine.programs import Programs
from infra.machine.stack import Stack
from infra.machine.supervisor import Supervisor
from infra.migration_draft import refuse_unmade
from infra.settings import PREFIX, Settings
from infra.site_file.reader import load
from processing.model.errors import SettingsError

HELP = "Run everything on this machine: database, broker, ingest, API and page; with a simulated terminal if wanted."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to simulate."""
    parser.add_argument("--simulate", metavar="PRESET", help="simulate a terminal: a preset of docs/simulators.md")
    parser.add_argument("--backfill", metavar="TIME", help="simulate this much of the past first, such as 6h")
    parser.add_argument("--seed", type=int, help="seed of the simulation, for the same terminal again")
    parser.add_argument("--tos-dir", metavar="DIR", help="write a move list of each simulated call there")
    listen.add_arguments(parser)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run until Ctrl-C or SIGTERM; 1 when a part was given up."""
    if args.simulate:
        cli.parser(cli.wanted(["simulate"])).parse_args(_simulate(args))  # exits with what is wrong, before the start
        _refuse_simulation(settings)
    load(settings.site)
    console = Console()
    refuse_taken(*settings.http, f"{PREFIX}HTTP=127.0.0.1:PORT")
    signal.signal(signal.SIGTERM, _interrupt)
    stack = Stack(
        settings.state_dir,
        settings.cache_dir,
        report=console.show,
        database_url=settings.database_url,
        mqtt_url=settings.mqtt_url,
        reserve_bytes=settings.disk_reserve_mb * 1_000_000,
        network_listener=listen.listener(args, settings, console.show),
        integrator_speaks=settings.unregistered != "refuse",
    )
    try:
        with stack:
            code = asyncio.run(_run(args, settings, stack, console))
            console.show("stopping Mosquitto and TimescaleDB" if settings.database_url is None else "stopping")
    except KeyboardInterrupt:
        code = 130
    console.show(f"stopped; nothing is left running{_left(stack, code)}")
    return code


def _left(stack: Stack, code: int) -> str:
    """What is to be known after a stop that was not an ordinary one."""
    again = "; start it again with the same command: what is stored, or waits at the broker, stays" if code == 1 else ""
    lost = "; the disk was full before senders were refused: what the broker acknowledged then may be missing"
    return again + (lost if stack.reserve.overrun else "")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_simulation(settings: Settings) -> None:
    if settings.unregistered != "accept":
        raise SettingsError(
            f"{PREFIX}UNREGISTERED={settings.unregistered} does not take messages of simulated devices, which have no "
            "accounts; set it to accept, or leave out --simulate"
        )


async def _run(args: argparse.Namespace, settings: Settings, stack: Stack, console: Console) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    refuse_unmade()
    applied = await asyncio.to_thread(migrate, stack.database_url, report=console.show)
    console.show(f"schema is up to date, {len(applied)} migrations applied now")
    environment = _environment(settings, stack)
    stack.write_note({key: value for key, value in environment.items() if key.startswith(PREFIX)})
    supervisor = Supervisor(settings.state_dir, console.show, lambda: full(stack.folders()))
    programs = Programs(supervisor, environment, _own(stack))
    page = Page(settings)
    link = await _first_link(stack, settings, page.url)
    ready = asyncio.create_task(report_ready(page, console.show, link), name="ready")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    beside = [ready, *_beside_broker(settings, stack, console)]
    try:
        for server in stack.parts():
            programs.watch(server, started=True)
        programs.start(["ingest"])
        programs.start(["api"])
        if args.simulate:
            await _simulate_once_read(args, programs, f"http://{environment[f'{PREFIX}INGEST_HTTP']}", stopped)
        await programs.until_given_up_or(stopped)
        return 0 if stop.is_set() else 1
    finally:
        for task in (*beside, stopped):
            task.cancel()
        FirstLink(settings.state_dir).remove()
        console.show(f"stopping {programs}")
        await programs.stop()


async def _simulate_once_read(
    args: argparse.Namespace, programs: Programs, worker: str, stopped: asyncio.Task[Any]
) -> None:
    """Start the simulation; a broker keeps nothing for a worker that never subscribed: it drops what came before."""
    reading = asyncio.create_task(is_ready(worker), name="worker reads")
    await programs.until_given_up_or(stopped, reading)
    if reading.done():
        programs.start(_simulate(args))
    reading.cancel()


def _beside_broker(settings: Settings, stack: Stack, console: Console) -> list[asyncio.Task[None]]:
    """What keeps the private broker's users right."""
    admission, users = stack.admission(), stack.device_users
    if admission is None or users is None:
        return []
    return [
        asyncio.create_task(admission.run(), name="admission"),
        asyncio.create_task(users.run(), name="device users"),
        asyncio.create_task(stack.broker.keep_certificate(console.show), name="certificate"),
        asyncio.create_task(new_passwords.serve(settings.state_dir, users.enter), name="new passwords"),
    ]


def _simulate(args: argparse.Namespace) -> list[str]:
    command = ["simulate", args.simulate]
    command += ["--backfill", args.backfill] if args.backfill else []
    command += ["--tos-dir", args.tos_dir] if args.tos_dir else []
    return command + (["--seed", str(args.seed)] if args.seed is not None else [])


def _environment(settings: Settings, stack: Stack) -> dict[str, str]:
    ingest = os.environ.get(f"{PREFIX}INGEST_HTTP") or f"127.0.0.1:{stack.ports.of('ingest')}"
    client_id = os.environ.get(f"{PREFIX}CLIENT_ID") or stack.client_id or settings.client_id
    return {
        f"{PREFIX}CLIENT_ID": client_id,
        f"{PREFIX}DATABASE_URL": stack.database_url,
        f"{PREFIX}MQTT_URL": stack.mqtt_url_of(INTEGRATOR),
        f"{PREFIX}HTTP": f"{settings.http_host}:{settings.http_port}",
        f"{PREFIX}INGEST_HTTP": ingest,
        f"{PREFIX}STATE_DIR": str(settings.state_dir.absolute()),
    }


def _own(stack: Stack) -> dict[str, dict[str, str]]:
    """Each program's own users; what has none is an integrator and the owner, as whoever uses `quaystream env`."""
    users = {"ingest": (WORKER, database_users.WORKER), "api": (API, database_users.API)}
    return {
        program: {
            f"{PREFIX}MQTT_URL": stack.mqtt_url_of(at_broker),
            f"{PREFIX}DATABASE_URL": stack.database_url_of(at_database),
        }
        for program, (at_broker, at_database) in users.items()
    }


async def _first_link(stack: Stack, settings: Settings, page: str) -> str | None:
    """A link for the first admin; None where there is somebody already."""
    async with connected(stack.database_url, "quaystream-up") as connection:
        if await users.nobody(connection):
            return FirstLink(settings.state_dir).make(page, utc_now())
    return None
