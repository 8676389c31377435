"""`quaystream up`: everything on one machine, started and stopped together."""

import argparse
import asyncio
import os
import signal
import socket
from types import FrameType
from typing import Any

import aiohttp

from infra import cli
from infra.database import migrate
from infra.machine import new_passwords
from infra.machine.broker_users import API, INTEGRATOR, WORKER
from infra.machine.console import Console
from infra.machine.disk import full
from infra.machine.programs import Programs
from infra.machine.stack import Stack
from infra.machine.supervisor import Supervisor
from infra.migration_draft import refuse_unmade
from infra.settings import PREFIX, Settings
from infra.site_file.reader import load
from processing.model.errors import SettingsError

HELP = "Run everything on this machine: database, broker, ingest, API and page; with a simulated terminal if wanted."
READY_TIMEOUT_S = 90.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to simulate."""
    parser.add_argument("--simulate", metavar="PRESET", help="simulate a terminal: a preset of docs/simulators.md")
    parser.add_argument("--backfill", metavar="TIME", help="simulate this much of the past first, such as 6h")
    parser.add_argument("--seed", type=int, help="seed of the simulation, for the same terminal again")
    parser.add_argument("--tos-dir", metavar="DIR", help="write a move list of each simulated call there")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run until Ctrl-C or SIGTERM; 1 when a part was given up."""
    if args.simulate:
        cli.parser(cli.wanted(["simulate"])).parse_args(_simulate(args))  # exits with what is wrong, before the start
        _refuse_simulation(settings)
    load(settings.site)
    console = Console()
    _refuse_taken_port(*settings.http)
    signal.signal(signal.SIGTERM, _interrupt)
    stack = Stack(
        settings.state_dir,
        settings.cache_dir,
        report=console.show,
        database_url=settings.database_url,
        mqtt_url=settings.mqtt_url,
        reserve_bytes=settings.disk_reserve_mb * 1_000_000,
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


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port} cannot be used for the page: {error.strerror}. "
                f"Choose another with {PREFIX}HTTP=127.0.0.1:PORT"
            ) from error


async def _run(args: argparse.Namespace, settings: Settings, stack: Stack, console: Console) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    refuse_unmade()
    applied = await asyncio.to_thread(migrate, stack.database_url)
    console.show(f"schema is up to date, {len(applied)} migrations applied now")
    environment = _environment(settings, stack)
    stack.write_note({key: value for key, value in environment.items() if key.startswith(PREFIX)})
    supervisor = Supervisor(settings.state_dir, console.show, lambda: full(stack.folders()))
    programs = Programs(supervisor, environment, _own(stack))
    ready = asyncio.create_task(_report_ready(f"http://{environment[f'{PREFIX}HTTP']}", console), name="ready")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    beside = [ready, *_beside_broker(settings, stack)]
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
        console.show(f"stopping {programs}")
        await programs.stop()


async def _simulate_once_read(
    args: argparse.Namespace, programs: Programs, worker: str, stopped: asyncio.Task[Any]
) -> None:
    """Start the simulation; a broker keeps nothing for a worker that never subscribed: it drops what came before."""
    reading = asyncio.create_task(_is_ready(worker), name="worker reads")
    await programs.until_given_up_or(stopped, reading)
    if reading.done():
        programs.start(_simulate(args))
    reading.cancel()


def _beside_broker(settings: Settings, stack: Stack) -> list[asyncio.Task[None]]:
    """What keeps the private broker's users right."""
    admission, users = stack.admission(), stack.device_users
    if admission is None or users is None:
        return []
    return [
        asyncio.create_task(admission.run(), name="admission"),
        asyncio.create_task(users.run(), name="device users"),
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
    """Each program's own user at the broker; what has none is an integrator, as whoever uses `quaystream env`."""
    users = {"ingest": WORKER, "api": API}
    return {program: {f"{PREFIX}MQTT_URL": stack.mqtt_url_of(user)} for program, user in users.items()}


async def _report_ready(page: str, console: Console) -> None:
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            await _is_ready(page)
        console.show(f"ready: open {page}/ in a browser; Ctrl-C stops everything")
    except TimeoutError:
        console.show(
            f"not ready after {READY_TIMEOUT_S:.0f} s; {page}/readyz has the cause, and so have the lines above"
        )


async def _is_ready(program: str) -> None:
    """Wait until a program is ready at /readyz."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
        while True:
            try:
                async with session.get(f"{program}/readyz") as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)
