import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from yarl import URL

from api.delays import listing
from api.delays.answers import LostEdit
from api.devices import queries as devices
from api.devices.answers import Device
from api.excursions.answers import EXCURSIONS, Excursion
from api.http import connections, pages
from api.moves.answers import MOVES, Move
from api.terminals import queries as terminals
from api.visits.answers import VISITS, Visit
from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, TEN_SECONDS_AGO, TWO_DAYS_AGO, text

AROUND_NOON = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"
Get = Any


@pytest.fixture
async def get(database_url: str, mqtt_url: str) -> AsyncIterator[Get]:
    """Asks the API, over a terminal with rows; gives status and body."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_samples(db)
        await api_rows.add_facts(db)
        for topic, terminal, reason in (
            ("port/demo/crane/sts1/telemetry", "demo", "bad_json"),
            ("port/demo/crane/sts2/telemetry", "demo", "bad_json"),
            ("port/other/crane/sts1/telemetry", "other", "no_ts"),
            ("prt/x", None, "unknown_topic"),
        ):
            await api_rows.add_quarantine(db, topic, terminal, reason)
    async with (
        api_rows.worker() as worker,
        api_rows.serving(database_url, mqtt_url, worker) as base,
        aiohttp.ClientSession() as session,
    ):

        async def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, Any, aiohttp.ClientResponse]:
            async with session.request(method, base + path, headers=headers) as response:
                is_json = response.content_type == "application/json"
                return response.status, await (response.json() if is_json else response.text()), response

        async def ready() -> bool:
            return bool((await ask("/readyz"))[0] == 200)

        await api_rows.until(ready)
        yield ask


async def test_terminals(get: Get) -> None:
    """Terminals with how many devices they have and when one was last heard."""
    status, body, _ = await get("/api/v1/terminals")
    assert status == 200
    shifts = [one.pop("shift") for one in body["terminals"]]
    assert body == {
        "terminals": [
            {"terminal": "demo", "devices": 4, "last_seen": text(TEN_SECONDS_AGO), "time_zone": "America/Lima"},
            {"terminal": "other", "devices": 1, "last_seen": None, "time_zone": "UTC"},
        ]
    }
    assert all(shift["name"] and shift["begin"] < shift["end"] for shift in shifts)


async def test_devices(get: Get) -> None:
    """Devices carry status and counters; one without either has nulls and zeros."""
    _, body, _ = await get("/api/v1/devices?terminal=demo")
    assert [d["device"] for d in body["devices"]] == ["sts1", "sts2", "in1", "r001"]
    assert body["devices"][0] == {
        "terminal": "demo",
        "stream": "crane",
        "device": "sts1",
        "type": "STS",
        "online": True,
        "first_seen": "2026-11-23T12:00:00.000Z",
        "last_time": text(TEN_SECONDS_AGO),
        "last_received_at": text(TEN_SECONDS_AGO),
        "received": 10,
        "stored": 7,
        "duplicate": 2,
        "late": 3,
        "out_of_range": 4,
        "unknown_keys": 5,
        "quarantined": 1,
        "seq_gaps": 6,
        "out_of_range_by_signal": {"load_t": 3, "wind_speed_mps": 1},
        "contradictory_by_signals": {"twistlock_locked, twistlock_unlocked": 2},
        "conflicts_by_signal": {},
        "quarantined_by_reason": {"wrong_type": 1},
    }
    assert (body["devices"][2]["online"], body["devices"][2]["stored"]) == (None, 0)
    assert body["devices"][2]["quarantined_by_reason"] == {}
    _, body, _ = await get("/api/v1/devices?stream=crane")
    assert [(d["terminal"], d["device"]) for d in body["devices"]] == [
        ("demo", "sts1"),
        ("demo", "sts2"),
        ("other", "sts1"),
    ]


STS1 = {
    "terminal": "demo",
    "stream": "crane",
    "device": "sts1",
    "time": text(TEN_SECONDS_AGO),
    "seq": 7,
    "received_at": text(TEN_SECONDS_AGO),
    "signals": {
        "load_t": 24.5,
        "twistlock_locked": True,
        "spreader_size_ft": 40,
        "state": "working",
        "container_ids": ["MSKU1234565"],
    },
}


async def test_latest(get: Get) -> None:
    """The newest sample of each device with the signals it carried, of a silent device too."""
    _, body, _ = await get("/api/v1/latest?terminal=demo")
    assert [(one["device"], one["time"]) for one in body["latest"]] == [
        ("sts1", text(TEN_SECONDS_AGO)),
        ("sts2", text(TWO_DAYS_AGO)),
        ("r001", text(TEN_SECONDS_AGO)),
    ]
    assert body["latest"][0] == STS1
    assert body["latest"][2]["signals"] == {"supply_degc": -18.5, "plugged": True, "alarms": []}
    _, body, _ = await get("/api/v1/latest?stream=reefer")
    assert [one["device"] for one in body["latest"]] == ["r001"]


async def test_latest_of_one_device(get: Get) -> None:
    """One device's newest sample; a device that is unknown or silent is a 404 that says which."""
    assert (await get("/api/v1/devices/demo/crane/sts1/latest"))[:2] == (200, STS1)
    status, body, _ = await get("/api/v1/devices/demo/crane/sts9/latest")
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert "there is no crane sts9 at terminal demo" in body["error"]["message"]
    status, body, _ = await get("/api/v1/devices/demo/gate/in1/latest")
    assert (status, body["error"]["message"]) == (404, "gate in1 at terminal demo has sent no sample yet")
    assert (await get("/api/v1/devices/demo/ship/sts1/latest"))[0] == 400


