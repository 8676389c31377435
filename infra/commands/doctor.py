"""`quaystream doctor`: one line a check, each with what to do."""

import argparse
import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from infra.checks import broker, broker_file, database
from infra.checks.check import Check
from infra.commands.env import running
from infra.settings import Settings

HELP = "Check settings, broker, database, edition, migrations and clock; say what to do."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Settings come from the environment, or from the stack that runs here."""
    parser.add_argument("--strict", action="store_true", help="end with 1 for warnings too")
    parser.add_argument(
        "--broker-config", type=Path, metavar="FILE", help="mosquitto.conf, to be checked for unsafe options too"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the checks; 1 when one failed."""
    return asyncio.run(_run(settings, args.broker_config, strict=args.strict))


async def _run(settings: Settings, broker_config: Path | None, *, strict: bool) -> int:
    failed = False
    bad = ("fail", "warn") if strict else ("fail",)
    note = running(settings.state_dir) or {"settings": {}}
    database_url = settings.database_url or note["settings"].get("QUAYSTREAM_DATABASE_URL")
    mqtt_url = settings.mqtt_url or note["settings"].get("QUAYSTREAM_MQTT_URL")
    private = settings.state_dir / "broker" / "mosquitto.conf"
    if broker_config is None and mqtt_url is not None and mqtt_url == note["settings"].get("QUAYSTREAM_MQTT_URL"):
        broker_config = private if private.exists() else None
    async for check in _checks(settings, database_url, mqtt_url, broker_config):
        failed |= check.state in bad
        print(check)
    return 1 if failed else 0


async def _checks(
    settings: Settings, database_url: str | None, mqtt_url: str | None, broker_config: Path | None
) -> AsyncIterator[Check]:
    yield Check("settings", "ok", f"read, none wrong; state in {settings.state_dir.absolute()}")
    if os.access("/usr/share/zoneinfo/UTC", os.R_OK):
        yield Check("zones", "ok", "time zone data installed")
    else:
        yield Check("zones", "warn", "no time zone data", "install tzdata: PostgreSQL reads it from the system")
    start = "start `quaystream up`, or set QUAYSTREAM_{}"
    if mqtt_url is None:
        yield Check("broker", "fail", "no address", start.format("MQTT_URL"))
    else:
        async for check in broker.check(mqtt_url, settings):
            yield check
    for check in broker_file.check(broker_config) if broker_config is not None else []:
        yield check
    if database_url is None:
        yield Check("database", "fail", "no address", start.format("DATABASE_URL"))
    else:
        async for check in database.check(database_url):
            yield check
