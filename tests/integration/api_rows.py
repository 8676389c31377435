"""What the API's tests share: a terminal's rows inserted by hand, a worker's stand-in, and the program itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import asyncpg
from aiohttp import web

from api.program import listen, running
from infra.machine.database_users import API
from infra.mqtt.connection import Mqtt
from infra.settings import load
from tests.database_users import as_user

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEN_SECONDS_AGO = datetime.now(UTC).replace(microsecond=250_000) - timedelta(seconds=10)
TWO_DAYS_AGO = TEN_SECONDS_AGO - timedelta(days=2)


def text(time: datetime) -> str:
    """A time as the API writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


@asynccontextmanager
async def rows(url: str) -> AsyncIterator[Any]:
    """A connection to insert rows with."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something to become true, at most 15 s."""
    async with asyncio.timeout(15):
        while not await condition():
            await asyncio.sleep(0.05)


async def add_devices(db: Any) -> None:
    """Cranes sts1 and sts2, lane in1 and reefer r001 of terminal demo; crane sts1 of terminal other."""
    devices = [
        ("demo", "crane", "sts1"),
        ("demo", "crane", "sts2"),
        ("demo", "gate", "in1"),
        ("demo", "reefer", "r001"),
    ]
    for number, device in enumerate([*devices, ("other", "crane", "sts1")], 1):
        await db.execute(
            "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6)",
            number,
            *device,
            "STS" if device[1] == "crane" else None,
            NOON,
        )
    await db.execute("INSERT INTO device_status VALUES (1, true, $1), (2, false, $1)", NOON)
    await db.execute(
        "INSERT INTO device_count (device_id, samples_received, stored, duplicate, late, out_of_range, unknown_keys,"
        " quarantined, seq_gaps, last_time, last_received_at)"
        " VALUES (1, 10, 7, 2, 3, 4, 5, 1, 6, $1, $1), (2, 1, 1, 0, 0, 0, 0, 0, 0, $2, $2)",
        TEN_SECONDS_AGO,
        TWO_DAYS_AGO,
    )
    await db.execute(
        "INSERT INTO device_cause_count VALUES (1, 'out_of_range', 'load_t', 3),"
        " (1, 'out_of_range', 'wind_speed_mps', 1), (1, 'quarantined', 'wrong_type', 1),"
        " (1, 'contradictory', 'twistlock_locked, twistlock_unlocked', 2)"
    )


async def add_crane_sample(db: Any, device_id: int, time: datetime, seq: int, load_t: float) -> None:
    """One sample with a few signals."""
    await db.execute(
        "INSERT INTO crane_telemetry (time, device_id, seq, received_at, load_t, twistlock_locked, spreader_size_ft,"
        " state, container_ids) VALUES ($1, $2, $3, $1, $4, true, 40, 'working', '{MSKU1234565}')",
        time,
        device_id,
        seq,
        load_t,
    )


async def add_samples(db: Any) -> None:
    """sts1 spoke just now, sts2 two days ago, the reefer just now, the lane never."""
    await add_crane_sample(db, 1, TEN_SECONDS_AGO - MINUTE, 6, 11.0)
    await add_crane_sample(db, 1, TEN_SECONDS_AGO, 7, 24.5)
    await add_crane_sample(db, 2, TWO_DAYS_AGO, 1, 0.0)
    await db.execute(
        "INSERT INTO reefer_telemetry (time, device_id, seq, received_at, supply_degc, plugged, alarms)"
        " VALUES ($1, 4, 0, $1, -18.5, true, '{}')",
        TEN_SECONDS_AGO,
    )


async def add_move(db: Any, device_id: int, locked_at: datetime, kind: str = "discharge") -> None:
    """A move of two minutes."""
    await db.execute(
        "INSERT INTO crane_move (device_id, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, twin,"
        " inferred) VALUES ($1, $2, $3, $4, $5, $6, 1, 2, false, false)",
        device_id,
        locked_at,
        locked_at + MINUTE / 12,
        locked_at + 1.5 * MINUTE,
        locked_at + 2 * MINUTE,
        kind,
    )


