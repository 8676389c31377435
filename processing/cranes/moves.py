"""The moves of one crane: twistlocks, landing pins, load cell and height, each of which may lie for a while.

Where lock and unlock are seen, they give the times. Where one was missed, the load tells: a spreader that leaves the
ground with a load has locked, and one that hangs empty after it has set something down has unlocked. Only segments in
which nothing switches are seen, so whole columns are searched and the machine takes few steps.
"""

import math
from bisect import bisect_left

import numpy as np
from msgspec.structs import replace

from processing.cranes.facts import CraneMove
from processing.cranes.finished_move import joined, move_of
from processing.cranes.lift import Lift, Place
from processing.cranes.memory import Delivered, MoveMemory
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import BETWEEN, BOTH, LOCKED, NO_LOAD_MT, UNKNOWN, UNLOCKED, CraneColumns, Segments

ENOUGH_ROWS = 3
"""An empty flight of fewer samples tells no tare."""

ENOUGH_MOVES = 6
"""So many moves of which a side is not known, and what was known before is forgotten."""


class MoveDetector:
    """Finds the moves of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        rules: that hold from the next sample on.
        memory: what is known so far; kept up to date.

    Attributes:
        found: moves.
        wrong: moves told early that are none.
    """

    __slots__ = ("device_id", "found", "m", "rules", "wrong")

    def __init__(self, device_id: int, rules: CraneParameters, memory: MoveMemory) -> None:
        self.device_id = device_id
        self.rules = rules
        self.m = memory
        self.found: list[CraneMove] = []
        self.wrong: list[CraneMove] = []

    # What others ask.

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the crane's first sample had been seen: enough moves were, from end to end.

        That are two where it is known which kind is usual now, and which polarity the twistlocks have; both are
        forgotten after a few that do not tell.
        """
        known = (self.rules.yard or self.m.kind is not None) and self.m.inverted is not None
        return self.m.delivered_count >= (2 if known else ENOUGH_MOVES)

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples. [µs since 1970 UTC]."""
        m, last_us = self.m, self.m.last_us or 0
        begun = [last_us + 1]
        if m.lift is not None:
            begun.append(m.lift.locked.time_us)
        elif m.touch is not None and not self._touch_over(last_us):
            begun.append(m.touch.time_us)  # a lock that was missed would be told from there
        if m.delivered is not None and not self._delivered_over(m.delivered, last_us):
            begun.append(m.delivered.lift.locked.time_us)  # it may be taken up again
        return min(begun)

    @property
    def unlock_pending(self) -> bool:
        """Whether the last unlock has not stood for the debounce time yet."""
        return self.m.code == UNLOCKED and self.m.stable != UNLOCKED and self.m.lift is not None

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was told early already."""
        if not self.unlock_pending or self.m.told is not None or self.m.unlock is None:
            return None
        done = self._done(self.m.unlock)
        return None if done is None else self._move(done, inferred=self.m.unlock_late)

    def end(self) -> None:
        """These rules end: what is final by them stays so under the next ones."""
        m, last_us = self.m, self.m.last_us or 0
        if m.lift is None and self._touch_over(last_us):
            m.touch = None
        if m.delivered is not None and self._delivered_over(m.delivered, last_us):
            m.delivered.away = True

    # What happens.

    def feed(self, c: CraneColumns, s: Segments, first: int, last: int, stop: int) -> None:
        """Advance over this crane's samples in time order; see `found` and `wrong`.

        Args:
            c: columns of a batch.
            s: its segments.
            first: this crane's first segment.
            last: the one after its last.
            stop: the row after its last one.
        """
        m = self.m
        for at in range(first, last):
            row, now_us = s.row[at], s.time_us[at]
            before_us = int(c.time_us[row - 1]) if at > first else m.last_us
            self._settle(now_us)
            gap = before_us is not None and now_us - before_us > self.rules.gap_us
            if gap and m.lift is not None:
                m.lift.gap = True
            landed = s.landed[at]
            if landed != m.landed:
                self._change_landed(c, row, now_us, landed)
            if s.code[at] != m.told_code:
                code = self._meaning(s.code[at], now_us)
                if code != m.code:
                    self._change_code(c, row, now_us, code, gap=gap)
            end = s.row[at + 1] if at + 1 < last else stop
            self._between(c, row, end, s, at)
            m.last_us = int(c.time_us[end - 1])
        self._settle(m.last_us or 0)

    def _between(self, c: CraneColumns, row: int, end: int, s: Segments, at: int) -> None:
        """Take in the rows of a segment."""
        m = self.m
        lift, airborne = m.lift, m.landed != 1
        m.still_us += s.still_us[at]
        m.flight_mt += s.flight_mt[at]
        m.flight_rows += s.flight_rows[at]
        m.flight_low_mt = min(m.flight_low_mt, s.flight_low_mt[at])
        m.flight_high_mt = max(m.flight_high_mt, s.flight_high_mt[at])
        if c.ids:
            told = c.ids[bisect_left(c.ids, row, key=_row) : bisect_left(c.ids, end, key=_row)]
            m.ids = [*m.ids, *((int(c.time_us[i]), ids) for i, ids in told)][-2:]
        if lift is None:
            if m.delivered is not None and not m.delivered.away:
                self._watch_away(c, row, end, m.delivered)
            if airborne and m.off_us is not None:
                self._watch_missed_lock(c, row, end, m.off_us)
            return
        if m.code == UNLOCKED and not lift.inferred:
            return  # it is over, unless that bounces
        if lift.rise_us is None:
            self._watch_rise(c, row, end, lift)
        if airborne or lift.rise_us is not None or lift.doubtful:
            self._watch_load(c, row, end, lift, airborne=airborne)
        if m.lift is None and m.delivered is not None:
            self._watch_away(c, row, end, m.delivered)  # the rest of these rows: it has been put down before them

    def _watch_away(self, c: CraneColumns, row: int, end: int, done: Delivered) -> None:
        """Whether the spreader goes further from what it has set down than anyone does who takes it up again."""
        far = np.abs(c.trolley_m[row:end] - done.to.trolley_m) > self.rules.away_m
        done.away = bool(far.any())

    def _watch_missed_lock(self, c: CraneColumns, row: int, end: int, off_us: int) -> None:
        """A load that hangs from the moment the spreader leaves the ground, and no lock was seen."""
        hanging, least_t = self.m.hanging, self.m.tare_t + self.rules.lift_load_t
        if hanging.since_us is None and int(c.time_us[row]) - off_us > self.rules.hold_us:
            return
        hanging.watch(c.load_t[row:end], c.trolley_m[row:end], c.time_us[row:end], least_t, self.rules)
        self._infer_lock()
        if self.m.lift is not None:
            self._watch_rise(c, row, end, self.m.lift)

    def _infer_lock(self) -> None:
        m = self.m
        hanging, off_us, place = m.hanging, m.off_us, m.touch
        if not hanging.heavy or hanging.first_us is None or off_us is None or place is None or not m.trusted:
            return
        if hanging.heavy_us != hanging.first_us or hanging.first_us - off_us > self.rules.hold_us:
            return
        doubtful = m.stable == UNLOCKED == m.code
        m.lift = self._lift(place, inferred=True, doubtful=doubtful)
        m.lift.air_us, m.lift.proven = hanging.first_us, True
        m.lift.peak_t, m.lift.farthest_m = hanging.peak_t, hanging.farthest_m
        if not doubtful:
            m.stable = LOCKED  # so that the next unlock ends it

    def _watch_rise(self, c: CraneColumns, row: int, end: int, lift: Lift) -> None:
        risen = c.height_m[row:end] >= lift.locked.height_m + self.rules.lift_rise_m
        first = int(risen.argmax())
        if risen[first]:
            lift.rise_us = int(c.time_us[row + first])

    def _watch_load(self, c: CraneColumns, row: int, end: int, lift: Lift, *, airborne: bool) -> None:
        if not airborne and lift.touched is not None:
            hangs = self._hangs(c, row, end, lift, lift.touched)
            if hangs is not None:
                if hangs > row:
                    self._watch_load(c, row, hangs, lift, airborne=False)
                lift.touched = None
                row = hangs
        load_t = c.load_t[row:end]
        least_t = self._least_t(lift)
        if lift.doubtful and not airborne and lift.touched is not None and lift.weight_t(self.rules) is not None:
            lift.doubtful = not float(np.fmin.reduce(load_t)) < least_t  # it has put down what it carried
        if airborne or lift.touched is None:
            lift.peak_t = max(lift.peak_t, float(np.fmax.reduce(load_t, initial=-math.inf)))
            lift.least_t = min(lift.least_t, float(np.fmin.reduce(load_t, initial=math.inf)))
        lift.farthest_m = max(lift.farthest_m, float(np.fmax.reduce(c.trolley_m[row:end], initial=-math.inf)))
        if not airborne or (lift.proven and lift.touched is None):
            return
        self.m.hanging.watch(load_t, c.trolley_m[row:end], c.time_us[row:end], least_t, self.rules)
        self._judge(lift)

    def _hangs(self, c: CraneColumns, row: int, end: int, lift: Lift, touched: Place) -> int | None:
        """First row on the ground at which the load still hangs there: the pins lie. None: it has been set down."""
        if lift.peak_t <= lift.least_t:
            return None  # the cell has told the same all the way: it is stuck
        late = c.time_us[row:end] >= touched.time_us + self.rules.hold_us
        hangs = (c.load_t[row:end] >= self._least_t(lift)) & late
        return row + int(hangs.argmax()) if hangs.any() else None

    def _least_t(self, lift: Lift) -> float:
        """From which reading on something hangs there; after it was set down, that it is still the same thing. [t]."""
        net_t = max(self.rules.lift_load_t, self.rules.left_share * lift.carried_t) if lift.touched is not None else 0.0
        return lift.tare_t + max(self.rules.lift_load_t, net_t)

    def _judge(self, lift: Lift) -> None:
        """What hangs there by now: a load that proves the lift, or nothing after it was set down."""
        hanging, off_us = self.m.hanging, self.m.off_us
        if lift.air_us is None:
            lift.air_us = hanging.first_us
        if hanging.heavy:
            lift.proven = True
        told = hanging.light and lift.weight_t(self.rules) is not None
        if told and lift.touched is not None and lift.proven and off_us is not None:
            self._deliver(self._opened(lift.touched, off_us), inferred=True)

    def _settle(self, now_us: int) -> None:
        """Accept what has stood long enough by now."""
        m, lift = self.m, self.m.lift
        if m.landed != 1 and (lift is None or not lift.proven or lift.touched is not None):
            m.hanging.settle(now_us, self.rules)
            if lift is not None:
                self._judge(lift)
            elif m.off_us is not None:
                self._infer_lock()
        if m.code == m.stable or now_us - m.code_us < self.rules.debounce_us:
            return
        if m.code == BOTH and m.suspect:
            m.code, m.inverted, m.polarity_age = UNLOCKED, True, 0
            if m.stable == UNLOCKED:
                return
        if m.code == UNLOCKED:
            if m.lift is not None and m.unlock is not None:
                self._deliver(m.unlock, inferred=m.unlock_late)
            m.told = None
        if m.code in (LOCKED, UNLOCKED):
            m.stable = m.code

    def _change_landed(self, c: CraneColumns, row: int, now_us: int, landed: int) -> None:
        m, lift = self.m, self.m.lift
        if landed == 1:
            m.touch = self._place(c, row, now_us)
            if lift is not None and self._empty(lift):
                m.lift = lift = None  # it has flown empty: that was no lock
            if lift is not None and lift.lifted_us is not None:
                lift.touched = m.touch
                lift.carried_t = lift.load_t or 0.0
            elif lift is None:
                self._weigh()  # so that the load tells what the twistlocks do not
        m.off_us = now_us if landed == 0 and m.landed == 1 else None
        if landed != 1:
            self._take_off()
        m.hanging.restart()
        m.landed = landed

    def _meaning(self, told: int, now_us: int) -> int:
        """What the twistlocks tell, where `twistlock_locked` may have the wrong polarity.

        Both contacts at once cannot be. Where that comes after a moment of "locked", or out of an "unlocked" that
        stood, it is `twistlock_locked` that lies: it tells "locked" while they switch.
        """
        m = self.m
        before, stood = m.told_code, now_us - m.code_us >= self.rules.debounce_us
        m.told_code = told
        if told == UNLOCKED:
            m.inverted, m.polarity_age = False, 0
        elif told == BOTH:
            m.suspect = before == UNLOCKED if stood else before == LOCKED and not m.code_first
            if m.inverted and m.suspect:
                m.polarity_age = 0
        if not m.inverted:
            return told
        return {BOTH: UNLOCKED, BETWEEN: LOCKED, LOCKED: BETWEEN}.get(told, told)

    def _change_code(self, c: CraneColumns, row: int, now_us: int, code: int, *, gap: bool) -> None:
        """The twistlocks have switched; `gap`: or had switched before a silence that ends."""
        m = self.m
        if m.told is not None:  # the early move's unlock did not stand: `_settle` would have cleared it
            self.wrong.append(m.told)
            m.told = None
        place, late = self._switched_at(c, row, now_us, code, gap=gap)
        if code == LOCKED and (m.stable != LOCKED or m.lift is None or m.lift.touched is not None):
            self._lock(place)
            if late and m.lift is not None and m.lift.locked is place:
                m.lift.gap = True
        if code in (UNLOCKED, BOTH):
            m.unlock, m.unlock_late = place, late
        if code == UNLOCKED:
            self._take_off()
            if m.lift is not None and m.lift.inferred and not m.lift.doubtful:
                m.stable = LOCKED  # what was not seen
            if m.stable == UNLOCKED and m.lift is not None and not m.lift.inferred:
                m.lift = None  # that lock was a bounce
        m.code_first = m.code == UNKNOWN
        m.code, m.code_us = code, now_us

    def _switched_at(self, c: CraneColumns, row: int, now_us: int, code: int, *, gap: bool) -> tuple[Place, bool]:
        """Where the twistlocks have switched, and whether that was before it was told: they do on the ground only."""
        lift, place = self.m.lift, self._place(c, row, now_us)
        touched = lift.touched if lift is not None and code in (UNLOCKED, BOTH) else None
        elsewhere = touched is not None and abs(place.trolley_m - touched.trolley_m) > self.rules.step_m
        late = (self.m.landed == 0 and (gap or bool(c.moving[row]))) or (gap and elsewhere)
        if not late:
            return place, False
        if touched is not None:
            return self._opened(touched, now_us), True
        return replace(place, trolley_m=math.nan), True

    def _opened(self, touched: Place, before_us: int) -> Place:
        """Where and when the twistlocks opened after a landing, by some time, where that was not seen."""
        return replace(touched, time_us=min(before_us, touched.time_us + self.rules.unlock_us))

    def _lock(self, place: Place) -> None:
        """The twistlocks have closed."""
        lift = self.m.lift
        if lift is not None and lift.doubtful and lift.touched is None and self.m.off_us is not None:
            lift.doubtful = False  # twistlocks do not close in the air: they were silent, or stuck
        if lift is not None and (lift.proven or lift.risen(self.rules)) and not lift.doubtful:
            touched = lift.touched
            if touched is None or not abs(place.trolley_m - touched.trolley_m) > self.rules.step_m:
                return  # a partial lock on the way, or a lock that was told late
            self._deliver(self._opened(touched, place.time_us), inferred=True)
        self._weigh()
        self.m.lift = self._lift(place)
        self.m.hanging.restart()

    def _take_off(self) -> None:
        """What the load cell tells from now on is of another flight."""
        m = self.m
        m.flight_mt = m.flight_rows = 0
        m.flight_low_mt, m.flight_high_mt = NO_LOAD_MT, -NO_LOAD_MT

    def _weigh(self) -> None:
        """What the load cell told of the empty spreader on the flight that ends."""
        m = self.m
        if self.rules.tare_t is not None:
            m.tare_t, m.trusted = self.rules.tare_t, True
            return
        if m.flight_rows >= ENOUGH_ROWS:
            tare_t = m.flight_mt / m.flight_rows / 1000
            even = m.flight_high_mt - m.flight_low_mt <= self.rules.most_tare_t * 1000
            m.trusted = even and abs(tare_t) <= self.rules.most_tare_t
            m.tare_t, m.weighed = tare_t if m.trusted else 0.0, True
        elif not m.weighed:
            m.tare_t, m.trusted = 0.0, True

    def _lift(self, place: Place, *, inferred: bool = False, doubtful: bool = False) -> Lift:
        return Lift(place, self.m.tare_t, trusted=self.m.trusted, inferred=inferred, doubtful=doubtful)

    # A move.

    def _deliver(self, to: Place, *, inferred: bool) -> None:
        m = self.m
        done = self._done(to)
        if done is not None:
            move = self._move(done, inferred=inferred)
            self.found.append(move)
            m.delivered, m.delivered_count = done, min(ENOUGH_MOVES, m.delivered_count + 1)
            known = not math.isnan(done.lift.locked.trolley_m) and not math.isnan(to.trolley_m)
            m.kind_age = 0 if known else m.kind_age + 1
            m.polarity_age += 1
            if m.polarity_age >= ENOUGH_MOVES - 1:
                m.inverted = None
            m.kind = move.kind if known else m.kind if m.kind_age < ENOUGH_MOVES - 1 else None
        m.lift, m.weighed = None, False
        m.hanging.restart()

    def _done(self, to: Place) -> Delivered | None:
        """What is delivered here, None where nothing was lifted."""
        lift = self.m.lift
        if lift is None or lift.lifted_us is None or not (lift.proven or lift.risen(self.rules)):
            return None
        if lift.lifted_us >= to.time_us:
            return None
        told = [ids for at_us, ids in self.m.ids if lift.locked.time_us <= at_us <= to.time_us]
        return joined(self.m.delivered, replace(lift, ids=told[-1]) if told else lift, to, self.rules)

    def _move(self, done: Delivered, *, inferred: bool) -> CraneMove:
        return move_of(self.device_id, done, self.rules, self.m.kind, inferred=inferred)

    def _empty(self, lift: Lift) -> bool:
        """Whether the spreader has flown with nothing below it."""
        return lift.rise_us is not None and not lift.proven and self.m.hanging.light and not lift.risen(self.rules)

    def _touch_over(self, last_us: int) -> bool:
        """Whether no lock can have been missed any more since the spreader left the ground."""
        return self.m.off_us is not None and last_us - self.m.off_us > 2 * self.rules.hold_us

    def _delivered_over(self, done: Delivered, last_us: int) -> bool:
        """Whether what was set down can not be taken up again as the same move any more."""
        return done.away or last_us - done.to.time_us > self.rules.step_us

    def _place(self, c: CraneColumns, row: int, now_us: int) -> Place:
        return Place(
            now_us,
            float(c.height_m[row]),
            float(c.trolley_m[row]),
            float(c.gantry_m[row]),
            float(c.size_ft[row]),
            float(c.twin[row]),
            float(c.energy_kwh[row]),
            self.m.still_us,
        )


def _row(told: tuple[int, tuple[str, ...]]) -> int:
    return told[0]
