"""What happened beside what was found: which belong together, and how far apart moves are."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from processing.cranes.facts import CraneMove
from simulators.cranes import TrueMove

LEAST_OVERLAP = 0.3
"""Of the time from lock to unlock that either takes, the share that both take."""
Span = tuple[int, int]
"""From, until. [µs since 1970 UTC]"""
PHASES = ("locked", "lifted", "landed", "unlocked")


@dataclass(frozen=True, slots=True)
class Pair:
    """A move that happened, and what was found of it, None: it was missed."""

    true: TrueMove
    found: CraneMove | None

    @property
    def kind_right(self) -> bool:
        """Whether it was found to be what it was."""
        return self.found is not None and self.found.kind == self.true.kind

    @property
    def boxes_right(self) -> bool:
        """Whether as many boxes were found as there were."""
        return self.found is not None and self.found.boxes == self.true.boxes

    def error_ms(self, phase: str) -> float:
        """How much later a phase was found than it was; only where the move was found. [ms]."""
        return float(getattr(self.found, f"{phase}_us")) / 1000 - float(getattr(self.true, f"{phase}_ms"))


def match(true: Sequence[TrueMove], found: Sequence[CraneMove]) -> tuple[list[Pair], list[CraneMove]]:
    """Pairs of one crane's moves, each at most in one, those that overlap most first; and moves that never were.

    Args:
        true: what happened.
        found: what was found.
    """
    ordered = sorted(found, key=lambda move: move.locked_us)
    partner = partners(
        [(move.locked_ms * 1000, move.unlocked_ms * 1000) for move in true],
        [(move.locked_us, move.unlocked_us) for move in ordered],
    )
    taken = set(partner.values())
    pairs = [Pair(move, ordered[partner[at]] if at in partner else None) for at, move in enumerate(true)]
    return pairs, [move for other, move in enumerate(ordered) if other not in taken]


def partners(true_us: Sequence[Span], found_us: Sequence[Span]) -> dict[int, int]:
    """Which true spans were found as which, each at most once, those that overlap most first.

    Args:
        true_us: begin and end of what happened. [µs since 1970 UTC]
        found_us: of what was found, in order. [µs since 1970 UTC]
    """
    starts = [begin_us for begin_us, _ in found_us]
    candidates = []
    for at, span in enumerate(true_us):
        low = bisect_left(starts, span[0]) - 3
        for other in range(max(0, low), min(len(found_us), low + 7)):
            overlap = _overlap(span, found_us[other])
            if overlap >= LEAST_OVERLAP:
                candidates.append((-overlap, at, other))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, other in sorted(candidates):
        if at not in partner and other not in taken:
            partner[at] = other
            taken.add(other)
    return partner


def _overlap(true: Span, found: Span) -> float:
    both = min(true[1], found[1]) - max(true[0], found[0])
    return both / (max(true[1], found[1]) - min(true[0], found[0]))