async def test_kpi_catalogue(get: Get) -> None:
    """KPIs with unit, window and where the definition comes from."""
    _, body, _ = await get("/api/v1/kpis")
    rate = next(kpi for kpi in body["kpis"] if kpi["id"] == "gross_crane_rate")
    assert (rate["unit"], rate["window"], rate["window_s"], rate["subject"]) == (
        "boxes/h",
        "PT1H",
        3600,
        "crane,terminal,call,berth",
    )
    assert rate["windows"]["crane"] == ["PT1H", "shift", "day", "call"]
    assert all(kpi["formula"] and kpi["source"] and kpi["description"] for kpi in body["kpis"])


async def test_kpi_history(get: Get) -> None:
    """The last value of each step; null where nothing was known, no point where nothing was written."""
    status, body, _ = await get(f"/api/v1/kpis/gross_crane_rate/history?terminal=demo&subject=sts1&{AROUND_NOON}")
    noon_ms = 1795435200000
    assert status == 200
    assert body == {
        "kpi": "gross_crane_rate",
        "terminal": "demo",
        "subject": "sts1",
        "window": "PT1H",
        "unit": "boxes/h",
        "step_s": 60,
        "points": [[noon_ms, 21.0], [noon_ms + 60_000, None], [noon_ms + 120_000, 25.0]],
    }


async def test_kpi_history_refused(get: Get) -> None:
    """Too many points, an unknown KPI and a missing terminal have errors of their own."""
    status, body, _ = await get(f"/api/v1/kpis/boxes/history?terminal=demo&step=1&{AROUND_NOON}")
    assert (status, "use step=18 or more" in body["error"]["message"]) == (400, True)
    status, body, _ = await get("/api/v1/kpis/speed/history?terminal=demo")
    assert (status, "there is no KPI speed; there are boxes" in body["error"]["message"]) == (404, True)
    status, body, _ = await get("/api/v1/kpis/boxes/history")
    assert (status, body["error"]["message"]) == (400, "query parameter missing: terminal")


async def test_moves(get: Get) -> None:
    """Moves newest first, by device, by span and up to a limit."""
    _, body, _ = await get(f"/api/v1/moves?terminal=demo&{AROUND_NOON}")
    assert [(m["device"], m["unlocked_at"]) for m in body["moves"]] == [
        ("sts1", "2026-11-23T12:05:00.000Z"),
        ("sts2", "2026-11-23T12:03:00.000Z"),
        ("sts1", "2026-11-23T12:02:00.000Z"),
    ]
    assert body["moves"][2] == {
        "terminal": "demo",
        "device": "sts1",
        "began_at": None,
        "locked_at": "2026-11-23T12:00:00.000Z",
        "lifted_at": "2026-11-23T12:00:05.000Z",
        "landed_at": "2026-11-23T12:01:30.000Z",
        "unlocked_at": "2026-11-23T12:02:00.000Z",
        "kind": "discharge",
        "boxes": 1,
        "teu": 2.0,
        "inferred": False,
        "confidence": 1.0,
        "from_trolley_m": None,
        "to_trolley_m": None,
        "gantry_m": None,
        "peak_load_t": None,
        "size_ft": None,
        "twin": False,
        "container_ids": [],
        "energy_kwh": None,
        "waited_empty_s": None,
        "waited_laden_s": None,
    }
    _, body, _ = await get(f"/api/v1/moves?device=sts2&{AROUND_NOON}")
    assert [m["device"] for m in body["moves"]] == ["sts2"]
    _, body, _ = await get(f"/api/v1/moves?limit=1&{AROUND_NOON}")
    assert [m["unlocked_at"] for m in body["moves"]] == ["2026-11-23T12:05:00.000Z"]
    _, body, _ = await get("/api/v1/moves?from=2026-11-23T12:02:00Z&to=2026-11-23T12:03:00Z")
    assert [m["unlocked_at"] for m in body["moves"]] == ["2026-11-23T12:02:00.000Z"]


