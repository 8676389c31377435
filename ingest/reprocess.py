"""`quaystream reprocess`: facts and KPI samples made again from raw samples, or compared with what is stored."""

import argparse
import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from infra import history
from infra.clock import from_us, now_us, to_us
from infra.database import DatabaseError, Link
from infra.settings import Settings
from infra.site import load
from infra.sql import blocks
from ingest import calibrations
from ingest.command import LOCK_SPACE
from ingest.differences import Differences, compare_facts, compare_kpis
from ingest.failures import AWAY
from ingest.recall import recall
from ingest.registry import Registry
from ingest.remake import Remaker
from ingest.store import Store
from processing.calls import VesselCall
from processing.engine import Engine
from processing.errors import QuaystreamError
from processing.kpis import FactKind, StaleKpis
from processing.site import Sites
from processing.streams import STREAMS
from processing.trackers import Device

HELP = "Make facts and KPIs of a period again from raw samples; --check only compares, and tells differences."
SQL = blocks(__file__, "reprocess.sql")
KINDS: dict[str, tuple[FactKind, ...]] = {
    "crane": ("move", "stop", "call"),
    "gate": ("visit", "queue_length"),
    "reefer": ("plugged", "unpowered", "excursion"),
}
"""Facts that the devices of a stream tell."""
PROGRESS_S = 2.0
SHOWN = 20
"""Differences that are printed one by one."""


class ReprocessError(QuaystreamError):
    """What was asked for cannot be done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made again: devices, all there are, the calls that they work, and a period. [µs since 1970 UTC]."""

    devices: list[Device]
    everyone: list[Device]
    calls: list[VesselCall]
    from_us: int
    to_us: int

    def kpis(self) -> dict[str, list[StaleKpis]]:
        """All KPIs of the period, by terminal."""
        found: set[StaleKpis] = set()
        for device in self.devices:
            subjects = [device.terminal]
            if device.stream == "crane":
                subjects += [device.name, *self._worked(device)]
            found |= {
                StaleKpis(device.terminal, fact, subject, self.from_us)
                for subject in subjects
                for fact in KINDS[device.stream]
            }
        return {
            terminal: [stale for stale in sorted(found) if stale.terminal == terminal]
            for terminal in sorted({stale.terminal for stale in found})
        }

    def _worked(self, crane: Device) -> list[str]:
        """Calls that a crane works, and their berths."""
        calls = [
            call
            for call in self.calls
            if call.terminal == crane.terminal and any(one.crane == crane.name for one in call.assignments)
        ]
        return [name for call in calls for name in (call.call_id, call.berth) if name is not None]


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
        told = datetime.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time with offset, such as 2026-11-23T06:00:00Z")
    return told


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where `--check` found differences."""
    settings.require_database()
    try:
        return asyncio.run(_run(args, settings, load(settings.site)))
    except AWAY as error:
        raise DatabaseError(f"no database: {error}; check QUAYSTREAM_DATABASE_URL") from error


async def _run(args: argparse.Namespace, settings: Settings, sites: Sites) -> int:
    link = Link(settings.require_database(), "quaystream-reprocess", statement_timeout_ms=600_000)
    try:
        connection = await link.get()
        try:
            wanted = await _wanted(connection, args, sites)
        except asyncpg.UndefinedTableError as error:
            raise DatabaseError(f"{error}; run `quaystream migrate`") from error
        say(f"{len(wanted.devices)} devices, {from_us(wanted.from_us):%F %T} to {from_us(wanted.to_us):%F %T} UTC")
        if args.check:
            return await _check(connection, wanted, sites)
        await _mark(connection, wanted)
        free = await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK_SPACE, settings.client_id
        )
        await (_alone(link, sites) if free else _watch(connection))
        say("made again; `quaystream reprocess --check` compares")
        return 0
    finally:
        link.drop()


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201 - the output of the command


async def _wanted(connection: Any, args: argparse.Namespace, sites: Sites) -> Wanted:
    everyone = await Registry(Link("", ""), sites).read(connection)
    devices = [d for d in everyone if args.device is None or _is(d, args.device)]
    if not devices:
        known = ", ".join(sorted({d.name for d in everyone})[:20]) or "none"
        raise ReprocessError(f"no device {args.device or ''} is known; known are: {known}")
    firsts = [await connection.fetchval(SQL["first"].format(table=s.table)) for s in STREAMS.values()]
    first_us = min((to_us(first) for first in firsts if first is not None), default=now_us())
    since_us = first_us if args.since is None else max(to_us(args.since), first_us)
    until_us = now_us() if args.until is None else to_us(args.until)
    if since_us >= until_us:
        raise ReprocessError("--from is not before --to, or nothing is stored that early")
    terminals = sorted({device.terminal for device in devices})
    calls = await history.calls(connection, terminals, since_us, until_us)
    return Wanted(devices, everyone, calls, since_us, until_us)


def _is(device: Device, name: str) -> bool:
    if "/" in name:
        return name in (f"{device.terminal}/{device.stream}/{device.name}", f"{device.terminal}/{device.name}")
    return device.name == name


async def _check(connection: Any, wanted: Wanted, sites: Sites) -> int:
    found = Differences()
    waiting = await connection.fetchval(SQL["waiting"])
    if waiting:
        say(f"note: {waiting} spans wait for the worker to make them again; they may differ until then")
    told_s = time.monotonic()
    for done, device in enumerate(wanted.devices, 1):
        await compare_facts(connection, device, wanted.from_us, wanted.to_us, found)
        if time.monotonic() - told_s > PROGRESS_S:
            told_s = time.monotonic()
            say(f"{done} of {len(wanted.devices)} devices, {found.facts} facts")
    for terminal, stale in wanted.kpis().items():
        await compare_kpis(connection, sites.of(terminal), wanted.everyone, stale, wanted.to_us, found)
    for line in found.lines[:SHOWN]:
        say(f"  {line}")
    if len(found.lines) > SHOWN:
        say(f"  … and {len(found.lines) - SHOWN} more")
    say(f"{found.facts} facts and {found.kpis} KPI samples compared, {len(found.lines)} differences")
    return 1 if found.lines else 0


async def _mark(connection: Any, wanted: Wanted) -> None:
    """Note everything as to be made again."""
    async with connection.transaction():
        await connection.executemany(
            SQL["mark_facts"], [(d.device_id, from_us(wanted.from_us), from_us(wanted.to_us)) for d in wanted.devices]
        )
        await connection.executemany(
            SQL["mark_kpis"],
            [(k.terminal, k.fact, k.subject, from_us(k.since_us)) for some in wanted.kpis().values() for k in some],
        )


async def _alone(link: Link, sites: Sites) -> None:
    """No worker runs: do it here."""
    engine, registry = Engine(sites), Registry(link, sites)
    await calibrations.use(await link.get(), await registry.load())
    await recall(await link.get(), engine, registry)
    remaker = Remaker(link, Store(link, registry.address_of), engine, registry)
    told_s = time.monotonic()
    while await remaker.step():
        if time.monotonic() - told_s > PROGRESS_S:
            told_s = time.monotonic()
            say(f"{remaker.pending} spans to go")


async def _watch(connection: Any) -> None:
    """The worker does it, between its batches: wait until it is done."""
    say("the worker does it, beside its work")
    told = None
    while waiting := await connection.fetchval(SQL["waiting"]):
        if waiting != told:
            say(f"{waiting} spans to go")
            told = waiting
        await asyncio.sleep(PROGRESS_S)
