"""Status messages and vessel calls: none can stop the worker, and what passes can be stored."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.calls.call import VesselCall
from tests.length import length
from tests.unit.test_refusals import NOW_MS, reasons, understood

STATUS = "port/pechy/crane/sts1/status"
CALL = "port/pechy/vessel/c1/call"
TOO_DEEP = '{"online": true, "x": ' + "[" * 100_000


@pytest.mark.parametrize(
    ("ts", "at"),
    [
        (NOW_MS, datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("2026-11-18T06:06:40-05:00", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("2026-11-18T11:06:40", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59.999999Z", None),
        (-62_135_596_800_000, None),
        (10**20, None),
        (None, None),
    ],
)
def test_the_time_of_a_status(ts: Any, at: datetime | None) -> None:
    """A time without offset, one that no calendar has, or one that the database would keep as infinite, is none."""
    done, _ = understood({"online": False, "ts": ts, "type": "STS"}, STATUS)
    (status,) = done.statuses
    assert (status.online, status.at, status.type) == (False, at, "STS")
    assert status.address.device == "sts1"


@pytest.mark.parametrize(
    "payload", ["{}", "[]", '{"online": 1}', '{"online": true, "type": "a\\u0000b"}', b'{"online": "\xff"}', TOO_DEEP]
)
def test_a_bad_status_is_refused(payload: str | bytes) -> None:
    done, _ = understood(payload, STATUS)
    assert [reject.reason for reject in done.rejects] == ["bad_status"]
    assert done.statuses == []


@pytest.mark.parametrize(
    "payload",
    ["5", "{", '{"v": NaN}', '{"v": 1e999}', '{"v": "\\u0000"}', '{"\\ud800": 1}', '{"v":' + "[" * 100_000, b'{"\xff"'],
)
def test_a_bad_call_is_refused(payload: str | bytes) -> None:
    done, _ = understood(payload, CALL)
    assert [reject.reason for reject in done.rejects] == ["bad_call"]
    assert done.documents == []


def test_a_call_is_kept_as_sent() -> None:
    sent = {"vessel": "Chancay Exprés", "path": "C:\\u0000", "lines": {"first": 1}, "ship": "\U0001f6a2"}
    (call,) = understood(sent, CALL)[0].documents
    assert call.payload is not None
    assert isinstance(call.content, VesselCall)
    assert json.loads(call.payload) == sent
    assert (call.content.terminal, call.content.call_id, call.content.vessel) == ("pechy", "c1", "Chancay Exprés")
    assert call.address.device == "c1"


def test_an_empty_message_deletes_what_was_retained() -> None:
    """Of a status nothing is to be stored; a call is withdrawn."""
    done, _ = understood(b"", STATUS)
    assert (done.rejects, done.statuses, done.documents) == ([], [], [])
    done, _ = understood(b"", CALL)
    (call,) = done.documents
    assert (call.address.device, call.content, call.payload, done.rejects) == ("c1", None, None, [])


def test_a_call_that_contradicts_itself_is_refused_with_every_field() -> None:
    sent = {"first_line_at": "2026-11-23T06:00:00Z", "last_line_at": "2026-11-23T05:00:00Z", "planned": {"load": -1}}
    done, _ = understood(sent, CALL)
    ((reason, detail),) = [(reject.reason, reject.detail) for reject in done.rejects]
    assert reason == "bad_call"
    assert detail == (
        "last_line_at: 2026-11-23T05:00:00Z is before first_line_at, 2026-11-23T06:00:00Z; "
        "planned.load: -1 must be a whole number from 0 to 100000"
    )
    assert done.documents == []


JSON = st.fixed_dictionaries(
    {"online": st.booleans()},
    optional={"ts": st.integers() | st.datetimes().map(lambda t: t.isoformat() + "+14:00"), "type": st.text()},
)


@settings(max_examples=length(75, 1_000))
@given(st.sampled_from([STATUS, CALL]), st.binary(min_size=1, max_size=60) | JSON.map(json.dumps))
def test_whatever_comes_it_is_kept_or_refused_once(topic: str, payload: bytes | str) -> None:
    done, _ = understood(payload, topic)
    assert len(done.statuses) + len(done.documents) + len(done.rejects) == 1
    for status in done.statuses:
        assert status.at is None or status.at.utcoffset() == UTC.utcoffset(None)
        assert "\0" not in (status.type or "")
    assert all(call.payload is not None and call.payload.encode() for call in done.documents)
    assert set(reasons(payload, topic)) <= {"bad_status", "bad_call"}
