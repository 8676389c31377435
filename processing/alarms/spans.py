"""Spans in which a condition holds, from facts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from processing.alarms.condition import SilenceSpans
from processing.model.times import MINUTE_US
from processing.reefers.intervals import UNKNOWN_GAP_US

UNKNOWN_MIN = UNKNOWN_GAP_US / MINUTE_US
AFTER_US = 1
"""Silence begins after the last sample: where one follows another there is a sample between, and they are two. [µs]"""


class ConditionSpan(NamedTuple):
    """A condition holds, of one subject, in [began, ended); `ended_us` None: it still does. [µs since 1970 UTC]."""

    subject: str
    began_us: int
    ended_us: int | None


def of_level(subject: str, changes: Iterable[tuple[int, float]], on: float, off: float) -> list[ConditionSpan]:
    """Spans in which a level is high: from `on` upwards, until it is below `off`.

    Args:
        subject: whose level.
        changes: time [µs since 1970 UTC] and value from then on, in order; before the first one it was not high.
        on: from here on it is high.
        off: below it is high no more; not above `on`.
    """
    found: list[ConditionSpan] = []
    began_us: int | None = None
    for time_us, value in changes:
        if began_us is None and value >= on:
            began_us = time_us
        elif began_us is not None and value < off:
            found.append(ConditionSpan(subject, began_us, time_us))
            began_us = None
    return found if began_us is None else [*found, ConditionSpan(subject, began_us, None)]


def of_silence(
    source: SilenceSpans,
    subject: str,
    silent_us: tuple[int, int | None],
    levels: Mapping[str, float | None],
) -> ConditionSpan | None:
    """The span in which silence of a device is too long; None where it means nothing, or was not that long.

    Args:
        source: which silence counts.
        subject: the device.
        silent_us: its last sample before, and its first one after; None: it is silent still. [µs since 1970 UTC]
        levels: of the device, by name, as they were when it began.
    """
    if source.unless is not None and levels.get(source.unless) == 1:
        return None
    if source.needs is not None and levels.get(source.needs) != 1:
        return None
    limit_us = 0 if source.limit_min is None else round((levels.get(source.limit_min) or UNKNOWN_MIN) * MINUTE_US)
    began_us, ended_us = silent_us[0] + AFTER_US + limit_us, silent_us[1]
    return ConditionSpan(subject, began_us, ended_us) if ended_us is None or began_us < ended_us else None


def held(spans: Sequence[ConditionSpan], hold_us: int) -> list[ConditionSpan]:
    """Spans of one subject in order, those as one that overlap, or between which less than the hold time passes."""
    found: list[ConditionSpan] = []
    for one in sorted(spans, key=lambda span: span.began_us):
        last = found[-1] if found else None
        if last is None or (last.ended_us is not None and one.began_us > last.ended_us + hold_us):
            found.append(one)
        elif last.ended_us is not None and (one.ended_us is None or one.ended_us > last.ended_us):
            found[-1] = last._replace(ended_us=one.ended_us)
    return found