async def test_visits(get: Get) -> None:
    """A completed visit counts when it ended, one that lasts when it began."""
    _, body, _ = await get(f"/api/v1/visits?{AROUND_NOON}")
    half_past, noon = "2026-11-23T12:30:00.000Z", "2026-11-23T12:00:00.000Z"
    assert body["visits"] == [
        {"terminal": "demo", "visit": "v1", "plate": "ABC-123", "entered_at": noon, "left_at": half_past}
        | {"lane": "in1", "passed_at": noon, "arrived_at": noon, "confidence": 0.997, "reason": "tailgated"}
        | {"queued_at": None},
        {"terminal": "demo", "visit": "v2", "plate": None, "entered_at": half_past, "left_at": None}
        | {"lane": "in1", "passed_at": half_past, "arrived_at": half_past, "confidence": None, "reason": None}
        | {"queued_at": None},
    ]


async def test_gate_transactions(database_url: str, get: Get) -> None:
    """By the time of coming into the lane, newest first; a lane alone, and a span without any."""
    columns = "device_id, entered_at, opened_at, left_at, direction, plate, trouble, container_ids, reason"
    with psycopg.connect(database_url) as db:
        db.execute(
            f"INSERT INTO gate_transaction ({columns}) SELECT device_id, %s, %s, NULL, 'in', 'ABC-123', true, "  # noqa: S608 - names of columns
            "'{CSQU3054383}', 'exit_unseen' FROM device WHERE device = 'in1'",
            (NOON, NOON + MINUTE),
        )
    _, body, _ = await get(f"/api/v1/gate/transactions?{AROUND_NOON}&device=in1")
    assert body["transactions"] == [
        {"terminal": "demo", "device": "in1", "entered_at": text(NOON), "opened_at": text(NOON + MINUTE)}
        | {"left_at": None, "direction": "in", "visit": None, "plate": "ABC-123", "trouble": True}
        | {"container_ids": ["CSQU3054383"], "gross_weight_kg": None, "reason": "exit_unseen"}
        | {"queued_at": None, "plate_read": None, "appointment": None}
    ]
    _, body, _ = await get(f"/api/v1/gate/transactions?{AROUND_NOON}&device=out1")
    assert body["transactions"] == []
    status, body, _ = await get("/api/v1/gate/transactions?from=noon")
    assert (status, "write a time" in body["error"]["message"]) == (400, True)


async def test_excursions(get: Get) -> None:
    """Excursions that touch the span; one that lasts touches every later span."""
    _, body, _ = await get("/api/v1/excursions?from=2026-11-23T12:29:00Z&to=2026-11-23T12:40:00Z")
    assert [(e["began_at"], e["ended_at"], e["worst_degc"]) for e in body["excursions"]] == [
        (text(NOON), text(NOON + 30 * MINUTE), 4.5)
    ]
    _, body, _ = await get("/api/v1/excursions?terminal=demo&from=2026-11-23T14:00:00Z&to=2026-11-23T15:00:00Z")
    assert [(e["began_at"], e["ended_at"]) for e in body["excursions"]] == [(text(NOON + 60 * MINUTE), None)]


async def test_quarantine(get: Get) -> None:
    """A terminal's refused messages, those whose topic names no terminal among them, and counts by reason."""
    _, body, _ = await get("/api/v1/quarantine?terminal=demo")
    assert (body["total"], body["by_reason"]) == (3, {"bad_json": 2, "unknown_topic": 1})
    assert [q["topic"] for q in body["quarantine"]] == [
        "prt/x",
        "port/demo/crane/sts2/telemetry",
        "port/demo/crane/sts1/telemetry",
    ]
    first = body["quarantine"][0]
    assert (first["payload"], first["payload_bytes"], first["detail"]) == ("hi\ufffd", 3, "send JSON")
    _, body, _ = await get("/api/v1/quarantine?reason=no_ts")
    assert (body["total"], len(body["quarantine"])) == (1, 1)


