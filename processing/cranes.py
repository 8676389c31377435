"""Crane moves from twistlocks, landing pins, load and hoist height.

The state machine: empty → locked → laden → unlocked, where a lock without evidence of a lift is
no move. Only changes matter, so whole columns are searched for them and the machine sees little more than the edges.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.facts import CraneMove, MoveKind

UNLOCKED, LOCKED, BETWEEN, UNKNOWN = 0, 1, 2, 3
"""Twistlock codes; BETWEEN is neither or both, a partial lock."""
FEW = 8
"""Up to so many rows are read one by one, which is faster than by numpy then."""


@dataclass(frozen=True, slots=True)
class CraneRules:
    """Parameters of the detector. Assumed figures, so they are parameters (docs/sources.md)."""

    debounce_us: int = 300_000
    lift_hold_us: int = 1_000_000
    lift_load_t: float = 1.5
    lift_rise_m: float = 1.0
    gap_us: int = 10_000_000
    vessel_side_m: float = 2.0
    backreach_side_m: float = -20.0
    yard: bool = False


STS = CraneRules()
YARD = CraneRules(yard=True)
RULES_BY_TYPE = {"STS": STS, "ARMG": YARD, "RTG": YARD}


@dataclass(frozen=True, slots=True)
class CraneColumns:
    """Samples of cranes, those of each together and in time order, absent values carried forward. All of shape (n,).

    Attributes:
        time_us: event time.
        code: twistlock code of each sample.
        landed: 1, 0, or 2 where never known.
        load_t, height_m, trolley_m, gantry_m, size_ft, twin: NaN where never known.
        air: whether something hangs on the ropes.
    """

    time_us: NDArray[np.int64]
    code: NDArray[np.int8]
    landed: NDArray[np.int8]
    load_t: NDArray[np.float64]
    height_m: NDArray[np.float64]
    trolley_m: NDArray[np.float64]
    gantry_m: NDArray[np.float64]
    size_ft: NDArray[np.float64]
    twin: NDArray[np.float64]
    air: NDArray[np.bool_]

    def edges(self, starts: NDArray[np.intp], gap_us: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows at which something may have changed, each crane's first one among them.

        Args:
            starts: first row of each crane, shape (d,).
            gap_us: from which silence on a crane counts as having been away, shape (n,).
        """
        changed = np.ones(len(self.time_us), dtype=bool)
        changed[1:] = (self.code[1:] != self.code[:-1]) | (self.air[1:] != self.air[:-1])
        changed[1:] |= self.landed[1:] != self.landed[:-1]
        changed[1:] |= np.diff(self.time_us) > gap_us[1:]
        changed[starts] = True
        return np.flatnonzero(changed)


def twistlock_code(locked: NDArray[np.float64], unlocked: NDArray[np.float64]) -> NDArray[np.int8]:
    """Twistlock code per sample from the two booleans; without an `unlocked` signal it is "not locked"."""
    code = np.full(locked.shape, BETWEEN, dtype=np.int8)
    free = np.where(np.isnan(unlocked), locked == 0, unlocked == 1)
    code[(locked == 1) & ~(unlocked == 1)] = LOCKED
    code[free & ~(locked == 1)] = UNLOCKED
    code[np.isnan(locked) & np.isnan(unlocked)] = UNKNOWN
    return code


@dataclass(slots=True)
class _Lift:
    """What is known of the lift since a lock edge."""

    locked_us: int
    height_m: float
    trolley_m: float
    gantry_m: float
    size_ft: float
    twin: float
    rise_us: int | None = None
    air_first_us: int | None = None
    air_us: int | None = None
    proven_us: int | None = None
    landed_us: int | None = None
    peak_load_t: float = float("-inf")
    gap: bool = False


