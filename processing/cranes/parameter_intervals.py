"""Parameter intervals: rows of a crane for which the same parameters hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.cranes.parameters import CraneParameters, ParameterHistory


@dataclass(frozen=True, slots=True)
class ParameterIntervals:
    """Rows of one crane each for which the same parameters hold, in row order.

    Attributes:
        starts: first row of each, shape (s,).
        ends: the row after the last one of each.
        cranes: whose they are, as number in the batch.
        parameters: that hold.
    """

    starts: NDArray[np.intp]
    ends: list[int]
    cranes: list[int]
    parameters: list[CraneParameters]

    def by_row(self, values: Sequence[float]) -> NDArray[np.float64] | float:
        """One value an interval, as one a row; where all are the same, as one."""
        if len(set(values)) == 1:
            return values[0]
        return np.repeat(np.array(values, np.float64), np.array(self.ends) - self.starts)


def parameter_intervals(
    time_us: NDArray[np.int64],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
    histories: Sequence[tuple[CraneParameters, ParameterHistory]],
) -> ParameterIntervals:
    """Cut the rows of a batch where a crane's parameters change.

    Args:
        time_us: event time, shape (n,). [µs since 1970 UTC]
        starts: first row of each crane, shape (d,).
        ends: last row of each, shape (d,).
        histories: of each crane, the parameters of its type, which hold until others do, and those.
    """
    begins: list[int] = []
    cranes: list[int] = []
    parameters: list[CraneParameters] = []
    rows = zip(starts.tolist(), ends.tolist(), time_us[starts].tolist(), time_us[ends].tolist(), strict=True)
    for crane, (begin, end, begin_us, end_us) in enumerate(rows):
        of_type, history = histories[crane]
        begins.append(begin)
        cranes.append(crane)
        parameters.append(of_type)
        for from_us, other in history:
            if from_us > end_us:
                break
            row = begin if from_us <= begin_us else begin + int(np.searchsorted(time_us[begin : end + 1], from_us))
            if row > begins[-1]:
                begins.append(row)
                cranes.append(crane)
                parameters.append(other)
            else:  # in force before this row, or from this row on too
                parameters[-1] = other
    return ParameterIntervals(np.array(begins, np.intp), [*begins[1:], len(time_us)], cranes, parameters)


def in_force(history: tuple[CraneParameters, ParameterHistory], time_us: int) -> CraneParameters:
    """Parameters that hold at a time. [µs since 1970 UTC]."""
    found, line = history
    for from_us, other in line:
        if from_us > time_us:
            break
        found = other
    return found


def calibrated(trolley_m: NDArray[np.float64], intervals: ParameterIntervals) -> NDArray[np.float64]:
    """Trolley positions from the waterside rail, + towards the sea, by each crane's calibration, shape (n,). [m]."""
    off = [at for at, one in enumerate(intervals.parameters) if one.trolley_zero_m or one.trolley_reversed]
    if not off:
        return trolley_m
    right = trolley_m.copy()
    for at in off:
        parameters, rows = intervals.parameters[at], slice(int(intervals.starts[at]), intervals.ends[at])
        way_m = trolley_m[rows] - parameters.trolley_zero_m
        right[rows] = -way_m if parameters.trolley_reversed else way_m
    return right