async def test_columns_stand_in_the_order_of_the_fields(get: Get, database_url: str) -> None:
    """A query's columns are the fields of its Struct, in the same order."""
    assert get is not None
    async with api_rows.rows(database_url) as db:
        for sql, kind in (
            (devices.SQL["devices"], Device),
            (MOVES.sql, Move),
            (VISITS.sql, Visit),
            (EXCURSIONS.sql, Excursion),
            (listing.SQL["lost_edits"], LostEdit),
        ):
            statement = await db.prepare(sql)
            assert tuple(a.name for a in statement.get_attributes()) == kind.__struct_fields__


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/api/v1/nothing", "GET", 404, "not_found"),
        ("/api/v1/devices", "POST", 405, "method_not_allowed"),
        ("/api/v1/devices?color=red", "GET", 400, "bad_request"),
        ("/api/v1/moves?from=yesterday", "GET", 400, "bad_request"),
        ("/api/v1/moves?limit=100000", "GET", 400, "bad_request"),
        ("/assets/..%2f..%2fcommand.py", "GET", 404, "not_found"),
        ("/nothing.js", "GET", 404, "not_found"),
    ],
)
async def test_errors(get: Get, path: str, method: str, status: int, code: str) -> None:
    """Every refusal is JSON with a code, and carries the security headers."""
    got, body, response = await get(path, method)
    assert (got, body["error"]["code"]) == (status, code)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in response.headers
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


async def test_foreign_host_name(get: Get) -> None:
    """A foreign name that leads to this machine is refused."""
    status, body, _ = await get("/api/v1/devices", Host="evil.example")
    assert (status, body["error"]["code"]) == (403, "forbidden")


async def test_health_and_readiness(get: Get) -> None:
    """Alive, and ready when database, broker and worker are there."""
    assert (await get("/healthz"))[:2] == (200, {"status": "ok"})
    assert (await get("/readyz"))[:2] == (
        200,
        {
            "ready": True,
            "checks": {
                "database": {"ok": True, "detail": "answers"},
                "broker": {"ok": True, "detail": "connected"},
                "ingest": {"ok": True, "detail": "stores messages"},
            },
        },
    )


async def test_metrics(get: Get) -> None:
    """The API's own metrics, then the worker's."""
    await get("/api/v1/devices?terminal=demo")
    status, body, response = await get("/metrics")
    assert (status, response.content_type) == (200, "text/plain")
    assert 'quaystream_api_requests_total{route="/api/v1/devices",status="200"} 1.0' in body
    assert body.endswith("quaystream_ingest_up 1\nquaystream_ingest_samples_total 42\n")


async def test_openapi_is_served(get: Get) -> None:
    """The description of every route."""
    status, body, _ = await get("/openapi.json")
    assert (status, body["openapi"]) == (200, "3.1.0")


async def test_index(get: Get) -> None:
    """The page, or how to build it; never kept without asking."""
    status, body, response = await get("/")
    assert (status, "quaystream" in body, response.headers["Cache-Control"]) == (200, True, "no-cache")


async def test_a_bug_is_answered_with_an_id(
    get: Get, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected exception is a 500 without internals; the log has everything, once, under the id answered."""

    async def broken(*_arguments: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(terminals, "terminals", broken)
    status, body, _ = await get("/api/v1/terminals")
    assert (status, body["error"]["code"], "secret" in body["error"]["message"]) == (500, "internal", False)
    request_id = body["error"]["message"].split()[-1]
    logged = [record for record in caplog.records if request_id in record.getMessage()]
    assert [record.exc_info is not None for record in logged] == [True]


async def test_a_connection_without_a_request_is_closed(
    database_url: str, mqtt_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a request does not hold a connection for ever; one that has spoken may stay."""
    monkeypatch.setattr(connections, "FIRST_REQUEST_S", 0.2)
    async with api_rows.serving(database_url, mqtt_url) as base:
        port = int(base.rpartition(":")[2])
        silent, silent_writer = await asyncio.open_connection("127.0.0.1", port)
        silent_writer.write(b"GET /healthz HTTP/1.1\r\nHost: local")
        spoken, spoken_writer = await asyncio.open_connection("127.0.0.1", port)
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        spoken_writer.write(request)
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionResetError):
                assert await silent.read() == b""
            assert (await spoken.readline()).startswith(b"HTTP/1.1 200")
            spoken_writer.write(request)
            assert (await spoken.readuntil(b'{"status":"ok"}')).count(b"200") == 0
            assert b"HTTP/1.1 200" in await spoken.readuntil(b'{"status":"ok"}')
        silent_writer.close()
        spoken_writer.close()


