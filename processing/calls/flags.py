"""What is odd about a vessel call beside others: it may be true, and somebody should look."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from processing.calls.attribution import FOREVER_US
from processing.calls.call import OPEN_CALL_US, Assignment, VesselCall
from processing.model.times import from_us

FlagKind = Literal["unknown_crane", "overlap", "berth", "name", "plan"]
REFUSED: frozenset[FlagKind] = frozenset({"unknown_crane", "overlap"})
"""Flags for which the API wants a confirmation that they are meant."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One oddity: its kind, and what to look at."""

    kind: FlagKind
    text: str


def problems(call: VesselCall, cranes: Collection[str], others: Iterable[VesselCall]) -> list[str]:
    """The texts of all flags; arguments as of `flags`."""
    return [flag.text for flag in flags(call, cranes, others)]


def flags(call: VesselCall, cranes: Collection[str], others: Iterable[VesselCall]) -> list[Flag]:
    """What is odd about a call.

    Args:
        call: it.
        cranes: ids of the terminal's cranes as far as known.
        others: the terminal's calls; this one among them is passed over.
    """
    others = [other for other in others if other.key != call.key]
    found = list(_names(call, cranes, others))
    for number, one in enumerate(call.assignments):
        if one.crane not in cranes:
            known = ", ".join(sorted(cranes)[:20]) or "none so far"
            text = f"assignments[{number}].crane: {one.crane} is no crane that has sent anything; known are {known}"
            found.append(Flag("unknown_crane", text))
    for other in others:
        found += _overlaps(call, other)
    return found + list(_plan(call))


def _names(call: VesselCall, cranes: Collection[str], others: Iterable[VesselCall]) -> Iterable[Flag]:
    """KPIs are published by subject: a crane, a call, a berth or the terminal; two of one name get mixed up."""
    for field, name in (("call id", call.call_id), ("berth", call.berth)):
        if name in cranes:
            yield Flag("name", f"{field} {name} is a crane's name too: their KPIs get mixed up")
        if name == call.terminal:
            yield Flag("name", f"{field} {name} is the terminal's name too: their KPIs get mixed up")
    if call.berth is not None and call.berth in {call.call_id, *(other.call_id for other in others)}:
        yield Flag("name", f"berth {call.berth} is a call's id too: their KPIs get mixed up")


def _overlaps(call: VesselCall, other: VesselCall) -> Iterable[Flag]:
    for number, one in enumerate(call.assignments):
        both = [theirs for theirs in other.assignments if theirs.crane == one.crane]
        if any(_touch(_interval(call, one), _interval(other, theirs)) for theirs in both):
            text = f"assignments[{number}]: {one.crane} works call {other.call_id} at the same time"
            yield Flag("overlap", text)
    here, there = _alongside(call), _alongside(other)
    if call.berth is not None and call.berth == other.berth and here and there and _touch(here, there):
        yield Flag("berth", f"berth: {call.berth} is taken by call {other.call_id} from {_shown(there[0])} on")


def _plan(call: VesselCall) -> Iterable[Flag]:
    begin_us, completion_us = call.begin_us, call.planned_completion_us
    if begin_us is not None and completion_us is not None and completion_us <= begin_us:
        yield Flag("plan", f"planned_completion_at: it is before the call begins, {_shown(begin_us)}")
    for number, one in enumerate(call.assignments):
        if call.last_line_us is not None and one.from_us >= call.last_line_us:
            yield Flag("plan", f"assignments[{number}].from: it is after last_line_at, {_shown(call.last_line_us)}")


def _interval(call: VesselCall, one: Assignment) -> tuple[int, int]:
    """An open assignment ends with its call."""
    end_us = FOREVER_US if call.last_line_us is None else call.last_line_us
    return one.from_us, end_us if one.until_us is None else one.until_us


def _alongside(call: VesselCall) -> tuple[int, int] | None:
    begin_us = call.alongside_us
    if begin_us is None:
        return None
    return begin_us, begin_us + OPEN_CALL_US if call.last_line_us is None else call.last_line_us


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _shown(time_us: int) -> str:
    return f"{from_us(time_us):%Y-%m-%dT%H:%M:%SZ}"
