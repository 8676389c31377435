"""Spans in which a condition holds, from facts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


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
