import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from api.database import fact_listener
from api.live import feed, outbox
from tests.integration import api_rows
from tests.integration.api_rows import MINUTE

KPI = {"ts": "2026-11-23T06:15:00.000Z", "value": 28.5, "unit": "boxes/h", "window": "PT1H", "state": None}


@asynccontextmanager
async def _live(base: str, terminal: str = "demo", **headers: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{base}/api/v1/live?terminal={terminal}", headers=headers, max_msg_size=0) as socket,
    ):
        yield socket


async def _next(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next frame of a kind."""
    async with asyncio.timeout(15):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            if frame["type"] == kind:
                return frame


async def test_snapshot_and_what_changes(database_url: str, mqtt_url: str) -> None:
    """A client gets everything first, then new samples, moves, devices' health and KPI values."""
    just_now = datetime.now(UTC).replace(microsecond=0) - 3 * MINUTE
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_samples(db)
        await api_rows.add_move(db, 1, just_now - 5 * MINUTE)
    async with (
        api_rows.rows(database_url) as db,
        api_rows.publishing(mqtt_url) as publisher,
        api_rows.serving(database_url, mqtt_url) as base,
        _live(base) as socket,
    ):
        snapshot = await _next(socket, "snapshot")
        assert snapshot["terminal"] == "demo"
        assert [d["device"] for d in snapshot["devices"]] == ["sts1", "sts2", "in1", "r001"]
        assert [one["device"] for one in snapshot["latest"]] == ["sts1", "sts2", "r001"]
        assert [(m["device"], m["kind"]) for m in snapshot["moves"]] == [("sts1", "discharge")]
        assert snapshot["quarantine_total"] == 0

        await api_rows.add_crane_sample(db, 1, datetime.now(UTC), 8, 3.25)
        latest = await _next(socket, "latest")
        assert [(one["device"], one["seq"], one["signals"]["load_t"]) for one in latest["latest"]] == [
            ("sts1", 8, 3.25)
        ]

        await api_rows.add_move(db, 2, just_now, "load")
        moves = await _next(socket, "moves")
        assert [(m["device"], m["kind"]) for m in moves["moves"]] == [("sts2", "load")]

        await api_rows.add_quarantine(db, "prt/x", None, "unknown_topic")
        await db.execute("UPDATE device_count SET stored = 8 WHERE device_id = 1")
        async with asyncio.timeout(10):
            while not (health := await _next(socket, "health"))["devices"]:
                pass
        assert [(d["device"], d["stored"]) for d in health["devices"]] == [("sts1", 8)]
        assert health["quarantine_total"] == 1
        assert health["ready"]["checks"]["ingest"]["ok"] is False

        publisher.publish("kpi/demo/gross_crane_rate/sts1", json.dumps(KPI))
        publisher.publish("kpi/demo/boxes/sts1", json.dumps(KPI | {"value": None}))
        publisher.publish("kpi/other/boxes/sts1", json.dumps(KPI))
        frame = await _next(socket, "kpi")
        assert frame["values"][0] == KPI | {"terminal": "demo", "kpi": "gross_crane_rate", "subject": "sts1"}
        assert [(v["terminal"], v["kpi"], v["value"]) for v in frame["values"]] == [
            ("demo", "gross_crane_rate", 28.5),
            ("demo", "boxes", None),
        ]


async def test_an_excursion_that_ends_is_sent_once_more(database_url: str, mqtt_url: str) -> None:
    """Clients hear of the beginning and of the end."""
    began_at = datetime.now(UTC).replace(microsecond=0) - 10 * MINUTE
    async with (
        api_rows.rows(database_url) as db,
        api_rows.serving(database_url, mqtt_url) as base,
        _live(base) as socket,
    ):
        await api_rows.add_devices(db)
        await _next(socket, "snapshot")
        await db.execute("INSERT INTO reefer_excursion VALUES (4, 'supply', $1, NULL, NULL, -18, 3)", began_at)
        assert [e["ended_at"] for e in (await _next(socket, "excursions"))["excursions"]] == [None]
        await db.execute("UPDATE reefer_excursion SET ended_at = $1", began_at + MINUTE)
        assert [e["ended_at"] for e in (await _next(socket, "excursions"))["excursions"]] == [
            api_rows.text(began_at + MINUTE)
        ]


async def test_retained_kpis_are_in_the_live_snapshot(database_url: str, mqtt_url: str) -> None:
    """Values published before the API started are there over REST, and at most five frames a second are pushed."""
    async with (
        api_rows.publishing(mqtt_url) as publisher,
        aiohttp.ClientSession() as session,
    ):
        publisher.publish("kpi/early/boxes/early", json.dumps(KPI), retain=True)
        await publisher.drain(1)
        async with api_rows.serving(database_url, mqtt_url) as base:
            async with asyncio.timeout(10):
                values: list[Any] = []
                while not values:
                    async with session.get(f"{base}/api/v1/kpis/live?terminal=early") as response:
                        values = (await response.json())["values"]
            assert values == [KPI | {"terminal": "early", "kpi": "boxes", "subject": "early"}]
            async with _live(base, "early") as socket:
                assert (await _next(socket, "snapshot"))["kpis"] == values
                loop = asyncio.get_running_loop()
                started, frames, last = loop.time(), 0, -1.0
                async with asyncio.TaskGroup() as group:
                    group.create_task(_publish_often(publisher))
                    while last != 199:
                        last = (await _next(socket, "kpi"))["values"][-1]["value"]
                        frames += 1
                assert frames <= 2 + 5 * (loop.time() - started)
        publisher.publish("kpi/early/boxes/early", b"", retain=True)


async def _publish_often(publisher: Any) -> None:
    for value in range(200):
        publisher.publish("kpi/early/boxes/early", json.dumps(KPI | {"value": value}), retain=True)
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_foreign_pages_are_refused(database_url: str, mqtt_url: str, origin: str) -> None:
    """A page of another site cannot open the WebSocket; one of the same host can."""
    async with api_rows.serving(database_url, mqtt_url) as base:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with _live(base, Origin=origin):
                pass
        assert refused.value.status == 403
        async with _live(base, Origin=base) as socket:
            await _next(socket, "snapshot")


async def test_a_slow_client_is_dropped_and_others_are_not(
    database_url: str, mqtt_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that stops reading is ended; another one goes on receiving everything."""
    monkeypatch.setattr(outbox.Outbox.__init__, "__defaults__", (4, 200_000))
    text, subjects = "x" * 600, 200  # a larger message than a kilobyte is none of the worker's
    async with (
        api_rows.publishing(mqtt_url) as publisher,
        api_rows.serving(database_url, mqtt_url) as base,
        _live(base) as good,
        _live(base) as slow,
    ):
        await _next(good, "snapshot")
        await _next(slow, "snapshot")
        assert slow._response.connection is not None
        transport = slow._response.connection.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        async with asyncio.timeout(60):
            for number in range(10_000):
                for subject in range(subjects):
                    publisher.publish(f"kpi/demo/boxes/s{subject}", json.dumps(KPI | {"unit": text, "value": number}))
                values: dict[str, float] = {}
                while len(values) < subjects or set(values.values()) != {number}:
                    values |= {v["subject"]: v["value"] for v in (await _next(good, "kpi"))["values"]}
                if await _dropped(base):
                    break
        assert await _dropped(base) == 1
        transport.resume_reading()
        async with asyncio.timeout(5):
            async for _message in slow:
                pass
        assert slow.closed
        await _next(good, "health")


async def _dropped(base: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{base}/metrics") as response:
        lines = (await response.text()).splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("quaystream_api_websocket_dropped_total "))


async def test_stopping_closes_with_going_away(database_url: str, mqtt_url: str) -> None:
    """When the server stops, clients receive a close code, and it takes less than two seconds."""
    async with aiohttp.ClientSession() as session:
        async with api_rows.serving(database_url, mqtt_url) as base:
            socket = await session.ws_connect(f"{base}/api/v1/live?terminal=demo")
            await _next(socket, "snapshot")
            reader = asyncio.create_task(_code(socket))
            stopping = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - stopping < 2
        assert await reader == 1001


async def _code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _message in socket:
        pass
    return socket.close_code


async def test_a_fact_comes_at_its_commit(database_url: str, mqtt_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any poll a committed move, its change and a visit come within a second; one rolled back never does."""
    monkeypatch.setattr(feed, "FALLBACK_TICKS", 1_000_000)
    just_now = datetime.now(UTC).replace(microsecond=0) - 3 * MINUTE
    async with (
        api_rows.rows(database_url) as db,
        api_rows.serving(database_url, mqtt_url) as base,
        _live(base) as socket,
    ):
        await api_rows.add_devices(db)
        await _next(socket, "snapshot")
        await api_rows.until(lambda: _listens(db))
        loop = asyncio.get_running_loop()
        for number in range(3):
            started = loop.time()
            await api_rows.add_move(db, 1, just_now - number * MINUTE)
            moves = (await _next(socket, "moves"))["moves"]
            assert [move["locked_at"] for move in moves] == [api_rows.text(just_now - number * MINUTE)]
            assert loop.time() - started < 1
        async with db.transaction():
            await api_rows.add_move(db, 2, just_now)
            await db.execute("DELETE FROM crane_move WHERE device_id = 2")
            await db.execute("UPDATE crane_move SET kind = 'load' WHERE locked_at = $1", just_now)
        assert [move["kind"] for move in (await _next(socket, "moves"))["moves"]] == ["load"]
        await db.execute(
            "INSERT INTO truck_visit (terminal, lane, arrived_at, passed_at, visit, entered_at)"
            " VALUES ('demo', 'in1', $1, $1, 'v1', $1)",
            just_now,
        )
        assert [visit["visit"] for visit in (await _next(socket, "visits"))["visits"]] == ["v1"]


async def _listens(db: Any) -> bool:
    """Whether the listening connection is there, and has been checked."""
    sql = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'"
        " AND application_name = 'quaystream-api-listener' AND query LIKE 'SELECT pg_notify%')"
    )
    return bool(await db.fetchval(sql))


async def test_facts_committed_while_nobody_listened_come(
    database_url: str, mqtt_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listening connection is cut; what is committed before it is back comes all the same."""
    monkeypatch.setattr(feed, "FALLBACK_TICKS", 1_000_000)
    monkeypatch.setattr(fact_listener, "RETRY_DELAY_S", (0.3, 0.4))
    just_now = datetime.now(UTC).replace(microsecond=0) - 3 * MINUTE
    async with (
        api_rows.rows(database_url) as db,
        api_rows.serving(database_url, mqtt_url) as base,
        _live(base) as socket,
    ):
        await api_rows.add_devices(db)
        await _next(socket, "snapshot")
        await api_rows.until(lambda: _listens(db))
        for number in range(3):
            await db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'quaystream-api-listener'"
            )
            await api_rows.add_move(db, 1, just_now - number * MINUTE)
            moves = (await _next(socket, "moves"))["moves"]
            assert [move["locked_at"] for move in moves] == [api_rows.text(just_now - number * MINUTE)]
            await api_rows.until(lambda: _listens(db))