class MoveDetector:
    """Finds the moves of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        rules: its parameters.
    """

    __slots__ = (
        "_air",
        "_code",
        "_code_us",
        "_exact",
        "_landed",
        "_last_us",
        "_lift",
        "_stable",
        "_told",
        "_unlock_trolley_m",
        "device_id",
        "rules",
    )

    def __init__(self, device_id: int, rules: CraneRules = STS) -> None:
        self.device_id = device_id
        self.rules = rules
        self._code = UNKNOWN  # code now, perhaps bouncing
        self._code_us = 0  # since when
        self._stable = UNKNOWN  # last code that stood for the debounce time
        self._landed = 2
        self._air = False
        self._lift: _Lift | None = None  # since the last lock edge
        self._last_us: int | None = None
        self._unlock_trolley_m = float("nan")
        self._told: CraneMove | None = None  # a move told early
        self._exact = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the crane's first sample had been seen: it has been seen empty since."""
        return self._exact

    @property
    def resting(self) -> bool:
        """Whether what was told so far is final: the spreader is empty."""
        return self._code == UNLOCKED == self._stable

    def feed(self, c: CraneColumns, edges: list[int], stop: int) -> tuple[list[CraneMove], list[CraneMove]]:
        """Advance over this crane's samples in time order.

        Args:
            c: columns of a batch.
            edges: this crane's first row, and those after it at which something may have changed.
            stop: the row after its last one.

        Returns: moves found, and moves told early that turned out wrong.
        """
        moves: list[CraneMove] = []
        retracted: list[CraneMove] = []
        start = at = edges[0]
        for edge in edges:
            if edge > at:
                self._between(c, at, edge)
            now = int(c.time_us[edge])
            self._settle(now, moves)
            self._edge(c, edge, now, int(c.time_us[edge - 1]) if edge > start else self._last_us, retracted)
            at = edge
        self._between(c, at, stop)
        self._last_us = int(c.time_us[stop - 1])
        self._settle(self._last_us, moves)
        return moves, retracted

    @property
    def unlock_pending(self) -> bool:
        """Whether the last unlock has not stood for the debounce time yet."""
        return self._code == UNLOCKED and self._stable == LOCKED

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was told early already."""
        return self._finish(self._code_us) if self.unlock_pending and self._told is None else None

    def tell_early(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been told."""
        self._told = move

    def _between(self, c: CraneColumns, start: int, stop: int) -> None:
        """Take in the samples from an edge up to the next one."""
        lift = self._lift
        if lift is None:
            return
        if lift.rise_us is None:
            risen_m = lift.height_m + self.rules.lift_rise_m
            if stop - start <= FEW:
                risen = [row for row in range(start, stop) if c.height_m[row] >= risen_m]
            else:
                risen = (start + np.flatnonzero(c.height_m[start:stop] >= risen_m)[:1]).tolist()
            if risen:
                lift.rise_us = int(c.time_us[risen[0]])
        if self._code != UNLOCKED:
            if stop - start <= FEW:
                lift.peak_load_t = max(lift.peak_load_t, *(_or_least(c.load_t[row]) for row in range(start, stop)))
            else:
                lift.peak_load_t = max(lift.peak_load_t, float(np.fmax.reduce(c.load_t[start:stop], initial=-np.inf)))

    def _settle(self, now_us: int, moves: list[CraneMove]) -> None:
        """Accept what has stood long enough by now."""
        lift = self._lift
        if lift is not None and lift.proven_us is None and self._air and self._code != UNLOCKED:
            held_us = 0 if lift.air_us is None else now_us - lift.air_us
            lift.proven_us = lift.air_us if held_us >= self.rules.lift_hold_us else None
        if self._code == self._stable or now_us - self._code_us < self.rules.debounce_us:
            return
        if self._code == UNLOCKED and self._stable == LOCKED:
            move = self._finish(self._code_us)
            if move is not None:
                moves.append(move)
            self._told = None
        if self._code in (LOCKED, UNLOCKED):
            if self._code == UNLOCKED:
                self._lift = None
                self._exact = True
            self._stable = self._code

    def _edge(self, c: CraneColumns, i: int, now_us: int, before_us: int | None, retracted: list[CraneMove]) -> None:
        """Take in a sample at which something may have changed."""
        code, landed, air = int(c.code[i]), int(c.landed[i]), bool(c.air[i])
        if self._lift is not None and before_us is not None and now_us - before_us > self.rules.gap_us:
            self._lift.gap = True
        if code != self._code:
            self._change_code(c, i, code, now_us, retracted)
        lift = self._lift
        if lift is not None and code != UNLOCKED:
            if air and (not self._air or lift.air_us is None):
                lift.air_us = now_us
                lift.air_first_us = lift.air_first_us or now_us
            if landed == 1 and self._landed != 1:
                lift.landed_us = now_us
        self._air, self._landed = air, landed

    def _change_code(self, c: CraneColumns, i: int, code: int, now_us: int, retracted: list[CraneMove]) -> None:
        if self._told is not None:  # the early move's unlock did not stand: `_settle` would have cleared it
            retracted.append(self._told)
            self._told = None
        if code == LOCKED and self._stable != LOCKED:
            self._lift = _Lift(
                now_us,
                float(c.height_m[i]),
                float(c.trolley_m[i]),
                float(c.gantry_m[i]),
                float(c.size_ft[i]),
                float(c.twin[i]),
            )
        if code == UNLOCKED:
            self._unlock_trolley_m = float(c.trolley_m[i])
        self._code, self._code_us = code, now_us

    def _finish(self, unlocked_us: int) -> CraneMove | None:
        """The move that ends with this unlock, None where nothing was lifted."""
        lift = self._lift
        if lift is None:
            return None
        risen = lift.rise_us is not None and lift.rise_us < unlocked_us
        lifted_us = lift.air_first_us if lift.air_first_us is not None else lift.rise_us
        if lifted_us is None or (lift.proven_us is None and not risen):
            return None
        landed_us = lift.landed_us if lift.landed_us is not None and lift.landed_us > lifted_us else unlocked_us
        twin = lift.twin == 1
        boxes = 2 if twin else 1
        return CraneMove(
            device_id=self.device_id,
            locked_us=lift.locked_us,
            lifted_us=lifted_us,
            landed_us=landed_us,
            unlocked_us=unlocked_us,
            kind=self._kind(lift.trolley_m, self._unlock_trolley_m),
            boxes=boxes,
            teu=boxes * (1.0 if twin or not lift.size_ft > 20 else 1.5 if lift.size_ft == 30 else 2.0),
            from_trolley_m=_known(lift.trolley_m),
            to_trolley_m=_known(self._unlock_trolley_m),
            gantry_m=_known(lift.gantry_m),
            peak_load_t=_known(lift.peak_load_t),
            size_ft=None if np.isnan(lift.size_ft) else int(lift.size_ft),
            twin=twin,
            inferred=lift.gap,
        )

    def _kind(self, from_m: float, to_m: float) -> MoveKind:
        """Kind by the sides it went between."""
        if self.rules.yard or np.isnan(from_m) or np.isnan(to_m):
            return "rehandle"
        from_vessel, to_vessel = from_m > self.rules.vessel_side_m, to_m > self.rules.vessel_side_m
        if from_vessel:
            return "shift" if to_vessel else "discharge"
        return "load" if to_vessel else "rehandle"


def _or_least(load_t: float) -> float:
    return float(load_t) if load_t == load_t else -np.inf  # noqa: PLR0124 - NaN, many times faster than by numpy


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
