"""What receivers get to know of alarms: one JSON object an event."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from infra.clock import from_us, from_us_or_none, to_us, to_us_or_none
from infra.connection import Record
from infra.sql import blocks
from processing.alarms.facts import Alarm
from processing.alarms.name import alarm_id
from processing.model.times import HOUR_US

SQL = blocks(__file__, "events.sql")
What = Literal["raised", "changed", "cleared", "retracted", "acknowledged", "shelved", "unshelved", "commented"]
Row = tuple[str, str, str, str, str]
"""Terminal, alarm, subject, severity, payload."""
NEWS_US = HOUR_US
"""Of alarms that were cleared longer ago nobody needs to know: they come of recomputing. [µs]"""
ACTS: dict[str, What] = {
    "acknowledge": "acknowledged",
    "shelve": "shelved",
    "unshelve": "unshelved",
    "comment": "commented",
}


def of_changes(removed: Iterable[Alarm], changed: Iterable[Alarm], stored: dict[Any, Alarm], now_us: int) -> list[Row]:
    """Events of alarms that are none any more, are new, or differ from those stored."""
    found = [row(alarm, "retracted") for alarm in removed if _news(alarm, now_us)]
    for alarm in changed:
        before = stored.get(alarm.key)
        if not _news(alarm, now_us) and (before is None or not _news(before, now_us)):
            continue  # but who knows an active one gets to know that it ended, however long ago
        if before is None:
            found.append(row(alarm, "raised"))
        if alarm.cleared_us is not None and (before is None or before.cleared_us is None):
            found.append(row(alarm, "cleared"))
        elif before is not None:
            found.append(row(alarm, "changed"))
    return found


def _news(alarm: Alarm, now_us: int) -> bool:
    return alarm.cleared_us is None or now_us - alarm.cleared_us < NEWS_US


def row(alarm: Alarm, what: What, **more: object) -> Row:
    """One event of an alarm."""
    payload = {
        "event": what,
        "id": alarm_id(alarm.terminal, alarm.alarm, alarm.subject, alarm.raised_us),
        "terminal": alarm.terminal,
        "alarm": alarm.alarm,
        "subject": alarm.subject,
        "severity": alarm.severity,
        "began_at": from_us(alarm.began_us),
        "raised_at": from_us(alarm.raised_us),
        "cleared_at": from_us_or_none(alarm.cleared_us),
        "members": alarm.members,
        **more,
    }
    return alarm.terminal, alarm.alarm, alarm.subject, alarm.severity, msgspec.json.encode(payload).decode()


def of_act(act: Record, about: Record) -> Row:
    """The event of what a person did about an alarm."""
    alarm = Alarm(
        act["terminal"],
        act["alarm"],
        act["subject"],
        about["severity"],
        to_us(about["began_at"]),
        to_us(about["raised_at"]),
        to_us_or_none(about["cleared_at"]),
        tuple(about["members"] or ()),
    )
    return row(alarm, ACTS[act["act"]], by=act["by"], at=act["at"], until=act["until"], remark=act["remark"])
