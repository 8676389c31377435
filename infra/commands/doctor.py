"""`quaystream doctor`: one line a check, each with what to do."""

import argparse
import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from infra.clock import now_us
from infra.doctor import configuration, database_check, queue, site_check, tls_check
from infra.doctor.broker_check import Granted
from infra.doctor.check import Check, fail, ok, warn
from infra.machine.note import running
from infra.mqtt import broker_url
from infra.settings import Settings

HELP = "Check settings, site file, broker, database, edition, migrations and clock; show what to do."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Addresses come from the environment, or from the stack that runs here."""
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    parser.add_argument(
        "--broker-config",
        type=Path,
        metavar="FILE",
        help="Mosquitto's configuration; without it that of the broker which runs on this machine is looked for",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the checks; 1 when one failed, or where it is to be strict when one warned."""
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    bad = {"fail", "warn"} if args.strict else {"fail"}
    found = False
    async for check in _checks(args, settings):
        found |= check.state in bad
        print(check, flush=True)
    return 1 if found else 0


async def _checks(args: argparse.Namespace, settings: Settings) -> AsyncIterator[Check]:
    note = running(settings.state_dir)
    joined = {} if note is None else note.settings
    database_url = settings.database_url or joined.get("QUAYSTREAM_DATABASE_URL")
    mqtt_url = settings.mqtt_url or joined.get("QUAYSTREAM_MQTT_URL")
    if mqtt_url is not None:
        mqtt_url = broker_url.with_files(mqtt_url, settings.mqtt_files)
    yield ok("settings", f"read, none wrong; state in {settings.state_dir.absolute()}")
    if os.access("/usr/share/zoneinfo/UTC", os.R_OK):
        yield ok("zones", "time zone data installed")
    else:
        yield warn("zones", "no time zone data", "install tzdata: PostgreSQL reads it from the system")
    for check in site_check.checks(settings, now_us()):
        yield check
    start = "start `quaystream up`, or set QUAYSTREAM_{}"
    for check in _broker(args, settings, mqtt_url, start):
        yield check
    for check in tls_check.checks(settings, mqtt_url, database_url):
        yield check
    if database_url is None:
        yield fail("database", "no address", start.format("DATABASE_URL"))
    else:
        async for check in database_check.checks(database_url):
            yield check
        async for check in site_check.cranes(settings, database_url):
            yield check


def _broker(args: argparse.Namespace, settings: Settings, url: str | None, start: str) -> Iterator[Check]:
    if url is None:
        yield fail("broker", "no address", start.format("MQTT_URL"))
    else:
        granted = Granted(url, settings)
        yield from granted.checks()
        if granted.keeps_messages:
            yield from queue.checks(url, settings)
    if url is not None or args.broker_config is not None:
        yield from configuration.checks(url or "", args.broker_config, settings)
