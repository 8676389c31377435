"""When a socket is left alone for a moment, so that messages that come one by one are read together."""

from dataclasses import dataclass

FEW = 32
SLICE_S = 0.2
REST_S = 0.05
"""Fewer than `FEW` messages in each of two slices are read at most once in `REST_S`: to wake up for one message costs
more than to read it. Who sends more is read at once."""


@dataclass(slots=True)
class Gathering:
    """Counts messages by slices of time; the first that comes after a pause is always read at once."""

    _began_s: float = float("-inf")
    _now: int = 0
    _before: int = 0

    def rest_s(self, count: int, now_s: float) -> float:
        """How long nothing is read from now on, as so many messages were read at this time; 0 for not at all. [s]."""
        passed_s = now_s - self._began_s
        if passed_s >= SLICE_S:
            self._before = self._now if passed_s < 2 * SLICE_S else 0
            self._now, self._began_s = 0, now_s
        self._now += count
        return REST_S if max(self._now, self._before) < FEW else 0.0
