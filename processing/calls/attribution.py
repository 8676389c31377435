"""Which call a crane's work belongs to: assignments with their overlaps resolved, and a grace after each."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneMove
from processing.model.times import MINUTE_US

GRACE_US: Final = 10 * MINUTE_US
"""A move unlocked at most this long after an assignment's end still belongs to it. Assumed. [µs]"""
FOREVER_US: Final = 2**62
"""Later than anything. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class AssignmentInterval:
    """A span in which a crane works one call only: begin ≤ time < end. [µs since 1970 UTC]."""

    begin_us: int
    end_us: int
    call_id: str


class Attribution:
    """The assignments of a terminal's calls, by crane; built once, then looked up for each move.

    Of overlapping assignments the one that begins later wins, then that of the greater call id; when it ends, the
    one before goes on. An assignment ends with its call at the latest: a call of long ago has no effect on the present.

    Args:
        calls: of one terminal, each call id once.
    """

    def __init__(self, calls: Iterable[VesselCall]) -> None:
        assignments: dict[str, list[AssignmentInterval]] = {}
        for call in calls:
            for one in call.assignments:
                assignments.setdefault(one.crane, []).append(
                    AssignmentInterval(one.from_us, _end(one, call), call.call_id)
                )
        self._intervals = {crane: _resolved(found) for crane, found in assignments.items()}
        self._begins = {crane: [one.begin_us for one in intervals] for crane, intervals in self._intervals.items()}

    @property
    def cranes(self) -> AbstractSet[str]:
        """Cranes that any call names."""
        return self._intervals.keys()

    def intervals(self, crane: str) -> list[AssignmentInterval]:
        """What a crane works, in order, overlaps resolved."""
        return self._intervals.get(crane, [])

    def call_at(self, crane: str, time_us: int) -> str | None:
        """Id of the call to which a move unlocked at this time belongs, None where there is none.

        That is the assignment in force; else the one that ended last, if at most 10 min ago.
        """
        intervals = self._intervals.get(crane, [])
        place = bisect_right(self._begins.get(crane, []), time_us) - 1
        if place < 0 or time_us > intervals[place].end_us + GRACE_US:
            return None
        return intervals[place].call_id

    def spans(self, crane: str, call_id: str) -> list[tuple[int, int]]:
        """Spans, both ends in them, in which what a crane unlocks belongs to a call; grace included, in order."""
        intervals = self._intervals.get(crane, [])
        found = []
        for place, one in enumerate(intervals):
            if one.call_id == call_id:
                end_us = one.end_us + GRACE_US
                if place + 1 < len(intervals):
                    end_us = min(end_us, intervals[place + 1].begin_us - 1)
                found.append((one.begin_us, end_us))
        return found

    def assigned(self, crane: str, begin_us: int, end_us: int, call_id: str | None = None) -> list[tuple[int, int]]:
        """Spans within [begin, end) in which the crane works a call, this or any; without grace, in order, merged."""
        intervals = self._intervals.get(crane, [])
        first = max(0, bisect_right(self._begins.get(crane, []), begin_us) - 1)
        found: list[tuple[int, int]] = []
        for place in range(first, len(intervals)):
            one = intervals[place]
            if one.begin_us >= end_us:
                break
            begin, end = max(one.begin_us, begin_us), min(one.end_us, end_us)
            if begin >= end or call_id not in (None, one.call_id):
                continue
            if found and found[-1][1] == begin:
                begin = found.pop()[0]
            found.append((begin, end))
        return found


def moves_of_call(
    call: VesselCall, others: Iterable[VesselCall], moves: Mapping[str, Sequence[CraneMove]]
) -> list[tuple[str, CraneMove]]:
    """A call's moves with their crane, in order of unlock and crane.

    Args:
        call: whose moves.
        others: the terminal's other calls; this one among them does no harm.
        moves: by crane; others than the call's may be among them.
    """
    by_id = {one.call_id: one for one in others} | {call.call_id: call}
    known = Attribution(by_id.values())
    cranes = {one.crane for one in call.assignments}
    found = [
        (crane, move)
        for crane in cranes
        for move in moves.get(crane, ())
        if known.call_at(crane, move.unlocked_us) == call.call_id
    ]
    return sorted(found, key=lambda pair: (pair[1].unlocked_us, pair[0], pair[1].locked_us))


def _end(assignment: Assignment, call: VesselCall) -> int:
    """When an assignment ends. [µs since 1970 UTC]."""
    span = call.span_us
    end_us = FOREVER_US if span is None else span[1]
    return end_us if assignment.until_us is None else min(assignment.until_us, end_us)


def _resolved(assignments: list[AssignmentInterval]) -> list[AssignmentInterval]:
    """One call at a time, in order.

    Assignments begin in order of precedence, so those in force make a stack: the last one begun is on top.
    """
    found: list[AssignmentInterval] = []
    stack: list[AssignmentInterval] = []
    now_us = 0

    def advance(to_us: int) -> None:
        nonlocal now_us
        while stack and now_us < to_us:
            until_us = min(stack[-1].end_us, to_us)
            if until_us > now_us:
                found.append(AssignmentInterval(now_us, until_us, stack[-1].call_id))
                now_us = until_us
            if stack[-1].end_us <= now_us:
                stack.pop()
        now_us = to_us

    for one in sorted(assignments, key=lambda one: (one.begin_us, one.call_id, one.end_us)):
        if one.begin_us < one.end_us:
            advance(one.begin_us)
            stack.append(one)
    advance(FOREVER_US)
    return found
