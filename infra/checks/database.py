"""The database: reachable, the right edition, migrated, and told to keep what it has committed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg

from infra.checks.check import Check
from infra.clock import utc_now
from infra.database import connect, known_migrations

CLOCK_LIMIT_S = 2.0
TESTED_TIMESCALEDB = (2, 19)
UNSAFE_OFF = {
    "fsync": "a crash of the machine may ruin the database",
    "full_page_writes": "a page torn by a power cut cannot be mended",
    "synchronous_commit": "a kill of the server loses commits whose messages are acknowledged already",
}
LEAST = (
    ("max_locks_per_transaction", 256, "a query over many chunks needs many locks"),
    ("max_connections", 30, "worker, API and TimescaleDB's own workers need about so many"),
)
"""Setting, least value, why."""


async def check(url: str) -> AsyncIterator[Check]:
    """All that matters about a database, over a connection of the doctor's own."""
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
    safe = True
    for name, advice in UNSAFE_OFF.items():
        if await connection.fetchval("SELECT current_setting($1)", name) == "off":
            safe = False
            yield Check("durability", "fail", f"{name} is off: {advice}", f"set {name} = on")
    for name, least, why in LEAST:
        value = int(await connection.fetchval("SELECT current_setting($1)", name))
        if value < least:
            safe = False
            yield Check("limits", "warn", f"{name} = {value}: {why}", f"set {name} = {least} or more")
    if safe:
        yield Check(
            "durability", "ok", "fsync, full_page_writes and synchronous_commit on; locks and connections enough"
        )
