"""Vessel calls as they are announced: read field by field, and refused as a whole where they contradict themselves."""

from itertools import pairwise

from processing.calls.call import Assignment, VesselCall
from processing.model.errors import DocumentError
from processing.model.reading import FieldReader, identifier, meaningless, shown, text, time

TIMES = ("first_line_at", "all_fast_at", "last_line_at", "planned_completion_at")
PLANNED = ("discharge", "load", "shift")
KEYS = ("vessel", "berth", *TIMES, "planned", "assignments")
ASSIGNMENT_KEYS = ("crane", "from", "until")
MOST_ASSIGNMENTS = 64
MOST_BOXES = 100_000


def read(terminal: str, call_id: str, payload: object) -> VesselCall:
    """The call that a payload announces; what it does not name, or names as null, is not known.

    Args:
        terminal: from the topic.
        call_id: the same.
        payload: decoded JSON.

    Raises:
        DocumentError: lists all problems, each with its field.
    """
    reader = _Reader()
    call = reader.call(terminal, call_id, payload)
    if reader.problems:
        raise DocumentError(reader.problems)
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
    return [meaningless(field) for field in unknown]


class _Reader(FieldReader):
    """Reads one call."""

    def call(self, terminal: str, call_id: str, payload: object) -> VesselCall:
        fields = self.object("the payload", payload, required=True)
        first_us, fast_us, last_us, completion_us = (self.get(fields, "", name, time) for name in TIMES)
        for (before, before_us), (after, after_us) in _pairs(
            ("first_line_at", first_us), ("all_fast_at", fast_us), ("last_line_at", last_us)
        ):
            if after_us < before_us:
                self.problems.append(f"{after}: {fields[after]} is before {before}, {fields[before]}")
        planned = self.object("planned", fields.get("planned"))
        discharge, load, shift = (self.get(planned, "planned.", name, _boxes) for name in PLANNED)
        return VesselCall(
            terminal,
            call_id,
            self.get(fields, "", "vessel", text),
            self.get(fields, "", "berth", identifier),
            first_us,
            fast_us,
            last_us,
            completion_us,
            discharge,
            load,
            shift,
            self._assignments(fields.get("assignments")),
        )

    def _assignments(self, listed: object) -> tuple[Assignment, ...]:
        if listed is None:
            return ()
        if not isinstance(listed, list):
            self.problems.append(f"assignments: {shown(listed)} must be an array of objects")
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
            self.problems.append(f"assignments[{number}]: {shown(value)} must be a JSON object")
            return None
        for name in ("crane", "from"):
            if value.get(name) is None:
                self.problems.append(f"{prefix}{name}: is missing")
        crane = self.get(value, prefix, "crane", identifier)
        from_us, until_us = (self.get(value, prefix, name, time) for name in ("from", "until"))
        if from_us is not None and until_us is not None and until_us <= from_us:
            what = "is" if until_us == from_us else "is before"
            self.problems.append(f"{prefix}until: {value['until']} {what} from, {value['from']}; it must be later")
        elif crane is not None and from_us is not None:
            return Assignment(crane, from_us, until_us)
        return None


def _pairs(*times: tuple[str, int | None]) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """Neighbours among the times that are known."""
    return list(pairwise([(name, at_us) for name, at_us in times if at_us is not None]))


def _boxes(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_BOXES:
        raise ValueError(f"{shown(value)} must be a whole number from 0 to {MOST_BOXES}")
    return value
