"""What the OCR of a crane read during a lift: the box of a move is what it read last from lock to unlock."""

from bisect import bisect_left

MOST = 16
"""So many readings of one lift are kept: at ten samples a second those of 1.6 s. Where the OCR reads in every sample, a
move that is reported later than that after its end, since its unlock came late, has no boxes."""

Reading = tuple[int, tuple[str, ...]]
"""When, by row or by time, and the containers read."""


def between(readings: list[Reading], row: int, end: int) -> list[Reading]:
    """Those of the rows [row, end), of readings by row in order."""
    return readings[bisect_left(readings, row, key=_at) : bisect_left(readings, end, key=_at)]


def with_newest(known: list[Reading], newest: Reading, since_us: int) -> list[Reading]:
    """What is kept once there is another reading: the last two, and more of a lift that goes on.

    Args:
        known: those before, by time. [µs since 1970 UTC]
        newest: the new one.
        since_us: when the lift was locked. [µs since 1970 UTC]
    """
    return [*(one for one in known[:-1] if one[0] >= since_us), *known[-1:], newest][-MOST:]


def _at(reading: Reading) -> int:
    return reading[0]
