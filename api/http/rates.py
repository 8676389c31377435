"""How often one principal may ask."""

from time import monotonic
from typing import Final

from api.http.errors import TooManyRequestsError

RATE_PER_S: Final = 400.0
"""Twice what is promised, so that clocks of two machines never matter."""
BURST: Final = 800.0


class Rates:
    """A bucket a principal: it fills evenly, and each request takes one."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def left(self, principal: str) -> float:
        """How many requests may come now."""
        left, at = self._buckets.get(principal, (BURST, 0.0))
        return min(BURST, left + (monotonic() - at) * RATE_PER_S)

    def check(self, principal: str) -> None:
        """Count a request.

        Raises:
            TooManyRequestsError: the bucket is empty.
        """
        left = self.left(principal)
        if left < 1.0:
            raise TooManyRequestsError(f"at most {RATE_PER_S:g} requests a second are answered; ask more slowly")
        self._buckets[principal] = left - 1.0, monotonic()
