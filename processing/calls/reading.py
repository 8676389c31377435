"""Vessel calls as they are announced: read field by field, and refused as a whole where they contradict themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeVar

from processing.calls.call import Assignment, VesselCall
from processing.model.errors import CallError
from processing.model.times import RFC_3339, to_us
from processing.model.topics import IDENTIFIER

EARLIEST_US, LATEST_US = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (2000, 2100))
EXAMPLE = "2026-11-23T06:15:00-05:00, or whole milliseconds since 1970 UTC"
TIMES = ("first_line_at", "all_fast_at", "last_line_at", "planned_completion_at")
PLANNED = ("discharge", "load", "shift")
KEYS = ("vessel", "berth", *TIMES, "planned", "assignments")
ASSIGNMENT_KEYS = ("crane", "from", "until")
MOST_ASSIGNMENTS = 64
MOST_TEXT = 256
MOST_BOXES = 100_000

T = TypeVar("T")


def read(terminal: str, call_id: str, payload: object) -> VesselCall:
    """The call that a payload announces; what it does not name, or names as null, is not known.

    Args:
        terminal: from the topic.
        call_id: the same.
        payload: decoded JSON.

    Raises:
        CallError: lists all problems, each with its field.
    """
    reader = _Reader()
    call = reader.call(terminal, call_id, payload)
    if reader.problems:
        raise CallError(reader.problems)
    return call


def remarks(payload: object) -> list[str]:
    """Keys of a payload that mean nothing here: they are kept, and a mistyped one should be seen."""
    if not isinstance(payload, dict):
        return []
    unknown = [key for key in payload if key not in KEYS]
    planned, assignments = payload.get("planned"), payload.get("assignments")
    if isinstance(planned, dict):
        unknown += [f"planned.{key}" for key in planned if key not in PLANNED]
    for number, one in enumerate(assignments if isinstance(assignments, list) else []):
        if isinstance(one, dict):
            unknown += [f"assignments[{number}].{key}" for key in one if key not in ASSIGNMENT_KEYS]
    return [f"{field[:120]}: this key means nothing here; it is kept" for field in unknown]


class _Reader:
    """Reads one payload; what is wrong is noted, and counts as not known."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def call(self, terminal: str, call_id: str, payload: object) -> VesselCall:
        fields = self._object("the payload", payload)
        first_us, fast_us, last_us, completion_us = (self._get(fields, "", name, _time) for name in TIMES)
        for (before, before_us), (after, after_us) in _pairs(
            ("first_line_at", first_us), ("all_fast_at", fast_us), ("last_line_at", last_us)
        ):
            if after_us < before_us:
                self.problems.append(f"{after}: {fields[after]} is before {before}, {fields[before]}")
        planned = self._object("planned", fields.get("planned"))
        discharge, load, shift = (self._get(planned, "planned.", name, _boxes) for name in PLANNED)
        return VesselCall(
            terminal,
            call_id,
            self._get(fields, "", "vessel", _text),
            self._get(fields, "", "berth", _identifier),
            first_us,
            fast_us,
            last_us,
            completion_us,
            discharge,
            load,
            shift,
            self._assignments(fields.get("assignments")),
        )

    def _get(self, fields: dict[str, Any], prefix: str, name: str, parse: Callable[[Any], T]) -> T | None:
        """A field's value; None where there is none, or a wrong one."""
        value = fields.get(name)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as error:
            self.problems.append(f"{prefix}{name}: {error}")
            return None

    def _object(self, field: str, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None or field == "the payload":
            self.problems.append(f"{field}: {_shown(value)} must be a JSON object")
        return {}

    def _assignments(self, listed: object) -> tuple[Assignment, ...]:
        if listed is None:
            return ()
        if not isinstance(listed, list):
            self.problems.append(f"assignments: {_shown(listed)} must be an array of objects")
            return ()
        if len(listed) > MOST_ASSIGNMENTS:
            self.problems.append(f"assignments: there are {len(listed)}, and at most {MOST_ASSIGNMENTS} are taken")
            return ()
        found = [(number, one) for number, part in enumerate(listed) if (one := self._assignment(number, part))]
        found.sort(key=lambda pair: (pair[1].crane, pair[1].from_us))
        for (first, one), (second, other) in pairwise(found):
            if one.crane == other.crane and (one.until_us is None or other.from_us < one.until_us):
                self.problems.append(
                    f"assignments[{second}]: {one.crane} is assigned by assignments[{first}] at the same time; "
                    "a crane works a call once at a time"
                )
        return tuple(sorted((one for _, one in found), key=lambda one: (one.from_us, one.crane)))

    def _assignment(self, number: int, value: object) -> Assignment | None:
        prefix = f"assignments[{number}]."
        if not isinstance(value, dict):
            self.problems.append(f"assignments[{number}]: {_shown(value)} must be a JSON object")
            return None
        for name in ("crane", "from"):
            if value.get(name) is None:
                self.problems.append(f"{prefix}{name}: is missing")
        crane = self._get(value, prefix, "crane", _identifier)
        from_us, until_us = (self._get(value, prefix, name, _time) for name in ("from", "until"))
        if from_us is not None and until_us is not None and until_us <= from_us:
            what = "is" if until_us == from_us else "is before"
            self.problems.append(f"{prefix}until: {value['until']} {what} from, {value['from']}; it must be later")
        elif crane is not None and from_us is not None:
            return Assignment(crane, from_us, until_us)
        return None


def _pairs(*times: tuple[str, int | None]) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """Neighbours among the times that are known."""
    return list(pairwise([(name, at_us) for name, at_us in times if at_us is not None]))


def _time(value: object) -> int:
    """A time. [µs since 1970 UTC]."""
    if isinstance(value, int) and not isinstance(value, bool):
        found = value * 1000
    elif isinstance(value, str) and RFC_3339.fullmatch(value):
        found = _from_text(value)
    else:
        raise ValueError(f"{_shown(value)} must be {EXAMPLE}")
    if not EARLIEST_US <= found < LATEST_US:
        raise ValueError(f"{_shown(value)} is not in the years 2000 to 2099; write {EXAMPLE}")
    return found


def _from_text(value: str) -> int:
    try:
        time = datetime.fromisoformat(value.upper())
        if time.tzinfo is not None:
            return to_us(time)
    except (ValueError, OverflowError):
        raise ValueError(f"{_shown(value)} is no time that a calendar has; write {EXAMPLE}") from None
    raise ValueError(f"{value} has no offset from UTC; write {EXAMPLE}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_TEXT or "\0" in value:
        raise ValueError(f"{_shown(value)} must be text of 1 to {MOST_TEXT} characters")
    return value


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError(f"{_shown(value)} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case")
    return value


def _boxes(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_BOXES:
        raise ValueError(f"{_shown(value)} must be a whole number from 0 to {MOST_BOXES}")
    return value


def _shown(value: object) -> str:
    """A wrong value in a message, not the whole of a long one."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a very long number"
    return text if len(text) <= 80 else text[:80] + "…"
