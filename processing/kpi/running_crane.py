"""One crane's part in running totals: numbers that grow evenly until a time at which the crane's part changes."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from processing.cranes.cycles import LONGEST_CYCLE_US
from processing.facts.store import FactStore
from processing.kpi.activity import Activity
from processing.kpi.crane_activity import CraneActivity, crane_activity

NEVER_US = 2**62
"""Later than anything. [µs since 1970 UTC]"""
COUNTS = (
    *("crane_count", "lifts", "boxes", "teu_hundredths", "twin_lifts", "moves"),
    *("dual_pairs", "failures", "energy_wh", "energy_moves", "undecided"),
)
SPANS = ("allocated_us", "logged_on_us", "excluded_us")
DELAY = "delay "
"""Before a cause: allocated time in delays with it. [µs]"""


@dataclass(slots=True)
class CraneTotals:
    """A crane's part in a window that ends at a time t, as long as t < `until_us`: each number is base + slope · t.

    Attributes:
        until_us: from then on it may be another. [µs since 1970 UTC]
        base, slope: by name of the number; one without a slope does not grow.
        cycles_us, parts_us: as of `Activity`.
    """

    until_us: int = 0
    base: dict[str, int] = field(default_factory=dict)
    slope: dict[str, int] = field(default_factory=dict)
    cycles_us: list[int] = field(default_factory=list)
    parts_us: dict[str, list[int]] = field(default_factory=dict)


def crane_totals(store: FactStore, name: str, begin_us: int, end_us: int, *, sliding: bool) -> CraneTotals:
    """A crane's part in a window, and how it grows as the end of the window moves on.

    Between two times at which something of the crane begins or ends, lengths of time are linear in the bounds of the
    window, and all else is constant: the slope is the difference that one microsecond makes.

    Args:
        store: the terminal's facts.
        name: of the crane.
        begin_us: where the window begins. [µs since 1970 UTC]
        end_us: where it ends. [µs since 1970 UTC]
        sliding: whether its begin moves with its end.
    """
    found = crane_activity(store, name, begin_us, end_us)
    if found is None:
        return CraneTotals(store.cranes[name].first_seen_us)
    activity = Activity([found])
    numbers = {count: int(getattr(activity, count)) for count in COUNTS} | {"busy": int(activity.busy)}
    spans, slope = _spans(activity), {}
    until_us = _until_us(store, found, sliding=sliding)
    if until_us > end_us + 1:
        after = crane_activity(store, name, begin_us + sliding, end_us + 1)
        after_us = {} if after is None else _spans(Activity([after]))
        differences = {key: after_us.get(key, 0) - spans.get(key, 0) for key in spans.keys() | after_us.keys()}
        slope = {key: difference for key, difference in differences.items() if difference}
    spans = {key: spans.get(key, 0) - slope.get(key, 0) * end_us for key in spans.keys() | slope.keys()}
    return CraneTotals(until_us, numbers | spans, slope, activity.cycles_us, dict(activity.parts_us))


def _spans(activity: Activity) -> dict[str, int]:
    spans: dict[str, int] = {name: getattr(activity, name) for name in SPANS}
    return spans | {DELAY + cause: us for cause, us in activity.delay_us.items()}


def _until_us(store: FactStore, found: CraneActivity, *, sliding: bool) -> int:
    """When a bound of the window, moving on, reaches the next time at which something of the crane begins or ends.

    Where a bound lies on such a time, that is the next microsecond. [µs since 1970 UTC]
    """
    begin_us, end_us = found.begin_us, found.end_us
    until_us = min((at_us for at_us in _ahead_of_end(found) if at_us >= end_us), default=NEVER_US)
    until_us = min(until_us, _next_bound_us(store, found, end_us))
    if sliding:
        next_us = min((at_us for at_us in _inside(found) if at_us >= begin_us), default=NEVER_US)
        next_us = min(next_us, _next_bound_us(store, found, begin_us))
        until_us = min(until_us, next_us + end_us - begin_us)
    return max(until_us, end_us + 1)


def _ahead_of_end(found: CraneActivity) -> Iterator[int]:
    """Moves and delays that the end of the window may reach. [µs since 1970 UTC]."""
    crane, end_us = found.crane, found.end_us
    yield crane.next_unlock_us(end_us) or NEVER_US
    yield crane.next_delay_us(end_us) or NEVER_US
    for delay in crane.delays_between(found.begin_us, end_us):
        if delay.ended_us is not None:
            yield delay.ended_us


def _inside(found: CraneActivity) -> Iterator[int]:
    """Moves and delays that the begin of the window may reach. [µs since 1970 UTC]."""
    for move in found.moves:
        yield move.unlocked_us
        if move.kind in ("hatch_cover", "gear"):
            yield move.locked_us if move.began_us is None else move.began_us
            yield move.unlocked_us - LONGEST_CYCLE_US
    for delay in found.crane.delays_between(found.begin_us, found.end_us):
        yield delay.began_us
        if delay.ended_us is not None:
            yield delay.ended_us


def _next_bound_us(store: FactStore, found: CraneActivity, from_us: int) -> int:
    """The first time, from one on, at which the crane is logged on or off, begins or ends a call, or is first seen."""
    times_us = [found.crane.first_seen_us]
    for one in store.attribution.intervals(found.name):
        times_us += one.begin_us, one.end_us
    line = store.levels.line("logged_on", found.crane.device_id)
    if line is not None:
        at = bisect_left(line.times_us, from_us)
        times_us += line.times_us[at : at + 1]
    return min((at_us for at_us in times_us if at_us >= from_us), default=NEVER_US)
