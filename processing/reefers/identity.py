"""Which box stands on a plug: the number that is read, unless it is another one for a moment only.

This is the definition: the number named last since the plug was free, by samples up to then. A free plug holds no box,
whatever was named before, and what it names is left out. Whoever asks the same of stored rows, as the log of cold
treatments does and a start in the middle (`ingest/recompute/held_boxes.py`), has to answer this.
"""

from typing import Literal

CONFIRMED = 3
"""Another number, without a free plug before it, counts once it was read so many times in a row."""
Reading = Literal["same", "doubtful", "other"]
"""The box that was known, or the first one; perhaps another one; another one."""


class BoxIdentity:
    """The box on one plug.

    Attributes:
        number: as it was read; None: the plug is free, or nothing was read.
        since_us: when another number was read first. [µs since 1970 UTC]
    """

    __slots__ = ("_other", "_read", "_times", "number", "since_us")

    def __init__(self) -> None:
        self.number: str | None = None
        self.since_us = 0
        self._read: str | None = None
        self._other: str | None = None
        self._times = 0

    def read(self, number: str | None, time_us: int) -> Reading:
        """Take in the number that a sample has; a sample without one repeats the last one.

        Args:
            number: as it was read.
            time_us: of the sample. [µs since 1970 UTC]
        """
        self._read = number = self._read if number is None else number
        if number == self.number or self.number is None:
            self.number, self._other, self._times = number, None, 0
            return "same"
        if number != self._other:
            self._other, self._times, self.since_us = number, 0, time_us
        self._times += 1
        if self._times < CONFIRMED:
            return "doubtful"
        self.number, self._other, self._times = number, None, 0
        return "other"

    @property
    def doubtful_since_us(self) -> int | None:
        """Since when the box may be another one; None: it is not in doubt. [µs since 1970 UTC]."""
        return self.since_us if self._times else None

    def leave(self) -> None:
        """The plug is free."""
        self.number = self._read = self._other = None
        self._times = 0
