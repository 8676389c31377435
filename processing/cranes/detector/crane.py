"""Everything that is found at one crane."""

from processing.cranes.detector.delays import DelayDetector
from processing.cranes.detector.memory import EMPTY, Memory, pack, unpack
from processing.cranes.detector.moves import MoveDetector
from processing.cranes.detector.partial_lock import PartialLockDetector
from processing.cranes.facts import CraneMove
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import CraneBatch
from processing.model.facts import Fact


class CraneDetector:
    """Moves, delays and partial locks of one crane.

    Args:
        device_id: the crane.
        parameters: that hold until others are given.

    Attributes:
        last_us: time of the last sample, None before the first. [µs since 1970 UTC]
        final_us: facts with an earlier key cannot change by later samples. [µs since 1970 UTC]
        synchronised: whether everything is as if the crane's first sample had been seen.
        unlock_pending: whether the last unlock has not stood for the debounce time yet.
    """

    __slots__ = (
        "_memory",
        "_packed",
        "_parameters",
        "device_id",
        "final_us",
        "last_us",
        "synchronised",
        "unlock_pending",
    )

    def __init__(self, device_id: int, parameters: CraneParameters) -> None:
        self.device_id = device_id
        self.last_us: int | None = None
        self.final_us = 0
        self.synchronised = self.unlock_pending = False
        self._parameters = parameters
        self._packed = EMPTY
        self._memory: Memory | None = None  # while it is in use, `_packed` is behind it

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final, and nothing has begun."""
        return self.last_us is None or self.final_us >= self.last_us

    def feed(self, batch: CraneBatch, parameters: CraneParameters | None = None) -> list[Fact]:
        """Advance over this crane's samples in time order; facts new or changed.

        Args:
            batch: this crane's part of a batch, not empty.
            parameters: that hold from its first sample on; None: as before.
        """
        memory = self._memory = self._memory or unpack(self._packed)
        if parameters is not None and parameters is not self._parameters and parameters != self._parameters:
            MoveDetector(self.device_id, self._parameters, memory.moves).end_parameters()
            self._parameters = parameters
        moves = MoveDetector(self.device_id, self._parameters, memory.moves)
        delays = DelayDetector(self.device_id, self._parameters, memory.delays)
        partial_locks = PartialLockDetector(self.device_id, self._parameters, memory.partial_locks)
        moves.feed(batch)
        partial_locks.feed(batch, moves.codes)
        facts: list[Fact] = [*moves.found, *moves.retracted, *delays.feed(batch), *partial_locks.found]
        self.last_us = int(batch.columns.time_us[batch.end - 1])
        self.final_us = min(moves.final_us, delays.final_us, partial_locks.final_us(self.last_us))
        self.synchronised = moves.synchronised and memory.partial_locks.known
        self.unlock_pending = moves.unlock_pending
        return facts

    def packed(self) -> bytes:
        """What it remembers, in little room."""
        return self._packed if self._memory is None else pack(self._memory)

    def rest(self) -> None:
        """Take little room until the next samples."""
        self._packed, self._memory = self.packed(), None

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was reported early already."""
        return MoveDetector(self.device_id, self._parameters, unpack(self.packed()).moves).peek()

    def mark_reported(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been reported."""
        memory = unpack(self.packed())
        memory.moves.early_move = move
        self._packed, self._memory = pack(memory), None
