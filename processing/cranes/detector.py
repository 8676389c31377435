"""Everything that is found at one crane."""

from processing.cranes.columns import CraneColumns, Segments
from processing.cranes.delays import DelayDetector
from processing.cranes.moves import MoveDetector
from processing.cranes.rules import CraneRules
from processing.facts import Fact, Retracted


class CraneDetector:
    """Moves and stops of one crane.

    Args:
        device_id: the crane.
        rules: its parameters.
    """

    __slots__ = ("delays", "last_us", "moves", "rules")

    def __init__(self, device_id: int, rules: CraneRules) -> None:
        self.rules = rules
        self.moves = MoveDetector(device_id, rules)
        self.delays = DelayDetector(device_id, rules)
        self.last_us: int | None = None

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the crane's first sample had been seen."""
        return self.moves.synchronised

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples. [µs since 1970 UTC]."""
        return min(self.moves.final_us, self.delays.final_us)

    @property
    def resting(self) -> bool:
        """Whether what was told so far is final, and nothing has begun."""
        return self.last_us is None or self.final_us >= self.last_us

    def feed(self, c: CraneColumns, s: Segments, first: int, last: int, stop: int) -> list[Fact]:
        """Advance over this crane's samples in time order; facts new or changed.

        Args:
            c: columns of a batch.
            s: its segments.
            first: this crane's first segment.
            last: the one after its last.
            stop: the row after its last one.
        """
        self.moves.feed(c, s, first, last, stop)
        found, wrong = self.moves.take()
        facts: list[Fact] = [*found, *(Retracted(move) for move in wrong)]
        facts += self.delays.feed(c, s, first, last, stop)
        self.last_us = int(c.time_us[stop - 1])
        return facts
