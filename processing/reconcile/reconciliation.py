"""The result of a comparison: counts, and who disagrees in what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processing.cranes.facts import CraneMove
from processing.reconcile.detected_boxes import DetectedBox, boxes_of
from processing.reconcile.matching import TOLERANCE_US, Matched, Pair, match
from processing.reconcile.move_list import TosKind, TosMove


@dataclass(frozen=True, slots=True)
class Count:
    """Boxes of one crane and kind; the crane is None for lines that name none, for all if no line names one."""

    crane: str | None
    kind: TosKind
    detected: int
    tos: int

    @property
    def difference(self) -> int:
        """Detected less listed."""
        return self.detected - self.tos


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A list beside what was detected.

    Attributes:
        detected, tos: boxes on either side.
        matched: which belong together.
        counts: by crane and kind.
    """

    detected: int
    tos: int
    matched: Matched
    counts: tuple[Count, ...]

    @property
    def difference(self) -> int:
        """Boxes detected less boxes in the list."""
        return self.detected - self.tos

    @property
    def difference_pct(self) -> float | None:
        """The same in per cent of the boxes in the list, None where it is empty. [%]."""
        return 100 * self.difference / self.tos if self.tos else None

    @property
    def differing(self) -> tuple[Pair, ...]:
        """Pairs that do not agree in everything."""
        return tuple(pair for pair in self.matched.pairs if pair.differs)

    @property
    def equal(self) -> bool:
        """Whether both sides agree on every box."""
        return not (self.matched.only_found or self.matched.only_tos or self.differing)


def reconcile(
    moves: Iterable[tuple[str, CraneMove]], lines: Sequence[TosMove], tolerance_us: int = TOLERANCE_US
) -> Reconciliation:
    """Compare a call's detected moves, each with its crane, with the lines of its list."""
    boxes = boxes_of(moves)
    return Reconciliation(len(boxes), len(lines), match(boxes, lines, tolerance_us), _counts(boxes, lines))


def _counts(boxes: Sequence[DetectedBox], lines: Sequence[TosMove]) -> tuple[Count, ...]:
    named = any(line.crane is not None for line in lines) or not lines
    ours: Counter[tuple[str | None, TosKind]] = Counter((box.crane if named else None, box.kind) for box in boxes)
    theirs: Counter[tuple[str | None, TosKind]] = Counter((line.crane, line.kind) for line in lines)
    keys = sorted({*ours, *theirs}, key=lambda key: (key[0] is None, key[0] or "", key[1]))
    return tuple(Count(crane, kind, ours[crane, kind], theirs[crane, kind]) for crane, kind in keys)
