"""From when to when something in the site file holds: `from` and `until`, times with offset."""

from datetime import datetime
from typing import Any

from infra.clock import to_us
from infra.site_file.problems import Problems
from infra.site_file.toml_lines import Place
from processing.model.times import ALWAYS_US

EXAMPLE = "2026-11-23T06:15:00-05:00"


def validity(problems: Problems, place: Place, table: dict[str, Any]) -> tuple[int, int | None]:
    """The times of a table's keys `from` and `until`; without them since ever, and without an end.

    Args:
        problems: takes what is wrong.
        place: of the table.
        table: the table.

    Returns: in µs since 1970 UTC.
    """
    from_us = _time(problems, (*place, "from"), table["from"]) if "from" in table else ALWAYS_US
    until_us = _time(problems, (*place, "until"), table["until"]) if "until" in table else None
    if from_us is not None and until_us is not None and until_us <= from_us:
        problems.add((*place, "until"), f"{table['until']} is not after from, {table.get('from', 'the beginning')}")
    return from_us or ALWAYS_US, until_us


def _time(problems: Problems, place: Place, value: object) -> int | None:
    """A time with offset, as TOML's own or as text. [µs since 1970 UTC]."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(time, datetime) and time.tzinfo is None:
            problems.add(place, f"{value} has no offset from UTC; write it as {EXAMPLE}")
            return None
        found = to_us(time) if isinstance(time, datetime) else ALWAYS_US - 1
    except (ValueError, OverflowError):
        found = ALWAYS_US - 1
    if found < ALWAYS_US:
        problems.add(place, f"{value!r} is no time since 1970; write it as {EXAMPLE}")
        return None
    return found
