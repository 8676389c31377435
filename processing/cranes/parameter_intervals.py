"""Rows of cranes between two changes of their rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.cranes.parameters import CraneParameters, ParameterHistory


@dataclass(frozen=True, slots=True)
class ParameterIntervals:
    """Rows of one crane each for which the same rules hold, in row order.

    Attributes:
        starts: first row of each, shape (s,).
        stops: the row after the last one of each.
        cranes: whose they are, as number in the batch.
        rules: that hold.
    """

    starts: NDArray[np.intp]
    stops: list[int]
    cranes: list[int]
    rules: list[CraneParameters]

    def by_row(self, values: Sequence[float]) -> NDArray[np.float64] | float:
        """One value a stretch, as one a row; where all are the same, as one."""
        if len(set(values)) == 1:
            return values[0]
        return np.repeat(np.array(values, np.float64), np.array(self.stops) - self.starts)


def parameter_intervals(
    time_us: NDArray[np.int64],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
    plans: Sequence[tuple[CraneParameters, ParameterHistory]],
) -> ParameterIntervals:
    """Cut the rows of a batch where a crane's rules change.

    Args:
        time_us: event time, shape (n,). [µs since 1970 UTC]
        starts: first row of each crane, shape (d,).
        ends: last row of each, shape (d,).
        plans: of each crane, the rules of its type, which hold until others do, and those.
    """
    begins: list[int] = []
    cranes: list[int] = []
    rules: list[CraneParameters] = []
    for crane, (begin, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        usual, schedule = plans[crane]
        begins.append(begin)
        cranes.append(crane)
        rules.append(usual)
        for from_us, other in schedule:
            row = begin + int(np.searchsorted(time_us[begin : end + 1], from_us))
            if row > end:
                break
            if row > begins[-1]:
                begins.append(row)
                cranes.append(crane)
                rules.append(other)
            else:  # in force before this row, or from this row on too
                rules[-1] = other
    return ParameterIntervals(np.array(begins, np.intp), [*begins[1:], len(time_us)], cranes, rules)


def calibrated(trolley_m: NDArray[np.float64], parts: ParameterIntervals) -> NDArray[np.float64]:
    """Trolley positions from the waterside rail, + towards the sea, by each crane's calibration, shape (n,). [m]."""
    wrong = [at for at, rules in enumerate(parts.rules) if rules.trolley_zero_m or rules.trolley_reversed]
    if not wrong:
        return trolley_m
    right = trolley_m.copy()
    for at in wrong:
        rules, rows = parts.rules[at], slice(int(parts.starts[at]), parts.stops[at])
        way_m = trolley_m[rows] - rules.trolley_zero_m
        right[rows] = -way_m if rules.trolley_reversed else way_m
    return right