async def test_built_dashboard(
    database_url: str, mqtt_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is asked for each time, assets are kept for ever, nothing outside the folder is served."""
    (tmp_path / "secret.txt").write_text("secret")
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<title>built</title>")
    (dist / "assets" / "index-1a2b.js").write_text("1")
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "leak.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(pages, "DIST", dist)
    async with api_rows.serving(database_url, mqtt_url) as base, aiohttp.ClientSession() as session:
        for path, status, caching in (
            ("/", 200, "no-cache"),
            ("/favicon.svg", 200, "no-cache"),
            ("/assets/index-1a2b.js", 200, "public, max-age=31536000, immutable"),
            ("/assets/..%2f..%2fsecret.txt", 404, "no-store"),
            ("/leak.txt", 404, "no-store"),
            ("/assets", 404, "no-store"),
        ):
            async with session.get(URL(base + path, encoded=True)) as response:
                assert (path, response.status, response.headers["Cache-Control"]) == (path, status, caching)
                assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def raw(base: str, request: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer to bytes that may be no HTTP; the connection must end by itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(base).port)
    writer.write(request)
    async with asyncio.timeout(60):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip", "gzip"), ("br, GZIP;q=0.5", "gzip"), ("gzip;q=0, *", None), ("", None)]
)
async def test_large_answers_are_compressed(
    database_url: str, mqtt_url: str, accepted: str, coding: str | None
) -> None:
    """JSON of more than a kilobyte, and metrics; caches learn that it depends on what the client takes."""
    session = aiohttp.ClientSession(skip_auto_headers=["Accept-Encoding"], auto_decompress=False)
    async with api_rows.serving(database_url, mqtt_url) as base, session:
        for path, kind in (("/openapi.json", "application/json"), ("/metrics", "text/plain")):
            async with session.get(base + path, headers={"Accept-Encoding": accepted}) as response:
                body, headers = await response.read(), response.headers
            assert (response.status, response.content_type, headers["Vary"]) == (200, kind, "Accept-Encoding")
            assert (headers.get("Content-Encoding"), int(headers["Content-Length"])) == (coding, len(body))
            whole = gzip.decompress(body) if coding else body
            assert len(whole) > 3 * len(body) or coding is None
            assert whole.startswith((b"{", b"# HELP"))
            assert "Server" not in headers
        async with session.get(f"{base}/healthz", headers={"Accept-Encoding": accepted}) as response:
            assert (await response.read(), response.headers.get("Content-Encoding")) == (b'{"status":"ok"}', None)


@pytest.mark.parametrize(
    ("request_bytes", "why"),
    [
        (b"\x16\x03\x01 TLS\r\n\r\n", "Received HTTPS traffic on an HTTP port"),
        (b"GET /healthz HTTP/9.9\r\n\r\n", "Bad status line"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 9000 + b"\r\n\r\n", "Got more than 8190 bytes"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", "Got more than 8190 bytes"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", "Invalid header token"),
    ],
    ids=["TLS", "version", "header", "line", "colon"],
)
async def test_what_is_no_http_is_answered_as_other_errors(
    database_url: str, mqtt_url: str, caplog: pytest.LogCaptureFixture, request_bytes: bytes, why: str
) -> None:
    """With JSON that shows what to change, no name of a version, and one line in the log without a traceback."""
    async with api_rows.serving(database_url, mqtt_url) as base:
        head, body = await raw(base, request_bytes)
    assert head.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"application/json" in head
    assert b"aiohttp" not in head
    error = json.loads(body)["error"]
    assert error["code"] == "malformed_request"
    assert error["message"].startswith(f"this is no HTTP request: {why}")
    lines = [record for record in caplog.records if "malformed" in record.message]
    assert [(record.levelname, record.exc_info) for record in lines] == [("WARNING", None)]
    assert lines[0].message.startswith(f"malformed request from 127.0.0.1: {why}")
    assert "xxx" not in lines[0].message
