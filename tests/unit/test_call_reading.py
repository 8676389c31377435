"""Vessel calls: what contradicts itself is refused with every field named; what is odd beside others is flagged."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.calls.call import Assignment, VesselCall
from processing.calls.flags import REFUSED, flags, problems
from processing.calls.reading import read, remarks
from processing.model.errors import DocumentError

SIX_US = 1_795_413_600_000_000
"""2026-11-23T06:00:00Z."""
HOUR_US = 3_600_000_000
WHOLE: dict[str, Any] = {
    "vessel": "ANDEAN STAR",
    "berth": "b1",
    "first_line_at": "2026-11-23T06:00:00Z",
    "all_fast_at": "2026-11-23T01:15:00.000-05:00",
    "last_line_at": 1_795_456_800_000,
    "planned_completion_at": "2026-11-23T17:00:00Z",
    "planned": {"discharge": 400, "load": 380, "shift": 12},
    "assignments": [
        {"crane": "sts2", "from": "2026-11-23T07:00:00Z", "until": None},
        {"crane": "sts1", "from": "2026-11-23T07:00:00Z", "until": "2026-11-23T12:00:00Z"},
        {"crane": "sts1", "from": "2026-11-23T12:00:00Z", "until": "2026-11-23T17:00:00Z"},
    ],
}


def refused(payload: object) -> tuple[str, ...]:
    """What is wrong with a call."""
    with pytest.raises(DocumentError) as error:
        read("pechy", "c1", payload)
    return error.value.problems


def announced(call_id: str = "c1", **more: Any) -> VesselCall:
    return read("pechy", call_id, WHOLE | more)


def test_a_call_is_read() -> None:
    assert read("pechy", "c1", WHOLE) == VesselCall(
        "pechy",
        "c1",
        "ANDEAN STAR",
        "b1",
        SIX_US,
        SIX_US + HOUR_US // 4,
        SIX_US + 12 * HOUR_US,
        SIX_US + 11 * HOUR_US,
        400,
        380,
        12,
        (
            Assignment("sts1", SIX_US + HOUR_US, SIX_US + 6 * HOUR_US),
            Assignment("sts2", SIX_US + HOUR_US, None),
            Assignment("sts1", SIX_US + 6 * HOUR_US, SIX_US + 11 * HOUR_US),
        ),
    )


@pytest.mark.parametrize("payload", [{}, dict.fromkeys(WHOLE), {"vessel": None, "assignments": []}])
def test_everything_may_be_left_out(payload: dict[str, Any]) -> None:
    nothing: Any = ["pechy", "c1", *[None] * 9, ()]
    assert read("pechy", "c1", payload) == VesselCall(*nothing)


def test_every_problem_is_reported_with_its_field() -> None:
    payload = {
        "vessel": "",
        "berth": "Berth 1",
        "first_line_at": "2026-11-23T06:00:00",
        "all_fast_at": 1_795_413_600,
        "last_line_at": True,
        "planned_completion_at": "2026-02-30T06:00:00Z",
        "planned": {"discharge": -1, "load": 1.5, "shift": "12"},
        "assignments": [
            {"crane": "STS1", "from": "2026-11-23T07:00:00Z"},
            {"crane": "sts1", "from": "2026-11-23T07:00:00Z", "until": "2026-11-23T06:00:00Z"},
            {"until": 5},
            "sts2",
            None,
        ],
    }
    example = "2026-11-23T06:15:00-05:00, or whole milliseconds since 1970 UTC"
    assert refused(payload) == (
        f"first_line_at: 2026-11-23T06:00:00 has no offset from UTC; write {example}",
        f"all_fast_at: 1795413600 is not in the years 2000 to 2099; write {example}",
        f"last_line_at: True must be {example}",
        f"planned_completion_at: '2026-02-30T06:00:00Z' is no time that a calendar has; write {example}",
        "planned.discharge: -1 must be a whole number from 0 to 100000",
        "planned.load: 1.5 must be a whole number from 0 to 100000",
        "planned.shift: '12' must be a whole number from 0 to 100000",
        "vessel: '' must be text of 1 to 256 characters",
        "berth: 'Berth 1' must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case",
        "assignments[0].crane: 'STS1' must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case",
        "assignments[1].until: 2026-11-23T06:00:00Z is before from, 2026-11-23T07:00:00Z; it must be later",
        "assignments[2].crane: is missing",
        "assignments[2].from: is missing",
        f"assignments[2].until: 5 is not in the years 2000 to 2099; write {example}",
        "assignments[3]: 'sts2' must be a JSON object",
        "assignments[4]: None must be a JSON object",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"last_line_at": "2026-11-23T05:00:00Z"}, "last_line_at: 2026-11-23T05:00:00Z is before all_fast_at, 2026-"),
        ({"all_fast_at": "2026-11-23T05:59:00Z"}, "all_fast_at: 2026-11-23T05:59:00Z is before first_line_at, 2026-"),
        ({"all_fast_at": None, "last_line_at": 1_795_413_599_999}, "last_line_at: 1795413599999 is before first_line"),
        ({"assignments": {}}, "assignments: {} must be an array of objects"),
        ({"planned": 5}, "planned: 5 must be a JSON object"),
        ({"vessel": "x" * 257}, "vessel: 'xxx"),
        ({"assignments": [{}] * 65}, "assignments: there are 65, and at most 64 are taken"),
        ({"assignments": [{"crane": "a", "from": 10**30}]}, "assignments[0].from: a very long number is not in"),
    ],
)
def test_contradictions(change: dict[str, Any], problem: str) -> None:
    (found,) = refused(WHOLE | change)
    assert found.startswith(problem)


def test_a_crane_works_a_call_once_at_a_time() -> None:
    seven, eight, nine = (f"2026-11-23T0{hour}:00:00Z" for hour in (7, 8, 9))
    twice = [{"crane": "a", "from": eight, "until": nine}, {"crane": "a", "from": seven, "until": nine}]
    (problem,) = refused({"assignments": twice})
    assert problem.startswith("assignments[0]: a is assigned by assignments[1] at the same time")
    assert refused({"assignments": [{"crane": "a", "from": seven}, {"crane": "a", "from": eight}]})
    apart = [{"crane": "a", "from": seven, "until": eight}, {"crane": "a", "from": eight}]
    assert len(read("pechy", "c1", {"assignments": apart}).assignments) == 2


@pytest.mark.parametrize("payload", [None, [], 5, "x"])
def test_what_is_no_object_is_refused(payload: object) -> None:
    assert refused(payload) == (f"the payload: {payload!r} must be a JSON object",)


def test_many_problems_are_cut() -> None:
    with pytest.raises(DocumentError) as error:
        read("pechy", "c1", {"assignments": [{"crane": "a"}] * 60})
    assert str(error.value).endswith("; and 40 more")


def test_unknown_keys_are_named_and_not_refused() -> None:
    payload = WHOLE | {
        "vesel": "X",
        "planned": {"boxes": 5},
        "assignments": [{"crane": "a", "from": 1_795_413_600_000, "to": 1}],
    }
    read("pechy", "c1", payload)
    assert [remark.partition(":")[0] for remark in remarks(payload)] == ["vesel", "planned.boxes", "assignments[0].to"]
    assert remarks(WHOLE) == remarks([]) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*WHOLE, "crane", "from", "until", "load"]), inner, max_size=6)
    ),
    max_leaves=10,
)


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(WHOLE, JSON)))
def test_whatever_is_announced_is_read_or_refused(payload: Any) -> None:
    with contextlib.suppress(DocumentError):
        call = read("pechy", "c1", payload)
        assert problems(call, {"a"}, [call]) == problems(call, {"a"}, [])
    remarks(payload)


def test_a_usual_call_has_no_flags() -> None:
    next_day: dict[str, Any] = {
        "first_line_at": 1_795_456_800_000,
        "all_fast_at": None,
        "last_line_at": None,
        "assignments": [],
    }
    assert (
        problems(announced(), {"sts1", "sts2"}, [announced(), announced("c2", **next_day, planned_completion_at=None)])
        == []
    )


def test_what_is_odd_is_flagged() -> None:
    call = announced(call_id="sts1", berth="pechy")
    other = announced("c2", berth="pechy", assignments=[{"crane": "sts1", "from": "2026-11-23T16:59:59Z"}])
    found = flags(call, {"sts1"}, [other])
    assert [(flag.kind, flag.text.partition(":")[0]) for flag in found] == [
        ("name", "call id sts1 is a crane's name too"),
        ("name", "berth pechy is the terminal's name too"),
        ("unknown_crane", "assignments[1].crane"),
        ("overlap", "assignments[2]"),
        ("berth", "berth"),
    ]
    assert found[2].text.endswith("sts2 is no crane that has sent anything; known are sts1")
    assert found[3].text.endswith("sts1 works call c2 at the same time")
    assert found[4].text.endswith("pechy is taken by call c2 from 2026-11-23T06:15:00Z on")
    assert {flag.kind for flag in found} > REFUSED


def test_a_plan_before_the_call_is_flagged() -> None:
    late: dict[str, Any] = {
        "planned_completion_at": "2026-11-23T06:00:00Z",
        "assignments": [{"crane": "a", "from": 1_795_456_800_000}],
    }
    assert [flag.kind for flag in flags(announced(**late), {"a"}, [])] == ["plan", "plan"]


def test_an_open_call_ends_with_its_last_line() -> None:
    """What is assigned without an end may be assigned again once the ship has left."""
    before = announced("c0", assignments=[{"crane": "sts1", "from": "2026-11-23T07:00:00Z"}])
    after: dict[str, Any] = {
        "first_line_at": 1_795_456_800_000,
        "all_fast_at": None,
        "last_line_at": None,
        "planned_completion_at": None,
    }
    call = announced(**after, assignments=[{"crane": "sts1", "from": 1_795_456_800_000}])
    assert problems(call, {"sts1"}, [before]) == []
    still = announced(
        "c0", last_line_at=None, berth="b2", assignments=[{"crane": "sts1", "from": "2026-11-23T07:00:00Z"}]
    )
    assert [flag.kind for flag in flags(call, {"sts1"}, [still])] == ["overlap"]
