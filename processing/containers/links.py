"""Which facts are of the same box: a crane puts it on a vehicle, or takes it off one, where and when that stands there.

Of trucks nobody knows where they stand: a lane and a crane meet where one misread by a sign what the other has read.

Each fact has ends at which it may meet another one. Two ends are joined where each is the best partner of the other,
so that links are a function of the facts around, in whatever order these become known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from processing.containers.derivation import FactName, FactOf, numbers_of
from processing.cranes.facts import CraneMove
from processing.gates.facts import GateTransaction
from processing.model.times import MINUTE_US, SECOND_US
from processing.vehicles.facts import VehicleTrip

EndKind = Literal["put", "left", "stood", "taken", "came", "went"]
"""A crane has put something down; a laden vehicle has left; its load was taken, or it went on; a crane has lifted; a
truck has come in through a lane; one has gone out."""
LINKED = (CraneMove, VehicleTrip, GateTransaction)
"""Facts that have ends, or had some in an earlier version."""
MEETS: dict[EndKind, tuple[EndKind, ...]] = {
    "put": ("left", "went"),
    "left": ("put", "stood"),
    "stood": ("taken", "left"),
    "taken": ("stood", "came"),
    "came": ("taken",),
    "went": ("put",),
}
EARLY_US, LATE_US = 5 * SECOND_US, 2 * MINUTE_US
"""A vehicle leaves no earlier than that before a crane has put a box on it, and no later than that after. Assumed."""
TAKEN_US = 15 * SECOND_US
"""A vehicle knows that its load is gone within this time of the lift. Assumed. [µs]"""
NEAR_M = 10.0
"""A vehicle stands below a crane within this distance along the quay. Assumed. [m]"""
REACH_US = 30 * MINUTE_US
"""Facts with times in their keys further apart are not joined. [µs]"""
ONLY, LIKELY = 0.95, 0.7
"""How likely two ends belong together where neither has another partner, and where one has. Assumed."""
AGREED, WENT_ON = 1e5, 1e6
"""What it counts, in seconds, that the same number was read at both; that a vehicle went on. [s]"""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a fact. Times in µs since 1970 UTC.

    Attributes:
        kind: what happened.
        time_us: when.
        x_m: where along the quay, None: unknown. [m]
        device: whose fact it is.
        key_us: the time in the fact's key.
        name: the fact.
        certain: numbers that were read of its boxes with a right check digit.
        misread: numbers with a wrong one.
    """

    kind: EndKind
    time_us: int
    x_m: float | None
    device: str
    key_us: int
    name: FactName
    certain: frozenset[str]
    misread: frozenset[str]

    @property
    def part(self) -> tuple[EndKind, int]:
        """Where it is kept."""
        return self.kind, self.time_us // MINUTE_US


def ends_of(one: FactOf) -> tuple[End, ...]:
    """Ends of a fact; most types have none."""
    fact, found = one.fact, list[tuple[EndKind, int, float | None]]()
    if isinstance(fact, CraneMove) and fact.boxes:
        if fact.kind != "load":
            found.append(("put", fact.unlocked_us, fact.gantry_m))
        if fact.kind != "discharge":
            found.append(("taken", fact.lifted_us, fact.gantry_m))
    elif isinstance(fact, VehicleTrip) and fact.laden:
        found.append(("left", fact.began_us, fact.from_x_m))
        if fact.served_us is not None:
            found.append(("stood", fact.served_us, fact.to_x_m))
    elif isinstance(fact, GateTransaction) and fact.passed_us is not None and fact.direction is not None:
        found.append(("came" if fact.direction == "in" else "went", fact.passed_us, None))
    if not found or (isinstance(fact, CraneMove) and fact.kind == "shift"):
        return ()
    numbers = numbers_of(one)
    certain = frozenset(number.number for number in numbers if number.check_ok)
    misread = frozenset(number.number for number in numbers if not number.check_ok)
    return tuple(End(*end, one.device, one.time_us, one.name, certain, misread) for end in found)


