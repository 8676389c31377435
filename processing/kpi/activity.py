"""What several cranes did in a window: the totals of which terms are made."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import fsum

from processing.cranes.cycles import LONGEST_CYCLE_US, PARTS
from processing.cranes.facts import CraneMove
from processing.kpi.crane_activity import CraneActivity
from processing.kpi.totals import HUNDREDTHS, WH_PER_KWH
from processing.model.kept import Kept


class Activity:
    """What some cranes did in a window.

    Args:
        cranes: what each did.
    """

    def __init__(self, cranes: Iterable[CraneActivity]) -> None:
        self.cranes = list(cranes)

    @property
    def crane_count(self) -> int:
        """How many cranes had been heard of."""
        return len(self.cranes)

    @Kept
    def busy(self) -> bool:
        """Whether a crane moved anything or had a delay."""
        return any(one.moves or one.delays for one in self.cranes)

    @Kept
    def counted(self) -> list[CraneMove]:
        """Box moves, by crane, in order."""
        return [move for one in self.cranes for move in one.counted]

    @Kept
    def lifts(self) -> int:
        """Box moves."""
        return len(self.counted)

    @Kept
    def boxes(self) -> int:
        """Boxes of the box moves."""
        return sum(move.boxes for move in self.counted)

    @Kept
    def teu_hundredths(self) -> int:
        """TEU of the box moves, in whole numbers: a quarter of a TEU is exact, and so are sums of them. [0.01 TEU]."""
        return round(sum(move.teu for move in self.counted) * HUNDREDTHS)

    @property
    def teu(self) -> float:
        """TEU of the box moves."""
        return self.teu_hundredths / HUNDREDTHS

    @Kept
    def twin_lifts(self) -> int:
        """Box moves of two 20 ft boxes at once."""
        return sum(move.twin for move in self.counted)

    @Kept
    def moves(self) -> int:
        """Moves of all kinds."""
        return sum(len(one.moves) for one in self.cranes)

    @Kept
    def allocated_us(self) -> int:
        """Allocated crane time. [µs]."""
        return sum(end - begin for one in self.cranes for begin, end in one.allocated)

    @Kept
    def logged_on_us(self) -> int:
        """Crane time with an operator logged on. [µs]."""
        return sum(end - begin for one in self.cranes for begin, end in one.logged_on)

    @Kept
    def excluded_us(self) -> int:
        """Allocated crane time that net rates leave out. [µs]."""
        return sum(part.length_us for one in self.cranes for part in one.excluded)

    @Kept
    def delay_us(self) -> Mapping[str, int]:
        """Allocated crane time in delays, by cause. [µs]."""
        found: dict[str, int] = {}
        for one in self.cranes:
            for part in one.allocated_delays:
                found[part.cause] = found.get(part.cause, 0) + part.length_us
        return found

    @Kept
    def failures(self) -> int:
        """Breakdowns that began in the window, in allocated time."""
        return sum(part.begun for one in self.cranes for part in one.allocated_delays if part.cause == "breakdown")

    @Kept
    def cycles_us(self) -> list[int]:
        """From one delivery to the next, pauses left out, shortest first. Source: TIC4.0 cycle. [µs]."""
        spans = [b.unlocked_us - a.unlocked_us for one in self.cranes for a, b in pairwise(one.moves)]
        return sorted(span for span in spans if span <= LONGEST_CYCLE_US)

    @Kept
    def parts_us(self) -> Mapping[str, list[int]]:
        """Of each part of a cycle, how long it was in the cycles of all moves, shortest first. [µs].

        Travel is without the time in which the crane stood still in the air; positioning is from lock to lift and from
        landing to unlock. Source: the active and inactive intervals of the ECT study (docs/sources.md).
        """
        known = [one.crane.parts[move.locked_us] for one in self.cranes for move in one.moves]
        return {
            part: sorted(span for span in column if span is not None)
            for part, column in zip(PARTS, zip(*known, strict=True) if known else ((),) * len(PARTS), strict=True)
        }

    @Kept
    def dual_pairs(self) -> int:
        """Pairs of a load and a discharge, one right after the other, that share a cycle; each move in one pair."""
        pairs = 0
        for one in self.cranes:
            before: CraneMove | None = None
            for move in one.moves:
                if (
                    before is not None
                    and {before.kind, move.kind} == {"load", "discharge"}
                    and move.unlocked_us - before.unlocked_us <= LONGEST_CYCLE_US
                ):
                    pairs, before = pairs + 1, None
                else:
                    before = move
        return pairs

    @Kept
    def energies_kwh(self) -> list[float]:
        """What the cycles of box moves took, of those where that is known. [kWh]."""
        return [move.energy_kwh for move in self.counted if move.energy_kwh is not None]

    @property
    def energy_wh(self) -> int:
        """What they took in all, in whole numbers: moves have it to the watt-hour. [Wh]."""
        return round(fsum(self.energies_kwh) * WH_PER_KWH)

    @property
    def energy_kwh(self) -> float:
        """What they took in all. [kWh]."""
        return self.energy_wh / WH_PER_KWH

    @property
    def energy_moves(self) -> int:
        """Of how many it is known."""
        return len(self.energies_kwh)

    @Kept
    def undecided(self) -> int:
        """Delays in allocated time of which a person may yet state the cause."""
        return sum(not part.stated or part.lasts for one in self.cranes for part in one.allocated_delays)

    @property
    def final(self) -> bool:
        """Whether no cause is left that a person may yet state."""
        return not self.undecided
