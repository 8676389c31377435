"""Vessel calls as they were told: the payload of a call message, as far as it can be read."""

import json
from datetime import datetime
from typing import Any

from infra.clock import to_us
from processing.calls import Assignment, VesselCall


def call_of(terminal: str, call_id: str, payload: str) -> VesselCall:
    """A call; what cannot be read is left out, as if it had not been told."""
    told = json.loads(payload)
    planned = told.get("planned") if isinstance(told.get("planned"), dict) else {}
    return VesselCall(
        terminal,
        call_id,
        _text(told.get("vessel")),
        _text(told.get("berth")),
        _time(told.get("first_line_at")),
        _time(told.get("all_fast_at")),
        _time(told.get("last_line_at")),
        _time(told.get("planned_completion_at")),
        _count(planned.get("discharge")),
        _count(planned.get("load")),
        _count(planned.get("shift")),
        _assignments(told.get("assignments")),
    )


def _assignments(told: Any) -> tuple[Assignment, ...]:
    items = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    named = [(_text(one.get("crane")), _time(one.get("from")), _time(one.get("until"))) for one in items]
    found = [Assignment(crane, begin, end) for crane, begin, end in named if crane is not None and begin is not None]
    return tuple(sorted(found, key=lambda one: (one.from_us, one.crane)))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 1000
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return None if at.tzinfo is None else to_us(at)
