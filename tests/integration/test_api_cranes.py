from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.cranes.crane import SQL
from api.cranes.trace import SIGNALS
from tests.integration import api_rows
from tests.integration.api_rows import NOON, text

Ask = Any
NOON_MS = 1_795_435_200_000
SECOND = timedelta(seconds=1)


async def _add_cycle(db: Any, began_at: datetime | None, locked_at: datetime) -> None:
    """A twin discharge of 80 s with everything known of it."""
    await db.execute(
        "INSERT INTO crane_move (device_id, began_at, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu,"
        " from_trolley_m, to_trolley_m, gantry_m, peak_load_t, size_ft, twin, container_ids, inferred, energy_kwh,"
        " waited_empty_s, waited_laden_s, confidence)"
        " VALUES (1, $1, $2, $3, $4, $5, 'discharge', 2, 2, 38.5, -12.25, 140.5, 41.5, 20, true,"
        " '{MSKU1234565,TGHU7654321}', true, 6.5, 3.5, 12.25, 0.75)",
        began_at,
        locked_at,
        locked_at + 10 * SECOND,
        locked_at + 70 * SECOND,
        locked_at + 80 * SECOND,
    )


async def _add_sample(db: Any, at: timedelta, seq: int = 0, **signals: object) -> None:
    names = ", ".join(signals)
    places = ", ".join(f"${number}" for number in range(3, len(signals) + 3))
    await db.execute(
        f"INSERT INTO crane_telemetry (time, device_id, seq, received_at, {names}) VALUES ($1, 1, $2, $1, {places})",  # noqa: S608
        NOON + at,
        seq,
        *signals.values(),
    )


async def _add_samples(db: Any) -> None:
    """A crane that reports what changed: a hoist in 1.2 s, locked meanwhile, a pause, and locked no more."""
    await _add_sample(db, timedelta(), hoist_height_m=1.0, landed=True, twistlock_locked=False)
    await _add_sample(db, timedelta(milliseconds=400), hoist_height_m=2.0, twistlock_locked=True)
    await _add_sample(db, timedelta(milliseconds=600), landed=False)
    await _add_sample(db, timedelta(milliseconds=1_200), 1, hoist_height_m=4.5, load_t=20.5)
    await _add_sample(db, timedelta(milliseconds=1_200), 2, load_t=21.0)
    await _add_sample(db, timedelta(seconds=9, microseconds=999_999), twistlock_locked=False)


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API, over a crane with three cycles and ten seconds of samples."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await _add_samples(db)
        await _add_cycle(db, None, NOON)
        await _add_cycle(db, NOON + 80 * SECOND, NOON + 120 * SECOND)
        await _add_cycle(db, NOON + 200 * SECOND, NOON + 240 * SECOND)
        await api_rows.add_move(db, 2, NOON)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asked:
        yield asked


async def test_a_move_in_full(ask: Ask) -> None:
    """Everything that is known of a move is answered."""
    status, body = await ask("/api/v1/moves?device=sts1&from=2026-11-23T12:03:20Z&to=2026-11-23T12:04:00Z")
    assert (status, body["moves"]) == (
        200,
        [
            {
                "terminal": "demo",
                "device": "sts1",
                "began_at": "2026-11-23T12:01:20.000Z",
                "locked_at": "2026-11-23T12:02:00.000Z",
                "lifted_at": "2026-11-23T12:02:10.000Z",
                "landed_at": "2026-11-23T12:03:10.000Z",
                "unlocked_at": "2026-11-23T12:03:20.000Z",
                "kind": "discharge",
                "boxes": 2,
                "teu": 2.0,
                "inferred": True,
                "confidence": 0.75,
                "from_trolley_m": 38.5,
                "to_trolley_m": -12.25,
                "gantry_m": 140.5,
                "peak_load_t": 41.5,
                "size_ft": 20,
                "twin": True,
                "container_ids": ["MSKU1234565", "TGHU7654321"],
                "energy_kwh": 6.5,
                "waited_empty_s": 3.5,
                "waited_laden_s": 12.25,
            }
        ],
    )


async def test_cycles(ask: Ask) -> None:
    """The newest first, each with its phases; without empty travel where its beginning is not known."""
    status, body = await ask("/api/v1/cranes/demo/sts1/cycles")
    assert status == 200
    assert [cycle["move"]["locked_at"] for cycle in body["cycles"]] == [
        text(NOON + 240 * SECOND),
        text(NOON + 120 * SECOND),
        text(NOON),
    ]
    assert body["cycles"][1]["phases"] == [
        {"phase": "empty_travel", "begin": "2026-11-23T12:01:20.000Z", "end": "2026-11-23T12:02:00.000Z"},
        {"phase": "pick", "begin": "2026-11-23T12:02:00.000Z", "end": "2026-11-23T12:02:10.000Z"},
        {"phase": "laden_travel", "begin": "2026-11-23T12:02:10.000Z", "end": "2026-11-23T12:03:10.000Z"},
        {"phase": "set_down", "begin": "2026-11-23T12:03:10.000Z", "end": "2026-11-23T12:03:20.000Z"},
    ]
    assert [phase["phase"] for phase in body["cycles"][2]["phases"]] == ["pick", "laden_travel", "set_down"]


async def test_cycles_before(ask: Ask) -> None:
    """Locking or unlocking of the oldest one shown leads to those before it, and not to itself."""
    _, body = await ask("/api/v1/cranes/demo/sts1/cycles?limit=1")
    oldest = body["cycles"][-1]["move"]
    assert oldest["locked_at"] == text(NOON + 240 * SECOND)
    for before in (oldest["unlocked_at"], oldest["locked_at"]):
        _, body = await ask(f"/api/v1/cranes/demo/sts1/cycles?limit=1&before={before}")
        assert [cycle["move"]["locked_at"] for cycle in body["cycles"]] == [text(NOON + 120 * SECOND)]


