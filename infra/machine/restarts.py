"""When a part that has ended by itself is started again, and when that is no use any more."""

LONG_S = 60.0
"""A part that has run so long has started well: what ends it then is another failure, not the same once more. [s]"""
MOST = 6
"""So many failures one after another, none of them after a long run, and the part is given up."""
FIRST_S, LONGEST_S = 0.5, 8.0
"""Pauses double from the second failure on, up to the longest. [s]"""


class Restarts:
    """Failures of one part, counted.

    Attributes:
        count: how often it was to be started again in all.
        in_a_row: failures since it last ran for long.
    """

    def __init__(self) -> None:
        self.count = 0
        self.in_a_row = 0

    def after(self, ran_s: float) -> float | None:
        """How long to wait until the part is started again [s]; None: not any more.

        Args:
            ran_s: how long it ran, or tried to start. [s]
        """
        self.in_a_row = 1 if ran_s >= LONG_S else self.in_a_row + 1
        if self.in_a_row >= MOST:
            return None
        self.count += 1
        return 0.0 if self.in_a_row == 1 else min(FIRST_S * 2 ** (self.in_a_row - 2), LONGEST_S)
