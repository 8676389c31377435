"""Boxes that cranes were seen to move: a twin lift is two of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from processing.containers.iso6346 import normalise
from processing.cranes.facts import CraneMove
from processing.reconcile.move_list import KINDS, TosKind


@dataclass(frozen=True, slots=True)
class DetectedBox:
    """One box of one move.

    Attributes:
        crane: which moved it.
        move: the whole lift.
        place: 0 for its first box, 1 for its second.
        container_id: as the crane's camera read it, normalised; None where it read none.
    """

    crane: str
    move: CraneMove
    place: int
    container_id: str | None

    @property
    def at_us(self) -> int:
        """When it was set down and let go. [µs since 1970 UTC]."""
        return self.move.unlocked_us

    @property
    def kind(self) -> TosKind:
        """What was done with it."""
        return next(kind for kind in KINDS if kind == self.move.kind)


def boxes_of(moves: Iterable[tuple[str, CraneMove]]) -> list[DetectedBox]:
    """The boxes of moves that a move list has too: hatch covers, gear and moves in the yard are none.

    Args:
        moves: with their crane.

    Returns: in order of time and crane.
    """
    found = []
    for crane, move in moves:
        if move.kind in KINDS:
            read = sorted({normalise(one) for one in move.container_ids})[: move.boxes]
            numbers = [*read, *[None] * (move.boxes - len(read))]
            found += [DetectedBox(crane, move, place, number) for place, number in enumerate(numbers)]
    return sorted(found, key=lambda box: (box.at_us, box.crane, box.move.locked_us, box.place))
