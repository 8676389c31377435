"""How often one principal may ask."""

from time import monotonic
from typing import Final

from api.http.errors import TooManyRequestsError

RATE_PER_S: Final = 400.0
"""Twice what is promised, so that clocks of two machines never matter."""
BURST: Final = 800.0


MOST_BUCKETS: Final = 10_000
"""Kept at a time: names and addresses are chosen by whoever asks. One that is full again need not be kept."""


class Rates:
    """A bucket a principal: it fills evenly, and each request takes one.

    Args:
        rate_per_s: that fills a bucket. [1/s]
        burst: what a bucket holds.
        limit: begins the message to whoever asks too often.
    """

    def __init__(
        self,
        rate_per_s: float = RATE_PER_S,
        burst: float = BURST,
        limit: str = f"at most {RATE_PER_S:g} requests a second are answered; ask more slowly",
    ) -> None:
        self._rate_per_s, self._burst, self._limit = rate_per_s, burst, limit
        self._buckets: dict[str, tuple[float, float]] = {}

    def left(self, principal: str) -> float:
        """How many requests may come now."""
        left, at = self._buckets.get(principal, (self._burst, 0.0))
        return min(self._burst, left + (monotonic() - at) * self._rate_per_s)

    def check(self, principal: str) -> None:
        """Count a request.

        Raises:
            TooManyRequestsError: the bucket is empty.
        """
        left = self.left(principal)
        if left < 1.0:
            raise TooManyRequestsError(self._limit)
        if len(self._buckets) >= MOST_BUCKETS and principal not in self._buckets:
            self._drop_full()
        self._buckets[principal] = left - 1.0, monotonic()

    def give_back(self, principal: str) -> None:
        """Count a request no more."""
        self._buckets[principal] = min(self._burst, self.left(principal) + 1.0), monotonic()

    def _drop_full(self) -> None:
        """Forget who has not asked for long; where that is nobody, who has the most left."""
        full = [one for one in self._buckets if self.left(one) >= self._burst]
        for one in full or [max(self._buckets, key=self.left)]:
            del self._buckets[one]
