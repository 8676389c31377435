"""The id of an alarm in routes and payloads: its natural key as one word."""

import re

PATTERN = r"^[a-z0-9_-]{1,64}\.[a-z0-9_]{1,64}\.[A-Za-z0-9_-]{1,64}\.[0-9]{1,16}$"
_FORM = re.compile(PATTERN)


def alarm_id(terminal: str, alarm: str, subject: str, raised_us: int) -> str:
    """Terminal, condition, subject and time at which it was raised [µs since 1970 UTC], joined by dots."""
    return f"{terminal}.{alarm}.{subject}.{raised_us}"


def key_of(name: str) -> tuple[str, str, str, int]:
    """Terminal, alarm, subject, when raised. [µs since 1970 UTC].

    Raises:
        ValueError: it is no such id.
    """
    if not _FORM.fullmatch(name):
        raise ValueError(f"{name[:200]!r} is no id of an alarm; /api/v1/alarms lists them")
    terminal, alarm, subject, raised = name.split(".")
    return terminal, alarm, subject, int(raised)
