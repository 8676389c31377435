"""Which line of a list is about which box that a crane was seen to move, and by what evidence.

Evidence is used in order of its strength, each step on what the steps before have left; within a step as many pairs
are made as can be, then those nearest in time. Everything depends on the two sets only, not on their order.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from processing.model.times import MINUTE_US
from processing.reconcile.alignment import Window, align, windows_within
from processing.reconcile.detected_boxes import DetectedBox
from processing.reconcile.move_list import TosMove

TOLERANCE_US: Final = 10 * MINUTE_US
"""How far a line's time may be from the detected one, where there is no other evidence. Assumed. [µs]"""
ALWAYS_US: Final = 2**60
NEAR: Final = 2
"""A number read with at most so many characters wrong is still that number."""
LENGTH: Final = 11

Evidence = Literal[
    "number", "misread number", "crane, kind and time", "kind and time", "crane and time", "crane and kind"
]
Difference = Literal["crane", "kind", "number", "time"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A box and the line about it.

    Attributes:
        box, line: the two.
        how: the evidence.
        differs: in what they do not agree.
    """

    box: DetectedBox
    line: TosMove
    how: Evidence
    differs: tuple[Difference, ...]

    @property
    def late_us(self) -> int | None:
        """The list's time less the detected one, None where the list has none. [µs]."""
        return None if self.line.at_us is None else self.line.at_us - self.box.at_us


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs in order of the boxes, and what has no partner, in order of time."""

    pairs: tuple[Pair, ...]
    only_found: tuple[DetectedBox, ...]
    only_tos: tuple[TosMove, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One kind of evidence.

    Attributes:
        how: its name.
        box_key, line_key: pairs are made where these are equal; None: such a box or line takes no part.
        near: whether the numbers must be nearly the same; else they must only not contradict each other.
        timed: whether the times must be within the tolerance.
    """

    how: Evidence
    box_key: Callable[[DetectedBox], Hashable]
    line_key: Callable[[TosMove], Hashable]
    near: bool = False
    timed: bool = True


STEPS: Final = (
    _Step("number", lambda box: box.container_id, lambda line: line.container_id, timed=False),
    _Step(
        "misread number", lambda box: (box.crane, box.kind), lambda line: line.crane and (line.crane, line.kind), True
    ),
    _Step("misread number", lambda box: box.kind, lambda line: None if line.crane else line.kind, True),
    _Step(
        "crane, kind and time", lambda box: (box.crane, box.kind), lambda line: line.crane and (line.crane, line.kind)
    ),
    _Step("kind and time", lambda box: box.kind, lambda line: None if line.crane else line.kind),
    _Step("crane and time", lambda box: box.crane, lambda line: line.crane),
    _Step("kind and time", lambda box: box.kind, lambda line: line.kind),
)
"""Steps for lines with a time, from strong evidence to weak."""
UNTIMED: Final = (
    _Step("number", lambda box: box.container_id, lambda line: line.container_id, timed=False),
    _Step("misread number", lambda box: box.kind, lambda line: line.kind, near=True, timed=False),
    _Step(
        "crane and kind",
        lambda box: (box.crane, box.kind),
        lambda line: line.crane and (line.crane, line.kind),
        timed=False,
    ),
)
"""Steps for lines without a time: a box that nothing but its kind names is paired with none."""


def match(boxes: Iterable[DetectedBox], lines: Iterable[TosMove], tolerance_us: int = TOLERANCE_US) -> Matched:
    """Pair boxes with lines; each takes part in one pair at most.

    Args:
        boxes: that cranes moved.
        lines: of the list.
        tolerance_us: how far apart in time a pair may be that no number joins. [µs]
    """
    ours = sorted(boxes, key=lambda b: (b.at_us, b.crane, b.move.locked_us, b.container_id or "", b.place))
    theirs = sorted(lines, key=_order)
    pairs: list[Pair] = []
    for steps, timed in ((STEPS, True), (UNTIMED, False)):
        for step in steps:
            taken = _pairs(step, ours, [one for one in theirs if (one.at_us is not None) == timed], tolerance_us)
            pairs += [Pair(box, line, step.how, _differences(box, line, tolerance_us)) for box, line in taken]
            our_taken, their_taken = {id(box) for box, _ in taken}, {id(line) for _, line in taken}
            ours = [box for box in ours if id(box) not in our_taken]
            theirs = [line for line in theirs if id(line) not in their_taken]
    pairs.sort(key=lambda pair: (pair.box.at_us, pair.box.crane, pair.box.move.locked_us, pair.box.place))
    return Matched(tuple(pairs), tuple(ours), tuple(theirs))


def _order(line: TosMove) -> tuple[object, ...]:
    """By time; what stands where in the file decides only between equal lines."""
    at_us = ALWAYS_US if line.at_us is None else line.at_us
    return at_us, line.crane or "", line.kind, line.container_id or "", line.line


def _pairs(
    step: _Step, boxes: Sequence[DetectedBox], lines: Sequence[TosMove], tolerance_us: int
) -> list[tuple[DetectedBox, TosMove]]:
    """Pairs of one step."""
    our_groups: dict[Hashable, list[DetectedBox]] = {}
    their_groups: dict[Hashable, list[TosMove]] = {}
    for line in lines:
        if (key := step.line_key(line)) is not None:
            their_groups.setdefault(key, []).append(line)
    for box in boxes:
        if (key := step.box_key(box)) in their_groups and key is not None:
            our_groups.setdefault(key, []).append(box)
    found = []
    for key, ours in our_groups.items():
        theirs = their_groups[key]
        sure = step.how == "number" and len(ours) == len(theirs) == 1
        places = [(0, 0)] if sure else align(_windows(step, ours, theirs, tolerance_us))
        found += [(ours[i], theirs[k]) for i, k in places]
    return found


def _windows(step: _Step, ours: Sequence[DetectedBox], theirs: Sequence[TosMove], tolerance_us: int) -> list[Window]:
    """What each box may take, and at what cost: ms between the two, and much more for another kind or crane."""
    times = np.array([0 if line.at_us is None else line.at_us for line in theirs], dtype=np.int64)
    kinds = np.array([line.kind for line in theirs])
    cranes = np.array([line.crane or "" for line in theirs])
    numbers = _letters([line.container_id for line in theirs])
    timeless = not any(times)

    def cost(i: int, first: int, last: int) -> NDArray[np.int64]:
        box, part = ours[i], slice(first, last)
        apart_ms = np.minimum(abs(times[part] - box.at_us) // 1000, 2**28) * (0 if timeless else 1)
        other = (kinds[part] != box.kind) * 2**29 + ((cranes[part] != box.crane) & (cranes[part] != "")) * 2**28
        allowed = _allowed(_letters([box.container_id])[0], numbers[part], near=step.near)
        return np.where(allowed, apart_ms + other, -1).astype(np.int64)

    reach_us = tolerance_us if step.timed else ALWAYS_US
    return windows_within([box.at_us for box in ours], [int(time) for time in times], reach_us, cost)


def _letters(numbers: Sequence[str | None]) -> NDArray[np.uint8]:
    """Numbers as rows of 11 characters; zeros where there is none."""
    texts = [(number or "").encode("ascii", "replace")[:LENGTH].ljust(LENGTH, b"\0") for number in numbers]
    return np.frombuffer(b"".join(texts), dtype=np.uint8).reshape(len(numbers), LENGTH)


def _allowed(number: NDArray[np.uint8], others: NDArray[np.uint8], *, near: bool) -> NDArray[np.bool_]:
    """Whether numbers may be of the same box: nearly the same, or, unless they must be near, one is not known."""
    alike = (others != number).sum(axis=1) <= NEAR
    known = others.any(axis=1) & bool(number.any())
    return np.asarray(known & alike if near else ~known | alike)


def _differences(box: DetectedBox, line: TosMove, tolerance_us: int) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if line.crane not in (None, box.crane):
        found.append("crane")
    if line.kind != box.kind:
        found.append("kind")
    if box.container_id is not None and line.container_id not in (None, box.container_id):
        found.append("number")
    if line.at_us is not None and abs(line.at_us - box.at_us) > tolerance_us:
        found.append("time")
    return tuple(found)