class Links:
    """Ends of facts by time, and how they meet."""

    def __init__(self) -> None:
        self._ends: dict[FactName, tuple[End, ...]] = {}
        self._parts: dict[tuple[EndKind, int], list[End]] = {}

    def add(self, name: FactName, ends: tuple[End, ...]) -> None:
        """Enter a fact with its ends."""
        if ends:
            self._ends[name] = ends
        for end in ends:
            self._parts.setdefault(end.part, []).append(end)

    def drop(self, name: FactName) -> None:
        """Remove a fact."""
        for end in self._ends.pop(name, ()):
            part = self._parts[end.part]
            part.remove(end)
            if not part:
                del self._parts[end.part]

    def near(self, name: FactName, distance: int) -> set[FactName]:
        """Facts that so many meetings at most lie between, itself among them."""
        found, edge = {name}, {name}
        for _ in range(distance):
            ends = [end for one in edge for end in self._ends.get(one, ())]
            edge = {other.name for end in ends for other in self._candidates(end)} - found
            found |= edge
        return found

    def joined(self, name: FactName) -> list[tuple[FactName, float]]:
        """Facts of the same boxes that it meets, and how likely they are."""
        found = [self._partner(end) for end in self._ends.get(name, ())]
        return [(other.name, likely) for other, likely in filter(None, found)]

    def _partner(self, end: End) -> tuple[End, float] | None:
        """The end that it is joined with."""
        others = self._possible(end)
        if not others:
            return None
        best = min(others, key=lambda other: _cost(end, other))
        back = self._possible(best)
        if min(back, key=lambda other: _cost(best, other)) != end:
            return None
        return best, ONLY if len(others) == len(back) == 1 else LIKELY

    def _possible(self, end: End) -> list[End]:
        return [other for other in self._candidates(end) if not _contradict(end, other)]

    def _candidates(self, end: End) -> Iterator[End]:
        """Ends that it may meet, whatever numbers were read."""
        for kind in MEETS[end.kind]:
            before_us, after_us = _window_us(end.kind, kind)
            first, last = (end.time_us - before_us) // MINUTE_US, (end.time_us + after_us) // MINUTE_US
            for minute in range(first, last + 1):
                for other in self._parts.get((kind, minute), ()):
                    in_time = -before_us <= other.time_us - end.time_us <= after_us
                    if in_time and abs(other.key_us - end.key_us) <= REACH_US and _meet(end, other):
                        yield other


def _window_us(kind: EndKind, other: EndKind) -> tuple[int, int]:
    """How long before an end another one may be, and how long after. [µs]."""
    match kind, other:
        case ("put", "left"):
            return EARLY_US, LATE_US
        case ("left", "put"):
            return LATE_US, EARLY_US
        case ("stood", "taken") | ("taken", "stood"):
            return TAKEN_US, TAKEN_US
        case ("taken", "came") | ("went", "put"):
            return REACH_US, 0
        case ("came", "taken") | ("put", "went"):
            return 0, REACH_US
    return 0, 0  # of one vehicle that goes on


def _meet(end: End, other: End) -> bool:
    """Whether two ends that are near enough in time may be of the same box."""
    if end.device == other.device:
        return end.name != other.name and {end.kind, other.kind} == {"left", "stood"}
    if {end.kind, other.kind} & {"came", "went"}:
        return _alike(end.misread, other.certain) or _alike(other.misread, end.certain)
    if {end.kind, other.kind} == {"left", "stood"}:
        return False
    return end.x_m is not None and other.x_m is not None and abs(end.x_m - other.x_m) <= NEAR_M


def _alike(misread: frozenset[str], certain: frozenset[str]) -> bool:
    return any(differ_by_a_sign(one, other) for one in misread for other in certain)


def differ_by_a_sign(one: str, other: str) -> bool:
    """Whether two numbers are of the same length, and one sign is another."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _contradict(end: End, other: End) -> bool:
    return bool(end.certain and other.certain and end.certain.isdisjoint(other.certain))


def _cost(end: End, other: End) -> tuple[float, tuple[object, ...]]:
    """What speaks against a partner, in seconds; no two are the same."""
    cost = abs(end.time_us - other.time_us) / SECOND_US
    cost -= AGREED * bool(end.certain & other.certain) + WENT_ON * (end.device == other.device)
    return cost, (other.time_us, other.device, other.key_us)
