"""`quaystream doctor`: one line a check, each with what to do."""

import argparse
import asyncio
import logging
import os
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import asyncpg

from infra.clock import utc_now
from infra.commands.env import running
from infra.database import connect, known_migrations
from infra.mqtt import Mqtt, MqttError
from infra.settings import Settings

HELP = "Check settings, broker, database, edition, migrations and clock; say what to do."

CLOCK_LIMIT_S = 2.0
BROKER_WAIT_S = 3.0
TESTED_TIMESCALEDB = (2, 19)
MIN_LOCKS = 256


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, what was seen, and what to do about it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    seen: str
    advice: str = ""


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: settings come from the environment, or from the stack that runs here."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Print the checks; 1 when one failed."""
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    failed = False
    note = running(settings.state_dir) or {"settings": {}}
    database_url = settings.database_url or note["settings"].get("QUAYSTREAM_DATABASE_URL")
    mqtt_url = settings.mqtt_url or note["settings"].get("QUAYSTREAM_MQTT_URL")
    async for check in _checks(settings, database_url, mqtt_url):
        failed |= check.state == "fail"
        advice = f" → {check.advice}" if check.advice else ""
        print(f"{check.state:<5}{check.name:<12}{check.seen}{advice}")
    return 1 if failed else 0


async def _checks(settings: Settings, database_url: str | None, mqtt_url: str | None) -> AsyncIterator[Check]:
    yield Check("settings", "ok", f"read, none wrong; state in {settings.state_dir.absolute()}")
    if os.access("/usr/share/zoneinfo/UTC", os.R_OK):
        yield Check("zones", "ok", "time zone data installed")
    else:
        yield Check("zones", "warn", "no time zone data", "install tzdata: PostgreSQL reads it from the system")
    start = "start `quaystream up`, or set QUAYSTREAM_{}"
    if mqtt_url is None:
        yield Check("broker", "fail", "no address", start.format("MQTT_URL"))
    else:
        async for check in _broker(mqtt_url, settings):
            yield check
    if database_url is None:
        yield Check("database", "fail", "no address", start.format("DATABASE_URL"))
    else:
        async for check in _database(database_url):
            yield check


async def _broker(url: str, settings: Settings) -> AsyncIterator[Check]:
    told: dict[str, str] = {}
    name = f"quaystream-doctor-{uuid.uuid4().hex[:8]}"
    filters = ["$SYS/broker/version", "$SYS/broker/publish/messages/dropped"]
    try:
        async with Mqtt(
            url,
            name,
            subscriptions=filters,
            on_messages=lambda ms: told.update((m.topic, m.payload.decode()) for m in ms),
        ) as mqtt:
            mqtt.publish(f"quaystream/doctor/{name}", b"", qos=1)
            async with asyncio.timeout(BROKER_WAIT_S):
                await mqtt.drain(1)
            for _ in range(int(BROKER_WAIT_S * 20)):
                if len(told) == len(filters):
                    break
                await asyncio.sleep(0.05)
    except (MqttError, TimeoutError) as error:
        yield Check("broker", "fail", str(error) or "a publish is not acknowledged", "check QUAYSTREAM_MQTT_URL")
        return
    yield _version(told.get(filters[0], ""))
    dropped = int(told.get(filters[1], "0") or 0)
    if dropped:
        advice = "raise max_queued_messages, and read the worker's metrics: it was away for too long"
        yield Check("queue", "warn", f"the broker has dropped {dropped} messages since its start", advice)
    else:
        yield Check("queue", "ok", f"nothing dropped; window {settings.receive_maximum} messages")
    yield await _anonymous(url)


def _version(told: str) -> Check:
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", told)
    if match is None:
        advice = "make sure it stores messages before it acknowledges them"
        return Check("broker", "warn", "answers, and does not tell its version in $SYS", advice)
    if (int(match[1]), int(match[2])) < (2, 1):
        advice = "it forgets acknowledged messages when it is killed: use Mosquitto 2.1 with persist_sqlite"
        return Check("broker", "warn", f"answers, {told}", advice)
    return Check("broker", "ok", f"answers, {told}")


async def _anonymous(url: str) -> Check:
    bare = re.sub(r"//[^@/]*@", "//", url)
    if bare == url:
        return Check("anonymous", "warn", "no user and password in QUAYSTREAM_MQTT_URL", "set allow_anonymous false")
    logging.getLogger("infra.mqtt").setLevel(logging.CRITICAL)  # to be refused is what is hoped for
    try:
        async with Mqtt(bare, f"quaystream-doctor-{uuid.uuid4().hex[:8]}"):
            return Check("anonymous", "warn", "the broker lets anybody in", "set allow_anonymous false")
    except MqttError:
        return Check("anonymous", "ok", "the broker refuses clients without a password")


async def _database(url: str) -> AsyncIterator[Check]:
    try:
        connection = await connect(url, "quaystream-doctor")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        yield Check("database", "fail", f"no connection: {error}", "check QUAYSTREAM_DATABASE_URL")
        return
    try:
        yield Check("database", "ok", "PostgreSQL " + str(await connection.fetchval("SHOW server_version")))
        yield await _edition(connection)
        yield await _migrations(connection)
        async for check in _safety(connection):
            yield check
        away_s = (utc_now() - (await connection.fetchval("SELECT clock_timestamp()")).astimezone(UTC)).total_seconds()
        seen = f"{abs(away_s):.2f} s between this clock and the database's, {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        late = abs(away_s) > CLOCK_LIMIT_S
        yield Check("clock", "warn" if late else "ok", seen, "run a time service (NTP) on both" if late else "")
    finally:
        await connection.close(timeout=5)


async def _edition(connection: Any) -> Check:
    version = await connection.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'")
    if version is None:
        return Check("timescaledb", "fail", "the extension is not in this database", "run `quaystream migrate`")
    licence = await connection.fetchval("SELECT current_setting('timescaledb.license', true)")
    edition = "Apache edition: plain views, chunks dropped by the worker"
    if licence == "timescale":
        edition = "Community edition"
    seen = f"{version}, {edition}"
    if tuple(int(part) for part in version.split(".")[:2]) < TESTED_TIMESCALEDB:
        return Check("timescaledb", "warn", seen, "older than what is tested; upgrade")
    return Check("timescaledb", "ok", seen)


async def _migrations(connection: Any) -> Check:
    try:
        rows = await connection.fetch("SELECT migration_id FROM _yoyo_migration")
    except asyncpg.UndefinedTableError:
        rows = []
    done, known = {row["migration_id"] for row in rows}, known_migrations()
    missing = [name for name in known if name not in done]
    if missing:
        return Check("migrations", "fail", f"not applied: {', '.join(missing)}", "run `quaystream migrate`")
    newer = sorted(done - set(known))
    if newer:
        return Check("migrations", "warn", f"from a newer version: {', '.join(newer)}", "upgrade this program")
    return Check("migrations", "ok", f"all {len(known)} applied")


async def _safety(connection: Any) -> AsyncIterator[Check]:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        value = await connection.fetchval("SELECT current_setting($1)", name)
        if value == "off":
            yield Check("durability", "fail", f"{name} is off: a commit may be lost", f"set {name} = on")
    locks = int(await connection.fetchval("SELECT current_setting('max_locks_per_transaction')"))
    if locks < MIN_LOCKS:
        advice = f"set it to {MIN_LOCKS} or more: many chunks need many locks"
        yield Check("locks", "warn", f"max_locks_per_transaction = {locks}", advice)
    else:
        yield Check("durability", "ok", "fsync, full_page_writes and synchronous_commit on; locks enough")
