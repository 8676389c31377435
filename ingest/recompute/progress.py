"""How far long work is: reported now and then to the person who waits."""

import time
from collections.abc import Callable

EVERY_S = 2.0


class Progress:
    """Follows work that goes through a period of event time.

    Args:
        what: of what.
        from_us: beginning of the period. [µs since 1970 UTC]
        to_us: its end. [µs since 1970 UTC]
        report: called with a line.
    """

    def __init__(self, what: str, from_us: int, to_us: int, report: Callable[[str], None]) -> None:
        self._what = what
        self._from_us, self._to_us = from_us, to_us
        self._report = report
        self._began_s = self._reported_s = time.monotonic()
        self.samples = 0

    def __call__(self, samples: int, until_us: int) -> None:
        """So many samples were read now, and all up to a time are. [µs since 1970 UTC]."""
        self.samples += samples
        now_s = time.monotonic()
        if now_s - self._reported_s >= EVERY_S:
            self._reported_s = now_s
            self._report(self._line(until_us, now_s - self._began_s))

    def done(self) -> None:
        """Report what it was in all."""
        took_s = time.monotonic() - self._began_s
        self._report(f"{self._what}: {self.samples:,} samples in {took_s:.1f} s{self._speed(took_s)}")

    def _line(self, until_us: int, took_s: float) -> str:
        share = min(max((until_us - self._from_us) / max(self._to_us - self._from_us, 1), 0.0), 1.0)
        rest = f", {took_s / share - took_s:.0f} s to go" if share > 0 else ""
        read = f", {self.samples:,} samples{self._speed(took_s)}" if self.samples else ""
        return f"{self._what}: {share:.0%}{read}{rest}"

    def _speed(self, took_s: float) -> str:
        return f", {self.samples / took_s:,.0f} a second" if took_s > 0 else ""
