"""The tare of one crane: what its load cell reads of the empty spreader, found on each empty flight."""

from msgspec import Struct

from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import NO_LOAD_MT, Segments

ENOUGH_ROWS = 3
"""An empty flight of fewer samples shows no tare."""


class Tare(Struct, array_like=True, gc=False):
    """The last tare, and the loads of the flight that lasts.

    Attributes:
        flight_mt, flight_rows: loads in the air since the last take-off or unlock, and how many. [1e-3 t]
        flight_low_mt, flight_high_mt: least and largest of them. [1e-3 t]
        tare_t: the last tare. [t]
        trusted: whether the reading could be a tare; where not, `tare_t` is 0.
        weighed: whether a flight showed one since the last move.
        whole: whether the flight began with a sample that was seen.
        moved: whether a move was seen to end, so that `weighed` is about all of the time since.
        known: whether all this is as if the crane's first sample had been seen: a flight was, from end to end, or that
            there was none to weigh.
    """

    flight_mt: int = 0
    flight_rows: int = 0
    flight_low_mt: int = NO_LOAD_MT
    flight_high_mt: int = -NO_LOAD_MT
    tare_t: float = 0.0
    trusted: bool = True
    weighed: bool = False
    whole: bool = False
    moved: bool = False
    known: bool = False

    def watch(self, segments: Segments, at: int) -> None:
        """Take in the loads of a segment."""
        self.flight_mt += segments.flight_mt[at]
        self.flight_rows += segments.flight_rows[at]
        low_mt, high_mt = segments.flight_low_mt[at], segments.flight_high_mt[at]
        self.flight_low_mt = min(self.flight_low_mt, low_mt)
        self.flight_high_mt = max(self.flight_high_mt, high_mt)

    def begin_flight(self) -> None:
        """What the load cell reads from now on belongs to another flight."""
        self.whole = True
        self.flight_mt = self.flight_rows = 0
        self.flight_low_mt, self.flight_high_mt = NO_LOAD_MT, -NO_LOAD_MT

    def end_flight(self, parameters: CraneParameters) -> None:
        """The flight was one of the empty spreader, and ends."""
        if parameters.tare_t is not None:
            self.tare_t, self.trusted, self.known = parameters.tare_t, True, True
            return
        if self.flight_rows >= ENOUGH_ROWS:
            tare_t = self.flight_mt / self.flight_rows / 1000
            even = self.flight_high_mt - self.flight_low_mt <= parameters.most_tare_t * 1000
            self.trusted = even and abs(tare_t) <= parameters.most_tare_t
            self.tare_t, self.weighed = tare_t if self.trusted else 0.0, True
            self.known |= self.whole
        elif not self.weighed:
            self.tare_t, self.trusted = 0.0, True
            self.known |= self.moved

    def end_move(self) -> None:
        """A move has ended, or was none."""
        self.weighed, self.moved = False, True
