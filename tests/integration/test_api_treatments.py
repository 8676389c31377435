"""Schedules of cold treatments over the API."""

from typing import Any


async def test_schedules(ask_api: Any) -> None:
    """Both versions of one whose protocol changed, and one that is not verified."""
    status, body = await ask_api("/api/v1/treatments/schedules")
    assert status == 200
    by_id: dict[str, list[dict[str, Any]]] = {}
    for one in body["schedules"]:
        by_id.setdefault(one["id"], []).append(one)
    assert list(by_id) == ["au", "cn", "cn-peru-grapes", "kr", "us-medfly", "us-south-america"]
    assert [one["verified"] for one in by_id["cn-peru-grapes"]] == [False]
    before, after = by_id["us-medfly"]
    assert (before["valid_from"], before["valid_until"]) == (None, "2002-10-15T00:00:00.000Z")
    assert (after["valid_from"], after["valid_until"]) == ("2002-10-15T00:00:00.000Z", None)
    assert after["levels"] == [
        {"limit_degc": 1.11, "days": 14},
        {"limit_degc": 1.67, "days": 16},
        {"limit_degc": 2.22, "days": 18},
    ]
    assert (after["gap_min"], after["start_degc"]) == (60, 1.39)
