"""Everything that is found at one crane."""

from processing.cranes.delays import DelayDetector
from processing.cranes.facts import CraneMove
from processing.cranes.memory import EMPTY, pack, unpack
from processing.cranes.moves import MoveDetector
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import CraneColumns, Segments
from processing.model.facts import Fact, Retracted


class CraneDetector:
    """Moves and stops of one crane.

    Args:
        device_id: the crane.
        rules: its parameters until others are given.

    Attributes:
        last_us: time of the last sample, None before the first. [µs since 1970 UTC]
        final_us: facts with an earlier key cannot change by later samples. [µs since 1970 UTC]
        synchronised: whether everything is as if the crane's first sample had been seen.
        unlock_pending: whether the last unlock has not stood for the debounce time yet.
    """

    __slots__ = ("_memory", "_rules", "device_id", "final_us", "last_us", "synchronised", "unlock_pending")

    def __init__(self, device_id: int, rules: CraneParameters) -> None:
        self.device_id = device_id
        self.last_us: int | None = None
        self.final_us = 0
        self.synchronised = self.unlock_pending = False
        self._rules = rules
        self._memory = EMPTY

    @property
    def resting(self) -> bool:
        """Whether what was told so far is final, and nothing has begun."""
        return self.last_us is None or self.final_us >= self.last_us

    def feed(
        self, c: CraneColumns, s: Segments, first: int, last: int, stop: int, rules: CraneParameters | None = None
    ) -> list[Fact]:
        """Advance over this crane's samples in time order; facts new or changed.

        Args:
            c: columns of a batch.
            s: its segments.
            first: this crane's first segment.
            last: the one after its last.
            stop: the row after its last one.
            rules: that hold from the first of them on; None: as before.
        """
        memory = unpack(self._memory)
        if rules is not None and rules is not self._rules and rules != self._rules:
            MoveDetector(self.device_id, self._rules, memory.moves).end()
            self._rules = rules
        moves = MoveDetector(self.device_id, self._rules, memory.moves)
        delays = DelayDetector(self.device_id, self._rules, memory.stops)
        moves.feed(c, s, first, last, stop)
        facts: list[Fact] = [*moves.found, *(Retracted(move) for move in moves.wrong)]
        facts += delays.feed(c, s, first, last, stop)
        self._memory = pack(memory)
        self.last_us = int(c.time_us[stop - 1])
        self.final_us = min(moves.final_us, delays.final_us)
        self.synchronised, self.unlock_pending = moves.synchronised, moves.unlock_pending
        return facts

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was reported early already."""
        return MoveDetector(self.device_id, self._rules, unpack(self._memory).moves).peek()

    def mark_reported(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been reported."""
        memory = unpack(self._memory)
        memory.moves.told = move
        self._memory = pack(memory)
