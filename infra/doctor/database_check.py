"""The database: reachable, its extension, its migrations, its clock."""

from collections.abc import AsyncIterator
from datetime import UTC

import asyncpg

from infra.clock import utc_now
from infra.connection import Connection
from infra.database import connect, current_id, known_migrations
from infra.doctor import server
from infra.doctor.check import Check, fail, ok, warn

CLOCK_LIMIT_S = 2.0
TESTED_TIMESCALEDB = (2, 19)


async def checks(url: str) -> AsyncIterator[Check]:
    """Everything that can be asked over a connection."""
    try:
        connection = await connect(url, "quaystream-doctor")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        yield fail("database", f"no connection: {error}", "check QUAYSTREAM_DATABASE_URL")
        return
    try:
        yield ok("database", "PostgreSQL " + str(await connection.fetchval("SHOW server_version")))
        yield await _edition(connection)
        yield await _migrations(connection)
        async for check in server.checks(connection, url):
            yield check
        yield await _clock(connection)
    finally:
        await connection.close(timeout=5)


async def _edition(connection: Connection) -> Check:
    version = await connection.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'")
    if version is None:
        return fail("timescaledb", "the extension is not in this database", "run `quaystream migrate`")
    licence = await connection.fetchval("SELECT current_setting('timescaledb.license', true)")
    edition = "Apache edition: plain views, chunks dropped by the worker"
    if licence == "timescale":
        edition = "Community edition"
    seen = f"{version}, {edition}"
    if tuple(int(part) for part in version.split(".")[:2]) < TESTED_TIMESCALEDB:
        return warn("timescaledb", seen, "older than what is tested; upgrade")
    return ok("timescaledb", seen)


async def _migrations(connection: Connection) -> Check:
    try:
        rows = await connection.fetch("SELECT migration_id FROM _yoyo_migration")
    except asyncpg.UndefinedTableError:
        rows = []
    done, known = {current_id(row["migration_id"]) for row in rows}, known_migrations()
    missing = [name for name in known if name not in done]
    if missing:
        return fail("migrations", f"not applied: {', '.join(missing)}", "run `quaystream migrate`")
    newer = sorted(done - set(known))
    if newer:
        return warn("migrations", f"from a newer version: {', '.join(newer)}", "upgrade this program")
    return ok("migrations", f"all {len(known)} applied")


async def _clock(connection: Connection) -> Check:
    before = utc_now()
    there = (await connection.fetchval("SELECT clock_timestamp()")).astimezone(UTC)
    after = utc_now()
    away_s = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    seen = f"{away_s:.2f} s between this clock and the database's, {after:%Y-%m-%d %H:%M:%S} UTC"
    if away_s > CLOCK_LIMIT_S:
        return warn("clock", f"{seen}: samples look late, or from the future", "run a time service (NTP) on both")
    return ok("clock", seen)
