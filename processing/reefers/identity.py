"""Which box stands on a plug: the number that is read, unless it is another one for a moment only.

This is the definition: the number named last since the plug was free, by samples up to then. A free plug holds no box,
whatever was named before, and what it names is left out. What it finds is stored as `PlugChange` facts; whoever asks
which box a plug holds asks those, in SQL `reefer_on_plug`.
"""

from typing import Literal

CONFIRMED = 4
"""Another number, without a free plug before it, counts once it was read so many times with no other one between,"""
CONFIRMED_SILENT = 10
"""or once for so many samples no other one was read: a plug may name its box only once. Misreads come in clusters."""
Reading = Literal["same", "doubtful", "other"]
"""The box that was known, or the first one; perhaps another one; another one."""


class BoxIdentity:
    """The box on one plug.

    Attributes:
        number: as it was read; None: the plug is free, or nothing was read.
        since_us: when another number was read first. [µs since 1970 UTC]
    """

    __slots__ = ("_other", "_read", "_reads", "_seen", "_times", "number", "since_us")

    def __init__(self) -> None:
        self.number: str | None = None
        self.since_us = 0
        self._read: str | None = None
        self._other: str | None = None
        self._seen = 0
        self._reads = self._times = 0  # of the other one: samples that name it; these, and those that name none

    def read(self, number: str | None, time_us: int) -> Reading:
        """Take in the number that a sample has; a sample without one repeats the last one.

        Args:
            number: as it was read.
            time_us: of the sample. [µs since 1970 UTC]
        """
        self._seen += 1
        named = number is not None
        self._read = number = self._read if number is None else number
        if number == self.number or self.number is None:
            self._settle(number)
            return "same"
        if number != self._other:
            self._other, self._reads, self._times, self.since_us = number, 0, 0, time_us
        self._reads += named
        self._times += 1
        if self._reads < CONFIRMED and self._times < CONFIRMED_SILENT:
            return "doubtful"
        self._settle(number)
        return "other"

    def _settle(self, number: str | None) -> None:
        self.number, self._other, self._reads, self._times = number, None, 0, 0

    @property
    def known(self) -> bool:
        """Whether it is as if the plug's first sample had been seen, given the number: no doubt is left of before."""
        return self._seen > CONFIRMED_SILENT

    @property
    def doubtful_since_us(self) -> int | None:
        """Since when the box may be another one; None: it is not in doubt. [µs since 1970 UTC]."""
        return self.since_us if self._times else None

    def leave(self) -> None:
        """The plug is free."""
        self._read, self._seen = None, CONFIRMED_SILENT + 1
        self._settle(None)
