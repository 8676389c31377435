"""The cycle of a move, from the delivery before to its own, and its parts. Source: TIC4.0 cycle."""

from processing.cranes.facts import CraneMove
from processing.model.times import MINUTE_US

LONGEST_CYCLE_US = 30 * MINUTE_US
"""Longer than this between two deliveries is a pause, not a cycle. Assumed."""
PARTS = ("laden_travel", "positioning", "empty_travel", "waiting")
Parts = tuple[int | None, int, int | None, int | None]
"""How long each of `PARTS` was, None where that is not known. [µs]"""


def parts_of(move: CraneMove) -> Parts:
    """The parts of a move's cycle.

    Travel is without the time in which the crane stood still in the air; positioning is from lock to lift and from
    landing to unlock. Source: the active and inactive intervals of the ECT study (docs/sources.md).
    """
    laden_us = empty_us = waited_us = None
    standing_us = round((move.waited_laden_s or 0.0) * 1e6)
    if move.waited_laden_s is not None:
        laden_us = max(0, move.landed_us - move.lifted_us - standing_us)
    positioning_us = move.lifted_us - move.locked_us + move.unlocked_us - move.landed_us
    if move.began_us is not None and move.unlocked_us - move.began_us <= LONGEST_CYCLE_US:
        empty_waited_us = round((move.waited_empty_s or 0.0) * 1e6)
        empty_us = max(0, move.locked_us - move.began_us - empty_waited_us)
        waited_us = standing_us + empty_waited_us
    return laden_us, positioning_us, empty_us, waited_us
