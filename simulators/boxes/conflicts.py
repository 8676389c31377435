"""Contradictions put into the flow of boxes: what facts show where two boxes have one number, or a number is wrong.

What contradicts is `APART_US` at least away from what it contradicts: less may be clocks that differ; and a box is on
two plugs for `PLUGS_APART_US`: some plugs report each hour. All numbers of what is put in are read right: what nobody
reads contradicts nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from processing.containers.timeline import ConflictKind
from processing.model.times import HOUR_US, MINUTE_US, SECOND_US
from simulators.boxes.flow import PLUGS, QUAY_CRANES, YARD_CRANES, Flow, TrueBox

APART_US, PLUGS_APART_US = 20 * MINUTE_US, 90 * MINUTE_US
LATEST_US = 3 * HOUR_US
"""What shows a box after it has left does so by then."""
RACK = tuple(f"rack-{n:02d}" for n in range(1, 49))
EACH_H = 6.0
"""Each way is put in once in so many hours, and once at least."""


@dataclass(frozen=True, slots=True)
class TrueConflict:
    """A contradiction that was put in.

    Attributes:
        number: of the box.
        kind: what it is.
        way: how it came about.
        from_us, to_us: when the facts show it. [µs since 1970 UTC]
    """

    number: str
    kind: ConflictKind
    way: str
    from_us: int
    to_us: int


class FlowWithConflicts(Flow):
    """Boxes of some hours, some with contradictions.

    Attributes:
        conflicts: that were put in, of one number one at most.
    """

    conflicts: list[TrueConflict]

    def run(self, hours: float) -> None:
        """Let boxes begin their ways for so long, and put contradictions in."""
        super().run(hours)
        self.conflicts, self._read_share = [], 1.0
        order = [self.boxes[int(n)] for n in self._rng.permutation(len(self.boxes))]
        boxes = [box for box in order if box.read]
        for way in WAYS:
            for _ in range(max(1, round(hours / EACH_H))):
                box = next(filter(way.fits, boxes), None)
                if box is None:
                    continue
                boxes.remove(box)
                self._put_in(way, box)

    def _put_in(self, way: "Way", box: TrueBox) -> None:
        """One of them."""
        other = self._new_box() if way.of_unknown else TrueBox(box.number)
        first = len(self.facts)
        at_us = self._at_us(way, box)
        way.put_in(self, other, box, at_us)
        shown_us = max(one.time_us for one in self.facts[first:]) + 30 * MINUTE_US
        until_us = box.left_us + MINUTE_US if way.seen_by_the_first else shown_us
        self.conflicts.append(TrueConflict(other.number, way.kind, way.name, at_us, until_us))

    def _at_us(self, way: "Way", box: TrueBox) -> int:
        """A moment at which it contradicts."""
        if way.after_leaving:
            return box.left_us + round(float(self._rng.uniform(APART_US, LATEST_US)))
        begin_us, end_us = box.stacked_us
        return round(float(self._rng.uniform(begin_us + way.apart_us, end_us - way.apart_us)))

    def comes_by_gate(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """A second box comes, and goes all its way."""
        self._export([other], at_us)

    def comes_by_ship(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """A second box comes, and goes all its way."""
        self._import([other], at_us)

    def is_moved(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """A crane of the yard moves it."""
        self._lift([other], self._pick("armg", YARD_CRANES), "rehandle", at_us, self._slot_m())

    def goes_out(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """A truck takes it away."""
        self._gate(other, "out", at_us)

    def is_loaded(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """A quay crane loads it."""
        sts = self._pick("sts", QUAY_CRANES)
        self._lift([other], sts, "load", at_us, 60.0 + 40.0 * int(sts[3:]))

    def is_plugged_in(self, other: TrueBox, box: TrueBox, at_us: int) -> None:
        """It is on another plug than before."""
        names = [name for n in range(PLUGS) if (name := f"r{n}") != box.plug]
        plug = names[int(self._rng.integers(len(names)))]
        self._on_plug(other, plug, at_us, at_us + PLUGS_APART_US + self._s(0, 3_600))

    def is_on_a_rack(self, other: TrueBox, _box: TrueBox, at_us: int) -> None:
        """Every plug of a rack has its number within seconds."""
        for n, plug in enumerate(RACK):
            self._on_plug(other, plug, at_us + n * SECOND_US, at_us + HOUR_US + n * SECOND_US)


def _stays(box: TrueBox) -> bool:
    """Whether it stands long enough for something to contradict it."""
    return box.stacked_us[1] - box.stacked_us[0] > 3 * APART_US


def _is_exported(box: TrueBox) -> bool:
    return _stays(box) and box.exported


def _is_plugged(box: TrueBox) -> bool:
    return box.plug is not None and box.stacked_us[1] - box.stacked_us[0] > 3 * PLUGS_APART_US


def _has_left(box: TrueBox) -> bool:
    return box.left_seen


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a contradiction comes about.

    Attributes:
        name: in words.
        kind: of the conflict.
        put_in: adds its facts: of what is put in, beside which box, when.
        fits: whether a box is one for it.
        after_leaving: when that box has left; else while it stands in the stack.
        seen_by_the_first: it shows when the first box goes on; else at once.
        of_unknown: it has a number that nobody has seen.
        apart_us: how far it is from the ends of the time in the stack. [µs]
    """

    name: str
    kind: ConflictKind
    put_in: Callable[[FlowWithConflicts, TrueBox, TrueBox, int], None]
    fits: Callable[[TrueBox], bool] = _stays
    after_leaving: bool = False
    seen_by_the_first: bool = False
    of_unknown: bool = False
    apart_us: int = APART_US


Put = FlowWithConflicts
WAYS = (
    Way("is on two plugs", "two_plugs", Put.is_plugged_in, _is_plugged, apart_us=PLUGS_APART_US),
    Way("is on 48 plugs within seconds", "two_plugs", Put.is_on_a_rack),
    Way("comes by gate, and is on a ship", "arrived_twice", Put.comes_by_gate, _is_exported, after_leaving=True),
    Way("comes by gate, and is inside", "arrived_twice", Put.comes_by_gate),
    Way("comes by ship, and is inside", "arrived_twice", Put.comes_by_ship),
    Way("is moved, and has left", "seen_after_leaving", Put.is_moved, _has_left, after_leaving=True),
    Way("is plugged in, and has left", "seen_after_leaving", Put.is_plugged_in, _has_left, after_leaving=True),
    Way("goes out, and has left", "seen_after_leaving", Put.goes_out, _has_left, after_leaving=True),
    Way("is loaded, and has left", "seen_after_leaving", Put.is_loaded, _has_left, after_leaving=True),
    Way("another one goes out under its number", "seen_after_leaving", Put.goes_out, seen_by_the_first=True),
    Way("another one is loaded under its number", "seen_after_leaving", Put.is_loaded, seen_by_the_first=True),
    Way("goes out, and never came", "left_without_arriving", Put.goes_out, of_unknown=True),
    Way("is loaded, and never came", "left_without_arriving", Put.is_loaded, of_unknown=True),
)


def flow_with_conflicts(seed: Any, start_us: int, hours: float, read_share: float) -> FlowWithConflicts:
    """Boxes of some hours, the same for the same seed."""
    made = FlowWithConflicts(np.random.default_rng(seed), start_us, read_share)
    made.run(hours)
    return made
