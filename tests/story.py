"""What is sent beside a simulated terminal, so that facts of every type come of it: two boxes on their ways."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from infra.clock import from_us, now_us
from infra.database import connect
from infra.mqtt.connection import Mqtt
from infra.tos import messages
from processing.tos.reading import Reading
from tests.unit.crane_signals import BETWEEN, LANDED_EMPTY, LOCKED, discharge, every

MINUTE_MS = 60_000
BOX, OTHER = "CSQU3054383", "MSKU9070323"
PLUG = "r9-01"
BOOLEANS = {"twistlock_locked", "twistlock_unlocked", "landed", "twin"}
Sample = tuple[str, int, bytes]
"""Device topic, time [ms since 1970 UTC], payload."""
Document = tuple[str, bytes]
"""Topic below the terminal, payload."""


def samples(start_ms: int) -> list[Sample]:
    """Of some 90 minutes: a box comes by ship, is plugged in, gets warm, leaves by truck; another one comes twice."""

    def at(minute: float) -> int:
        return start_ms + round(minute * MINUTE_MS)

    partly = [(0, 5, LANDED_EMPTY), (5, 12, BETWEEN), (12, 20, LOCKED)]  # seven seconds between
    made = [
        ("crane/sts8", _lift(at(3), BOX)),
        ("crane/sts8", _lift(at(30), OTHER)),
        ("crane/sts7", _rows(at(10), every(0.1, partly))),
        ("gate/in9", _passage(at(2), "in", OTHER)),
        ("gate/out9", _passage(at(86), "out", BOX)),
        (f"reefer/{PLUG}", [_reading(at(minute), minute) for minute in range(10, 85) if not 74 <= minute < 80]),
    ]
    return [
        (device, int(one["ts"]), json.dumps(one | {"seq": seq}).encode())
        for device, rows in _by_device(made)
        for seq, one in enumerate(sorted(rows, key=lambda row: int(row["ts"])), 1)
    ]


def documents(start_ms: int) -> list[Document]:
    """A vessel call with its crane, the announcement of a box, its cold treatment."""

    def time(minute: float) -> str:
        return from_us((start_ms + round(minute * MINUTE_MS)) * 1000).isoformat()

    call = {
        "vessel": "ANDEAN STAR",
        "berth": "b9",
        "assignments": [{"crane": "sts8", "from": time(0), "until": time(60)}],
    }
    announcement = {"category": "import", "empty_indicator": "LADEN", "expected_at": time(0)}
    treatment = {"schedule": "cn", "began_at": time(10), "corrections_degc": {"usda1": 0.1}}
    return [
        ("vessel/b9-001/call", json.dumps(call).encode()),
        (f"container/{BOX}/announcement", json.dumps(announcement).encode()),
        (f"container/{BOX}/treatment", json.dumps(treatment).encode()),
    ]


def codeco(start_ms: int) -> list[bytes]:
    """What the terminal operating system states: a box that leaves, and once more with another size in its place."""
    when, *prepared = (
        datetime.fromtimestamp((start_ms + minute * MINUTE_MS) / 1000, UTC).strftime("%Y%m%d%H%M")
        for minute in (86, 87, 88)
    )
    return [
        "\n".join(
            (
                f"UNB+UNOA:2+TOS+HAULIER+{sent[2:8]}:{sent[8:]}+{number}'",
                "UNH+1+CODECO:D:95B:UN:ITG14'",
                f"BGM+36+EIR100+{function}'",
                f"EQD+CN+{BOX}+{size}:102:5++2+5'",
                f"DTM+7:{when}:203'",
                "UNT+5+1'",
                f"UNZ+1+{number}'",
            )
        ).encode()
        for number, function, size, sent in ((1, 9, "22G1", prepared[0]), (2, 5, "45R1", prepared[1]))
    ]


async def announce(url: str, terminal: str, start_ms: int, *, withdrawn: bool = False) -> None:
    """Make the documents known, or withdraw them.

    Raises:
        MqttError: the broker is away.
    """
    async with Mqtt(url, f"people-{terminal}") as people:
        for topic, payload in documents(start_ms):
            people.publish(f"port/{terminal}/{topic}", b"" if withdrawn else payload, retain=True)
        await people.drain(1)


async def import_messages(url: str, terminal: str, start_ms: int) -> None:
    """Import what the terminal operating system states.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database is away; what was imported changes nothing again.
    """
    connection = await connect(url, "test")
    try:
        for number, raw in enumerate(codeco(start_ms)):
            for part in messages.batches(messages.read(raw, Reading(terminal, UTC, now_us()))):
                await messages.store(connection, part, f"{number}.edi", "anna")
    finally:
        await connection.close()


def _by_device(made: Iterable[tuple[str, list[dict[str, Any]]]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for device, rows in made:
        found.setdefault(device, []).extend(rows)
    return found.items()


def _rows(start_ms: int, rows: Iterable[tuple[float, dict[str, float]]]) -> list[dict[str, Any]]:
    """Signals of a crane as it sends them."""
    return [
        {"ts": start_ms + round(second * 1000)}
        | {name: bool(value) if name in BOOLEANS else value for name, value in signals.items()}
        for second, signals in rows
    ]


def _lift(start_ms: int, box: str) -> list[dict[str, Any]]:
    """A discharge that lands 40 s later, of a box that the crane's OCR reads on the way."""
    rows = _rows(start_ms, every(0.1, discharge()))
    return [one | ({"container_ids": [box]} if n == 200 else {}) for n, one in enumerate(rows)]


def _passage(start_ms: int, direction: str, box: str) -> list[dict[str, Any]]:
    """A truck in a lane for 40 s."""
    known = {"direction": direction, "plate": "T1"}
    steps = ((0, "lane_enter"), (10, "ocr"), (30, "barrier_open"), (40, "lane_exit"))
    return [
        {"ts": start_ms + second * 1000, "event": name} | known | ({"container_ids": [box]} if name == "ocr" else {})
        for second, name in steps
    ]


def _reading(time_ms: int, minute: int) -> dict[str, Any]:
    """A reefer that names its box, is too warm for 45 minutes, without power for ten, plugged out at last."""
    supply = 8.0 if 15 <= minute < 60 else 5.0
    return {
        "ts": time_ms,
        "container_id": BOX,
        "plugged": minute < 84,
        "powered": not 60 <= minute < 70,
        "setpoint_degc": 5.0,
        "supply_degc": supply,
        "return_degc": supply + 0.5,
        "usda1_degc": 0.5,
        "usda2_degc": 0.7,
        "usda3_degc": 2.9 if minute == 40 else 0.9,
        "power_kw": 4.0,
    }