async def add_delay(
    db: Any, device_id: int, began_at: datetime, minutes: float | None, cause: str = "waiting_transport"
) -> None:
    """A stop; it lasts where no minutes are given."""
    ended_at = None if minutes is None else began_at + minutes * MINUTE
    await db.execute("INSERT INTO crane_delay VALUES ($1, $2, $3, $4)", device_id, began_at, ended_at, cause)


async def add_facts(db: Any) -> None:
    """Three moves, two visits, two excursions and KPI samples around noon."""
    await add_move(db, 1, NOON)
    await add_move(db, 1, NOON + 3 * MINUTE, "load")
    await add_move(db, 2, NOON + MINUTE)
    await db.execute(
        "INSERT INTO truck_visit (terminal, lane, arrived_at, passed_at, visit, plate, entered_at, left_at, confidence,"
        " reason) VALUES ('demo', 'in1', $1, $1, 'v1', 'ABC-123', $1, $2, 0.997, 'tailgated'),"
        " ('demo', 'in1', $2, $2, 'v2', NULL, $2, NULL, NULL, NULL)",
        NOON,
        NOON + 30 * MINUTE,
    )
    await db.execute(
        "INSERT INTO reefer_excursion VALUES (4, 'supply', $1, $2, 'MSKU1234565', -18, 4.5),"
        " (4, 'supply', $3, NULL, NULL, -18, 6)",
        NOON,
        NOON + 30 * MINUTE,
        NOON + 60 * MINUTE,
    )
    for second, value in ((0, 20.0), (40, 21.0), (60, None), (130, 25.0)):
        await db.execute(
            "INSERT INTO kpi_sample VALUES ($1, 'demo', 'gross_crane_rate', 'sts1', 'PT1H', $2)",
            NOON + timedelta(seconds=second),
            value,
        )


async def add_quarantine(db: Any, topic: str, terminal: str | None, reason: str) -> None:
    """One message that was not understood."""
    await db.execute(
        "INSERT INTO quarantine (received_at, topic, payload, reason, detail, terminal, digest)"
        " VALUES ($1, $2, '\\x6869ff', $3, 'send JSON', $4, sha256($2::text::bytea))",
        NOON,
        topic,
        reason,
        terminal,
    )


@asynccontextmanager
async def worker() -> AsyncIterator[str]:
    """Stand-in for the ingest worker's HTTP; gives host:port."""

    async def ready(_request: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(text="quaystream_ingest_samples_total 42\n")

    app = web.Application()
    app.add_routes([web.get("/readyz", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(
    database_url: str, mqtt_url: str, ingest_http: str = "127.0.0.1:1", more: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    """The API in this process, with more settings; gives its address, `http://127.0.0.1:port`."""
    settings = load(
        {
            "QUAYSTREAM_DATABASE_URL": as_user(database_url, API),
            "QUAYSTREAM_MQTT_URL": mqtt_url,
            "QUAYSTREAM_HTTP": "127.0.0.1:0",
            "QUAYSTREAM_INGEST_HTTP": ingest_http,
        }
        | dict(more or {})
    )
    with listen(settings) as listener:
        async with running(settings, listener):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def asking(base: str) -> AsyncIterator[Any]:
    """Asks the API, once it has database and broker; gives status and body, which may be no JSON."""
    async with aiohttp.ClientSession() as session:

        async def ask(
            path: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
        ) -> tuple[int, Any]:
            async with session.request(method, base + path, json=body, headers=headers) as response:
                of_json = response.content_type == "application/json"
                return response.status, await (response.json() if of_json else response.read())

        async def there() -> bool:
            checks = (await ask("/readyz"))[1]["checks"]
            return bool(checks["database"]["ok"] and checks["broker"]["ok"])

        await until(there)
        yield ask


@asynccontextmanager
async def publishing(mqtt_url: str) -> AsyncIterator[Mqtt]:
    """A client that stands in for the worker's KPI messages."""
    async with Mqtt(mqtt_url, f"test-{id(object())}") as client:
        yield client
        await client.drain(1)


class Cable:
    """A TCP connection to the database that can be cut and mended.

    Args:
        host: of the database.
        port: of the database.
    """

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def mend(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._to)
        self._writers |= {writer, far_writer}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, far_writer))
                group.create_task(_copy(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()
