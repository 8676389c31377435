"""Payloads that the worker publishes are the same to the byte, whoever encodes them."""

from typing import Any

import msgspec
import pytest

from ingest.worker.publication import kpi_payload
from processing.kpi.definition import KpiValue
from processing.model.payloads import AckPayload, KpiPayload, StatusPayload


def test_a_receipt() -> None:
    payload = AckPayload(None, 17, 4_711)
    encoded = b'{"boot":null,"from":17,"seq":4711}'
    assert msgspec.json.encode(payload) == encoded
    assert msgspec.json.decode(encoded, type=AckPayload) == payload


@pytest.mark.parametrize(
    ("payload", "encoded"),
    [
        (KpiPayload("t", None, "h", "now"), b'{"ts":"t","value":null,"unit":"h","window":"now"}'),
        (KpiPayload("t", 1.5, "", "PT1H", "late"), b'{"ts":"t","value":1.5,"unit":"","window":"PT1H","state":"late"}'),
    ],
)
def test_a_live_value(payload: KpiPayload, encoded: bytes) -> None:
    assert payload.encoded() == encoded
    assert msgspec.json.decode(encoded, type=KpiPayload) == payload


@pytest.mark.parametrize(("time_us", "text"), [(0, "00:00:00Z"), (250_000, "00:00:00.250000Z")])
def test_the_time_of_a_live_value(time_us: int, text: str) -> None:
    """Microseconds where there are any."""
    fields: dict[str, Any] = dict.fromkeys(("terminal", "kpi", "subject", "window", "unit"), "x")
    value = KpiValue(**fields, time_us=time_us, value=1.0)
    assert msgspec.json.decode(kpi_payload(value), type=KpiPayload).ts == f"1970-01-01T{text}"


def test_a_status() -> None:
    assert msgspec.json.decode(b'{"online": true, "ts": 5}', type=StatusPayload) == StatusPayload(True, 5)