async def test_trace(ask: Ask) -> None:
    """The last value of each step, else the one before, null until known; a step without samples has no point."""
    status, body = await ask(f"/api/v1/cranes/demo/sts1/trace?from={NOON_MS}&to={NOON_MS + 10_000}&step_ms=500")
    assert status == 200
    assert (body["terminal"], body["device"], body["step_ms"]) == ("demo", "sts1", 500)
    assert body["time"] == [NOON_MS + 400, NOON_MS + 600, NOON_MS + 1_200, NOON_MS + 9_999]
    assert tuple(body["signals"]) == SIGNALS
    assert body["signals"]["hoist_height_m"] == [2.0, 2.0, 4.5, 4.5]
    assert body["signals"]["twistlock_locked"] == [1, 1, 1, 0]
    assert body["signals"]["landed"] == [1, 0, 0, 0]
    assert body["signals"]["load_t"][:2] == [None, None]
    assert body["signals"]["power_kw"] == [None, None, None, None]


async def test_trace_of_every_sample(ask: Ask) -> None:
    """A step of 0 is no step; the span holds its beginning and not its end."""
    _, body = await ask(f"/api/v1/cranes/demo/sts1/trace?from={NOON_MS}&to={NOON_MS + 1_201}&step_ms=0")
    assert body["time"] == [NOON_MS, NOON_MS + 400, NOON_MS + 600, NOON_MS + 1_200, NOON_MS + 1_200]
    assert body["signals"]["hoist_height_m"] == [1.0, 2.0, 2.0, 4.5, 4.5]
    assert body["signals"]["load_t"] == [None, None, None, 20.5, 21.0]
    assert body["signals"]["twistlock_locked"] == [0, 1, 1, 1, 1]
    _, body = await ask(f"/api/v1/cranes/demo/sts1/trace?from={NOON_MS + 1}&to={NOON_MS + 400}&step_ms=0")
    assert (body["time"], body["signals"]["load_t"]) == ([], [])


async def test_a_silent_crane_has_an_empty_trace(ask: Ask) -> None:
    """No samples in the span: no points, every signal named."""
    status, body = await ask("/api/v1/cranes/demo/sts2/trace")
    assert (status, body["time"], set(body["signals"]), body["signals"]["landed"]) == (200, [], set(SIGNALS), [])


REFUSED = (
    ("cranes/demo/sts9/trace", 404, "there is no crane sts9 at terminal demo; there are sts1, sts2"),
    ("cranes/demo/in1/cycles", 404, "there is no crane in1 at terminal demo; there are sts1, sts2"),
    ("cranes/nowhere/sts1/cycles", 404, "there is no crane sts1 at terminal nowhere; it has none"),
    ("cranes/demo/STS1/trace", 400, "parameter device:"),
    ("cranes/demo/sts1/trace?step_ms=-1", 400, "parameter step_ms: expected `int` >= 0 (step in ms"),
    ("cranes/demo/sts1/trace?from=noon", 400, "query parameter from: write a time as"),
    ("cranes/demo/sts1/trace?step_ms=100&from=0&to=3600000", 400, "use step_ms=180 or more"),
    ("cranes/demo/sts1/trace?from=0&to=604800001", 400, "must not be longer than 7 days"),
    ("cranes/demo/sts1/trace?color=red", 400, "'color' is not known here; known are from, to, step_ms"),
    ("cranes/demo/sts1/cycles?limit=0", 400, "parameter limit: expected `int` >= 1 (most cycles"),
    ("cranes/demo/sts1/cycles?before=lunch", 400, "parameter before: write a time as"),
)


async def test_refused(ask: Ask) -> None:
    """What is wrong is named, and what there is."""
    for path, status, message in REFUSED:
        got, body = await ask(f"/api/v1/{path}")
        assert (got, message in body["error"]["message"]) == (status, True), body


async def test_too_many_samples(ask: Ask, database_url: str) -> None:
    """Every sample of a long span is refused with the step that fits."""
    async with api_rows.rows(database_url) as db:
        await db.execute(
            "INSERT INTO crane_telemetry (time, device_id, seq, received_at, load_t)"
            " SELECT $1::timestamptz + n * interval '10 ms', 2, n, $1, 1 FROM generate_series(0, 20000) n",
            NOON,
        )
    whole = f"/api/v1/cranes/demo/sts2/trace?from={NOON_MS}&to={NOON_MS + 200_001}"
    status, body = await ask(f"{whole}&step_ms=0")
    assert (status, "use step_ms=11 or more" in body["error"]["message"]) == (400, True)
    status, body = await ask(f"{whole}&step_ms=11")
    assert (status, len(body["time"])) == (200, 18_182)
    status, body = await ask(f"/api/v1/cranes/demo/sts2/trace?from={NOON_MS}&to={NOON_MS + 200_000}&step_ms=0")
    assert (status, len(body["time"])) == (200, 20_000)


async def test_columns_are_the_signals(database_url: str) -> None:
    """The queries' columns stand in the order of the signals."""
    async with api_rows.rows(database_url) as db:
        for name in ("trace_steps", "trace_samples"):
            statement = await db.prepare(SQL[name])
            assert tuple(a.name for a in statement.get_attributes()) == ("time", *SIGNALS)
