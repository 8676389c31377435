"""The best pairing of two sequences in time that keeps the order of both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Window = tuple[int, NDArray[np.int64]]
"""Place of the first item of the other side that may be taken, and what each from there on costs; -1: it may not."""
PAIR = np.int64(2**46)
"""Worth of a pair: more than the costs of all pairs together may sum up to."""
DEAREST = 2**30
"""Largest cost of a pair; 50,000 of these are less than the worth of one."""


def align(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Pair items of one side with items of the other: as many as can be, then at the least cost.

    Points on a line with their distance for cost are paired best without crossing, so nothing is lost by keeping
    order; elsewhere order is what the work itself has. Which of equally good pairings it is depends on nothing but the
    windows.

    Args:
        windows: for each item of the one side, in order, which of the other it may take; neither their first nor
            their last places ever go back.

    Returns: places of pairs, in order. O(sum of the lengths of windows) time and memory.
    """
    steps: list[_Step] = []
    first, best = 0, np.zeros(1, dtype=np.int64)  # best[k]: worth of the pairs so far with items before first + k
    for start, costs in windows:
        before = _reach(first, best, start, start + len(costs))
        taking = np.where((costs >= 0) & (costs <= DEAREST), before[:-1] + PAIR - costs, np.int64(-1))
        best = np.maximum.accumulate(np.concatenate((before[:1], np.maximum(before[1:], taking))))
        steps.append(_Step(start, best[1:] == before[1:], taking == best[1:]))
        first = start
    return _trace(steps)


@dataclass(frozen=True, slots=True)
class _Step:
    """How one item came to its worths: by being left out, or by taking the item at start + k.

    What is neither leaves that item of the other side out.
    """

    start: int
    left_out: NDArray[np.bool_]
    took: NDArray[np.bool_]


def _reach(first: int, best: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """The same worths for items before start … end: those after the last known add nothing."""
    at = np.minimum(np.arange(start - first, end - first + 1), len(best) - 1)
    return best[at]


def _trace(steps: Sequence[_Step]) -> list[tuple[int, int]]:
    """Walk back from the end."""
    pairs: list[tuple[int, int]] = []
    end = 2**62  # items of the other side from here on are taken
    for item in range(len(steps) - 1, -1, -1):
        step = steps[item]
        place = min(end - step.start, len(step.took)) - 1
        while place >= 0 and not step.left_out[place]:
            if step.took[place]:
                pairs.append((item, step.start + place))
                end = step.start + place
                break
            place -= 1
    return pairs[::-1]


def windows_within(
    ours: Sequence[int], theirs: Sequence[int], reach: int, cost: Callable[[int, int, int], NDArray[np.int64]]
) -> list[Window]:
    """Windows of all items of the other side within a reach.

    Args:
        ours: times of the one side, in order.
        theirs: times of the other, in order.
        reach: how far apart a pair may be, in the same unit.
        cost: of taking items [first, last) of the other side; called with the item, first and last.
    """
    times = np.asarray(theirs, dtype=np.int64)
    firsts = np.searchsorted(times, np.asarray(ours, dtype=np.int64) - reach, side="left")
    lasts = np.searchsorted(times, np.asarray(ours, dtype=np.int64) + reach, side="right")
    return [
        (int(first), cost(i, int(first), int(last))) for i, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]
