"""The moves of one crane: twistlocks, landing pins, load cell and height, each of which may lie for a while.

Where lock and unlock are seen, they give the times. Where one was missed, the load tells: a spreader that leaves the
ground with a load has locked, and one that hangs empty after it has set something down has unlocked. Only segments in
which nothing switches are seen, so whole columns are searched and the machine takes few steps.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np

from processing.cranes.columns import LOCKED, UNKNOWN, UNLOCKED, CraneColumns, Segments
from processing.cranes.hanging import Hanging
from processing.cranes.lift import Lift, Place, boxes_of, kind_of
from processing.cranes.rules import STS, CraneRules
from processing.facts import CraneMove, MoveKind

MOST_ENERGY_KWH = 1_000.0
"""A counter that goes further in a cycle was reset. [kWh]"""
ENOUGH_ROWS = 3
"""An empty flight of fewer samples tells no tare."""


@dataclass(slots=True)
class _Delivered:
    """The last move, where the spreader was then, and where at the end of the one before."""

    move: CraneMove
    lift: Lift
    to: Place
    since: Place | None
    away: bool = False


class MoveDetector:
    """Finds the moves of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        rules: its parameters.
    """

    __slots__ = (
        "_before",
        "_cargo",
        "_code",
        "_code_us",
        "_delivered",
        "_delivered_count",
        "_flight_mt",
        "_flight_rows",
        "_hanging",
        "_ids",
        "_kind",
        "_landed",
        "_last_us",
        "_lift",
        "_moves",
        "_off_us",
        "_retracted",
        "_stable",
        "_still_us",
        "_tare_t",
        "_told",
        "_touch",
        "_unlock",
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
        self._lift: Lift | None = None  # since the last lock
        self._touch: Place | None = None  # where it landed last
        self._off_us: int | None = None  # when it left the ground last, None where that was not seen
        self._unlock: Place | None = None  # where the twistlocks opened last
        self._hanging = Hanging(rules)
        self._flight_mt = self._flight_rows = 0  # loads of the empty spreader in the air since the last unlock
        self._tare_t = 0.0
        self._still_us = 0  # how long it stood still in the air since the first sample
        self._delivered: _Delivered | None = None
        self._delivered_count = 0
        self._kind: MoveKind | None = None  # last one of which both sides were known
        self._last_us: int | None = None
        self._ids: list[tuple[int, tuple[str, ...]]] = []  # what the OCR told last, and when
        self._told: CraneMove | None = None  # a move told early
        self._moves: list[CraneMove] = []
        self._retracted: list[CraneMove] = []

    # What others ask.

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the crane's first sample had been seen: two moves were, from end to end."""
        return self._delivered_count >= 2

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples. [µs since 1970 UTC]."""
        last_us = self._last_us or 0
        begun = [last_us + 1]
        if self._lift is not None:
            begun.append(self._lift.locked.time_us)
        elif self._touch is not None and (self._off_us is None or last_us - self._off_us <= 2 * self.rules.hold_us):
            begun.append(self._touch.time_us)  # a lock that was missed would be told from there
        done = self._delivered
        if done is not None and not done.away and last_us - done.move.unlocked_us <= self.rules.step_us:
            begun.append(done.move.locked_us)  # it may be taken up again
        return min(begun)

    @property
    def unlock_pending(self) -> bool:
        """Whether the last unlock has not stood for the debounce time yet."""
        return self._code == UNLOCKED and self._stable != UNLOCKED and self._lift is not None

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was told early already."""
        if not self.unlock_pending or self._told is not None or self._unlock is None:
            return None
        made = self._made(self._unlock, inferred=False)
        return made.move if made is not None else None

    def tell_early(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been told."""
        self._told = move

    # What happens.

    def feed(self, c: CraneColumns, s: Segments, first: int, last: int, stop: int) -> None:
        """Advance over this crane's samples in time order; see `take`.

        Args:
            c: columns of a batch.
            s: its segments.
            first: this crane's first segment.
            last: the one after its last.
            stop: the row after its last one.
        """
        for at in range(first, last):
            row, now_us = s.row[at], s.time_us[at]
            before_us = int(c.time_us[row - 1]) if at > first else self._last_us
            self._settle(now_us)
            if before_us is not None and now_us - before_us > self.rules.gap_us and self._lift is not None:
                self._lift.gap = True
            landed, code = s.landed[at], s.code[at]
            if landed != self._landed:
                self._change_landed(c, row, now_us, landed)
            if code != self._code:
                self._change_code(c, row, now_us, code)
            end = s.row[at + 1] if at + 1 < last else stop
            self._between(c, row, end, s, at)
            self._last_us = int(c.time_us[end - 1])
        self._settle(self._last_us or 0)

    def take(self) -> tuple[list[CraneMove], list[CraneMove]]:
        """Moves found since it was asked last, and moves told early that turned out wrong."""
        taken = self._moves, self._retracted
        if self._moves or self._retracted:
            self._moves, self._retracted = [], []
        return taken

    def _between(self, c: CraneColumns, row: int, end: int, s: Segments, at: int) -> None:
        """Take in the rows of a segment."""
        lift, airborne = self._lift, self._landed != 1
        self._still_us += s.still_us[at]
        self._flight_mt += s.flight_mt[at]
        self._flight_rows += s.flight_rows[at]
        if c.ids:
            told = c.ids[bisect_left(c.ids, row, key=_row) : bisect_left(c.ids, end, key=_row)]
            self._ids = [*self._ids, *((int(c.time_us[i]), ids) for i, ids in told)][-2:]
        if lift is None:
            if self._delivered is not None and not self._delivered.away:
                self._watch_away(c, row, end, self._delivered)
            if airborne and self._off_us is not None:
                self._watch_missed_lock(c, row, end)
            return
        if lift.rise_us is None:
            self._watch_rise(c, row, end, lift)
        if airborne or lift.rise_us is not None:
            self._watch_load(c, row, end, lift, airborne=airborne)

    def _watch_away(self, c: CraneColumns, row: int, end: int, done: _Delivered) -> None:
        """Whether the spreader goes further from what it has set down than anyone does who takes it up again."""
        far = np.abs(c.trolley_m[row:end] - done.to.trolley_m) > self.rules.away_m
        done.away = bool(far.any())

    def _watch_missed_lock(self, c: CraneColumns, row: int, end: int) -> None:
        """A load that hangs from the moment the spreader leaves the ground, and no lock was seen."""
        load_t = c.load_t[row:end]
        hanging = self._hanging
        if hanging.since_us is None and not float(np.fmax.reduce(load_t)) >= self._tare_t + self.rules.lift_load_t:
            return
        hanging.watch(load_t, c.trolley_m[row:end], c.time_us[row:end], self._tare_t)
        self._infer_lock()

    def _infer_lock(self) -> None:
        hanging, off_us, place = self._hanging, self._off_us, self._touch
        if not hanging.heavy or hanging.first_us is None or off_us is None or place is None:
            return
        if hanging.since_us != hanging.first_us or hanging.first_us - off_us > self.rules.hold_us:
            return
        doubtful = self._stable == UNLOCKED == self._code
        self._lift = Lift(place, self._tare_t, inferred=True, doubtful=doubtful, air_us=hanging.first_us, proven=True)
        self._lift.peak_t, self._lift.farthest_m = hanging.peak_t, hanging.farthest_m

    def _watch_rise(self, c: CraneColumns, row: int, end: int, lift: Lift) -> None:
        risen = c.height_m[row:end] >= lift.locked.height_m + self.rules.lift_rise_m
        first = int(risen.argmax())
        if risen[first]:
            lift.rise_us = int(c.time_us[row + first])

    def _watch_load(self, c: CraneColumns, row: int, end: int, lift: Lift, *, airborne: bool) -> None:
        load_t = c.load_t[row:end]
        lift.peak_t = max(lift.peak_t, float(np.fmax.reduce(load_t, initial=-math.inf)))
        lift.least_t = min(lift.least_t, float(np.fmin.reduce(load_t, initial=math.inf)))
        lift.farthest_m = max(lift.farthest_m, float(np.fmax.reduce(c.trolley_m[row:end], initial=-math.inf)))
        if not airborne or (lift.proven and lift.touched is None):
            return
        hanging = self._hanging
        hanging.watch(load_t, c.trolley_m[row:end], c.time_us[row:end], lift.tare_t)
        self._judge(lift)

    def _judge(self, lift: Lift) -> None:
        """What hangs there by now: a load that proves the lift, or nothing after it was set down."""
        hanging = self._hanging
        if lift.air_us is None:
            lift.air_us = hanging.first_us
        if hanging.heavy:
            lift.proven = True
        if hanging.light and lift.touched is not None and lift.proven and self._off_us is not None:
            self._deliver(replace(lift.touched, time_us=self._off_us), inferred=True)

    def _settle(self, now_us: int) -> None:
        """Accept what has stood long enough by now."""
        lift = self._lift
        if self._landed != 1 and (lift is None or not lift.proven or lift.touched is not None):
            self._hanging.settle(now_us)
            if lift is not None:
                self._judge(lift)
            elif self._off_us is not None:
                self._infer_lock()
        if self._code == self._stable or now_us - self._code_us < self.rules.debounce_us:
            return
        if self._code == UNLOCKED:
            if self._lift is not None and self._unlock is not None:
                self._deliver(self._unlock, inferred=False)
            self._told = None
        if self._code in (LOCKED, UNLOCKED):
            self._stable = self._code

    def _change_landed(self, c: CraneColumns, row: int, now_us: int, landed: int) -> None:
        lift = self._lift
        if landed == 1:
            self._touch = self._place(c, row, now_us)
            if lift is not None and lift.lifted_us is not None:
                lift.touched = self._touch
        self._off_us = now_us if landed == 0 and self._landed == 1 else None
        self._hanging.restart()
        self._landed = landed

    def _change_code(self, c: CraneColumns, row: int, now_us: int, code: int) -> None:
        if self._told is not None:  # the early move's unlock did not stand: `_settle` would have cleared it
            self._retracted.append(self._told)
            self._told = None
        place = self._place(c, row, now_us)
        if code == LOCKED and self._stable != LOCKED:
            self._lock(place)
        if code == UNLOCKED:
            self._unlock = place
            self._flight_mt = self._flight_rows = 0
            if self._stable == UNLOCKED and self._lift is not None and not self._lift.inferred:
                self._lift = None  # that lock was a bounce
        self._code, self._code_us = code, now_us

    def _lock(self, place: Place) -> None:
        """The twistlocks have closed."""
        lift = self._lift
        if lift is not None and (lift.proven or lift.risen(self.rules)) and not lift.doubtful:
            touched = lift.touched
            if touched is None or not abs(place.trolley_m - touched.trolley_m) > self.rules.step_m:
                return  # a partial lock on the way, or a lock that was told late
            self._deliver(touched, inferred=True)
        self._lift = Lift(place, self._tare())
        self._hanging.restart()

    def _tare(self) -> float:
        """What the load cell told of the empty spreader on the flight that ends. [t]."""
        tare_t = self._flight_mt / self._flight_rows / 1000 if self._flight_rows >= ENOUGH_ROWS else 0.0
        self._tare_t = tare_t if abs(tare_t) <= self.rules.most_tare_t else 0.0
        return self._tare_t

    # A move.

    def _deliver(self, to: Place, *, inferred: bool) -> None:
        made = self._made(to, inferred=inferred)
        if made is not None:
            self._moves.append(made.move)
            self._delivered, self._delivered_count = made, self._delivered_count + 1
            known = not math.isnan(made.lift.locked.trolley_m) and not math.isnan(to.trolley_m)
            self._kind = made.move.kind if known else self._kind
        self._lift = None
        self._hanging.restart()

    def _made(self, to: Place, *, inferred: bool) -> _Delivered | None:
        """The move that ends here, None where nothing was lifted."""
        lift = self._lift
        if lift is None or lift.lifted_us is None or not (lift.proven or lift.risen(self.rules)):
            return None
        if lift.lifted_us >= to.time_us:
            return None
        told = [ids for at_us, ids in self._ids if lift.locked.time_us <= at_us <= to.time_us]
        lift = replace(lift, ids=told[-1]) if told else lift
        before = self._delivered
        if before is not None and self._same_box(before, lift, to):
            merged = replace(
                lift, locked=before.lift.locked, inferred=before.lift.inferred, ids=lift.ids or before.lift.ids
            )
            merged.farthest_m = max(lift.farthest_m, before.lift.farthest_m)
            merged.gap = lift.gap or before.lift.gap
            merged.air_us, merged.rise_us = before.lift.air_us, before.lift.rise_us
            return _Delivered(self._move(merged, to, before.since, inferred=inferred), merged, to, before.since)
        since = before.to if before is not None else None
        return _Delivered(self._move(lift, to, since, inferred=inferred), lift, to, since)

    def _move(self, lift: Lift, to: Place, since: Place | None, *, inferred: bool) -> CraneMove:
        kind, sides_known = kind_of(lift, to.trolley_m, self.rules, self._kind)
        boxes, agreed = boxes_of(lift, kind, self.rules)
        twin = boxes == 2
        lifted_us = lift.lifted_us or lift.locked.time_us
        touched_us = lift.touched.time_us if lift.touched is not None else 0
        doubts = 0.3 * (lift.inferred or inferred) + 0.3 * lift.gap + 0.3 * (not sides_known)
        doubts += 0.2 * (not lift.proven) + 0.2 * (not agreed)
        load_t = lift.load_t
        return CraneMove(
            device_id=self.device_id,
            began_us=None if since is None else since.time_us,
            locked_us=lift.locked.time_us,
            lifted_us=lifted_us,
            landed_us=touched_us if lifted_us < touched_us <= to.time_us else to.time_us,
            unlocked_us=to.time_us,
            kind=kind,
            boxes=boxes,
            teu=boxes * (1.0 if twin or not lift.locked.size_ft > 20 else 1.5 if lift.locked.size_ft == 30 else 2.0),
            from_trolley_m=_known(lift.locked.trolley_m),
            to_trolley_m=_known(to.trolley_m),
            gantry_m=_known(lift.locked.gantry_m),
            peak_load_t=None if load_t is None else round(load_t, 3),
            size_ft=None if math.isnan(lift.locked.size_ft) else int(lift.locked.size_ft),
            twin=twin,
            container_ids=lift.ids,
            energy_kwh=_energy(since or lift.locked, to),
            waited_empty_s=None if since is None else (lift.locked.still_us - since.still_us) / 1e6,
            waited_laden_s=(to.still_us - lift.locked.still_us) / 1e6,
            inferred=lift.inferred or inferred or lift.gap or not sides_known,
            confidence=round(max(0.1, 1.0 - doubts), 2),
        )

    def _same_box(self, before: _Delivered, lift: Lift, to: Place) -> bool:
        """Whether what was set down is taken up again where it stands, to be put elsewhere: pins, lashings."""
        rules, load_t, load_before_t = self.rules, lift.load_t, before.lift.load_t
        if before.away or lift.locked.time_us - before.move.unlocked_us > rules.step_us:
            return False
        if not abs(lift.locked.trolley_m - before.to.trolley_m) <= 1.0 or load_t is None or load_before_t is None:
            return False
        if before.lift.ids and lift.ids and before.lift.ids != lift.ids:
            return False
        step_m = min(_way_m(before.lift, before.to), _way_m(lift, to))
        same = before.lift.locked.size_ft == lift.locked.size_ft and abs(load_t - load_before_t) <= rules.lift_load_t
        return same and step_m <= rules.step_m

    def _place(self, c: CraneColumns, row: int, now_us: int) -> Place:
        return Place(
            now_us,
            float(c.height_m[row]),
            float(c.trolley_m[row]),
            float(c.gantry_m[row]),
            float(c.size_ft[row]),
            float(c.twin[row]),
            float(c.energy_kwh[row]),
            self._still_us,
        )


def _row(told: tuple[int, tuple[str, ...]]) -> int:
    return told[0]


def _way_m(lift: Lift, to: Place) -> float:
    """How far along the trolley's way the ends of a lift, and what it went over, are apart. [m]."""
    ends = (lift.locked.trolley_m, to.trolley_m)
    return max(*ends, lift.farthest_m) - min(ends)


def _energy(since: Place, to: Place) -> float | None:
    """What the drives took meanwhile; None where the counter is not known, or was reset. [kWh]."""
    taken = to.energy_kwh - since.energy_kwh
    return round(taken, 3) if 0 <= taken <= MOST_ENERGY_KWH else None


def _known(value: float) -> float | None:
    return value if value == value and abs(value) != math.inf else None  # noqa: PLR0124 - NaN, faster than by numpy
