"""How far time has gone at each terminal, in event time: alarms that come later are not raised yet."""

from processing.model.times import MINUTE_US

LIVE_US = 2 * MINUTE_US
"""A terminal whose newest sample was no older when it arrived is live: its time goes on with the clock. [µs]"""


class TerminalTimes:
    """Follows the newest sample of each terminal, and for live ones the clock at the same distance.

    Never goes back. Of a terminal that sends what it has kept for long, or that is replayed, time goes as far as its
    newest sample and waits there: what is to come decides over what has begun.
    """

    def __init__(self) -> None:
        self._reached_us: dict[str, int] = {}
        self._newest_us: dict[str, int] = {}
        self._lag_us: dict[str, int] = {}  # of live terminals: clock less event time

    def of(self, terminal: str) -> int:
        """How far time has gone there; 0 where nothing is known of it. [µs since 1970 UTC]."""
        return self._reached_us.get(terminal, 0)

    @property
    def reached_us(self) -> dict[str, int]:
        """The same of all terminals. [µs since 1970 UTC]."""
        return dict(self._reached_us)

    def restore(self, terminal: str, reached_us: int) -> None:
        """Time was known to have gone so far. [µs since 1970 UTC]."""
        self._reached_us[terminal] = max(reached_us, self.of(terminal))

    def heard(self, terminal: str, newest_us: int, at_us: int) -> None:
        """Samples of a terminal are stored.

        Args:
            terminal: whose.
            newest_us: time of the newest one; where a device's clock is ahead it counts as `at_us`. [µs since 1970 UTC]
            at_us: when they arrived. [µs since 1970 UTC]
        """
        newest_us = min(newest_us, at_us)
        if newest_us <= self._newest_us.get(terminal, 0):
            return
        self._newest_us[terminal] = newest_us
        self.restore(terminal, newest_us)
        if at_us - newest_us <= LIVE_US:
            self._lag_us[terminal] = at_us - newest_us
        else:
            self._lag_us.pop(terminal, None)

    def passed(self, at_us: int) -> None:
        """All that arrived until a time is stored: at live terminals time has gone on. [µs since 1970 UTC]."""
        for terminal, lag_us in self._lag_us.items():
            self.restore(terminal, at_us - lag_us)

    def interrupted(self) -> None:
        """Samples may wait somewhere: no terminal is live until a newer one of it arrives."""
        self._lag_us.clear()
