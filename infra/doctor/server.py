"""Settings of the PostgreSQL server that decide whether a commit is kept, and whether the load fits.

Time limits are not looked at: each connection of quaystream sets its own.
"""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from urllib.parse import urlsplit

import asyncpg

from infra.connection import Connection, Record
from infra.doctor.check import Check, fail, ok, warn
from infra.doctor.configuration import LOOPBACK

MIN_LOCKS = 256
CONNECTIONS_NEEDED = 20
"""Worker, API and tools, with some to spare."""
FREE_BESIDE_WAL = 1024**3
"""Room for new samples beside the largest write-ahead log. [bytes]"""
MANY_READS = 1_000_000
FEW_CHECKPOINTS = 10

WHY = {
    "fsync": "a power failure may destroy the whole database",
    "full_page_writes": "a power failure may leave pages half written",
    "synchronous_commit": "the last commits, acknowledged to devices already, are lost when the server is killed",
}

SETTINGS = """
SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name
"""
NUMBERS = """
SELECT current_setting('max_connections')::int - count(*) AS connections,
       pg_size_bytes(current_setting('max_wal_size')) AS wal,
       pg_size_bytes(current_setting('shared_buffers')) AS buffers,
       pg_is_in_recovery() AS standby
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
READS = (
    "SELECT blks_read AS missed, blks_read + blks_hit AS reads FROM pg_stat_database WHERE datname = current_database()"
)
CHECKPOINTS = {
    False: "SELECT checkpoints_timed AS timed, checkpoints_req AS requested FROM pg_stat_bgwriter",
    True: "SELECT num_timed AS timed, num_requested AS requested FROM pg_stat_checkpointer",
}
"""By whether the server is version 17 or newer."""


async def checks(connection: Connection, url: str) -> AsyncIterator[Check]:
    """Durability, room, load."""
    names = [*WHY, "max_locks_per_transaction", "max_connections", "max_wal_size", "shared_buffers"]
    settings = {row["name"]: row["value"] for row in await connection.fetch(SETTINGS, names)}
    (numbers,) = await connection.fetch(NUMBERS)
    if numbers["standby"]:
        yield fail("durability", "this server is a standby: nothing can be written", "give the primary's address")
    for check in (*_durability(settings), *_room(settings, numbers)):
        yield check
    newer = connection.get_server_version().major >= 17
    (reads,), (checkpoints,) = await connection.fetch(READS), await connection.fetch(CHECKPOINTS[newer])
    for check in _load(settings, reads, checkpoints):
        yield check
    yield _disk(await _data_directory(connection), url, numbers["wal"])


def _durability(settings: Mapping[str, str]) -> Iterator[Check]:
    off = [name for name in WHY if settings[name] == "off"]
    for name in off:
        yield fail("durability", f"{name} is off: {WHY[name]}", f"set {name} = on")
    if not off:
        yield ok("durability", f"{', '.join(WHY)} on")


def _room(settings: Mapping[str, str], numbers: Record) -> Iterator[Check]:
    locks = int(settings["max_locks_per_transaction"])
    if locks < MIN_LOCKS:
        seen = f"max_locks_per_transaction {locks}: a query over many chunks, or retention, ends with an error"
        yield warn("locks", seen, f"set it to {MIN_LOCKS} or more")
    else:
        yield ok("locks", f"max_locks_per_transaction {locks}")
    left = numbers["connections"]
    if left < CONNECTIONS_NEEDED:
        seen = f"{left} of {settings['max_connections']} connections are free, {CONNECTIONS_NEEDED} are needed"
        yield warn("connections", seen, "raise max_connections")
    else:
        yield ok("connections", f"{left} of {settings['max_connections']} free")


def _load(settings: Mapping[str, str], reads: Record, checkpoints: Record) -> Iterator[Check]:
    requested, timed = checkpoints["requested"], checkpoints["timed"]
    if requested > FEW_CHECKPOINTS and requested > 2 * timed:
        seen = f"{requested} of {requested + timed} checkpoints came before their time: they slow writing down"
        yield warn("checkpoints", seen, f"raise max_wal_size, now {settings['max_wal_size']}")
    missed = reads["missed"] / max(reads["reads"], 1)
    if reads["reads"] > MANY_READS and missed > 0.1:
        seen = f"{missed:.0%} of all pages were read from disk: the newest chunks do not fit into memory"
        yield warn("memory", seen, f"raise shared_buffers, now {settings['shared_buffers']}")


async def _data_directory(connection: Connection) -> str:
    try:
        return str(await connection.fetchval("SHOW data_directory"))
    except asyncpg.InsufficientPrivilegeError:
        return ""


def _disk(directory: str, url: str, wal: int) -> Check:
    try:
        if not directory or urlsplit(url).hostname not in LOOPBACK:
            raise FileNotFoundError
        free = shutil.disk_usage(directory).free
    except OSError:
        return ok("disk", "cannot be seen from here; watch it: PostgreSQL stops where it is full")
    seen = f"{free / 1024**3:.1f} GiB free"
    if free < wal + FREE_BESIDE_WAL:
        seen += f", the write-ahead log alone may take {wal / 1024**3:.1f}: PostgreSQL stops where the disk is full"
        return warn("disk", seen, "make room, or lower QUAYSTREAM_RETENTION_DAYS")
    return ok("disk", seen)
