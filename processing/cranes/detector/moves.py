"""The moves of one crane: twistlocks, landing pins, load cell and height, each of which may be wrong for a while.

Where lock and unlock are seen, they give the times. Where one was missed, the load shows it: a spreader that leaves the
ground with a load has locked, and one that hangs empty after it has set something down has unlocked. Only segments in
which nothing switches are seen, so whole columns are searched and the detector takes few steps.
"""

import math

import numpy as np
from msgspec.structs import replace

from processing.cranes.crane_columns import BOTH, LOCKED, UNLOCKED, CraneColumns
from processing.cranes.detector.finished_move import apart, joined, move_of
from processing.cranes.detector.lift import Lift, Place, place_at
from processing.cranes.detector.lift_evidence import flown_empty, judge, watch_load
from processing.cranes.detector.memory import Delivery, MoveMemory
from processing.cranes.detector.missed_lock import infer_lock, watch_missed_lock
from processing.cranes.detector.readings import between, with_newest
from processing.cranes.detector.switch import switch_place, unlock_after
from processing.cranes.facts import CraneMove
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import CraneBatch
from processing.model.facts import Retracted

ENOUGH_MOVES = 6
"""After so many moves of which a side is not known, the kind that was usual before is dropped."""


class MoveDetector:
    """Finds the moves of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        parameters: that hold from the next sample on.
        memory: what is known so far; kept up to date.

    Attributes:
        found: moves.
        retracted: moves reported early that are none.
        codes: what the twistlocks mean in each segment that was fed, by the polarity known then.
    """

    __slots__ = ("codes", "device_id", "found", "memory", "parameters", "retracted")

    def __init__(self, device_id: int, parameters: CraneParameters, memory: MoveMemory) -> None:
        self.device_id = device_id
        self.parameters = parameters
        self.memory = memory
        self.found: list[CraneMove] = []
        self.retracted: list[Retracted] = []
        self.codes: list[int] = []

    # What others ask.

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the crane's first sample had been seen: enough moves were, from end to end.

        That are two where a move seen from end to end has shown which kind is usual now, and where the polarity of the
        twistlocks was known when the last one began; both are dropped after a few moves that do not show them. A lift
        that may go on with the move before does not count: of the first move only the end is known, so whether they
        are one is not known either. Nor does one before the tare is known: a load cell that jumped makes the detector
        that trusts it infer moves, where one that has weighed an empty flight before infers none.
        """
        memory = self.memory
        kind_known = self.parameters.yard or (memory.kind is not None and memory.kind_age <= memory.deliveries - 2)
        known = kind_known and memory.twistlocks.polarity_moves >= 2
        return memory.deliveries >= (2 if known else ENOUGH_MOVES)

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples. [µs since 1970 UTC]."""
        memory, last_us = self.memory, self.memory.last_us or 0
        begun = [last_us + 1]
        if memory.lift is not None:
            begun.append(memory.lift.locked.time_us)
        elif memory.landing is not None and not self._landing_past(last_us):
            begun.append(memory.landing.time_us)  # a lock that was missed would be inferred from there
        if memory.delivery is not None and not self._delivery_past(memory.delivery, last_us):
            begun.append(memory.delivery.lift.locked.time_us)  # it may be lifted a second time
        return min(begun)

    @property
    def unlock_pending(self) -> bool:
        """Whether the last unlock has not stood for the debounce time yet."""
        twistlocks = self.memory.twistlocks
        return twistlocks.code == UNLOCKED and twistlocks.stable != UNLOCKED and self.memory.lift is not None

    def peek(self) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was reported early already."""
        memory = self.memory
        if not self.unlock_pending or memory.early_move is not None or memory.unlock is None:
            return None
        delivery = self._delivery(memory.unlock)
        return None if delivery is None else self._move(delivery, inferred=memory.unlock_late)

    def end_parameters(self) -> None:
        """Other parameters hold from here on: what is final by these ones stays so under the next ones."""
        memory, last_us = self.memory, self.memory.last_us or 0
        if memory.lift is None and self._landing_past(last_us):
            memory.landing = None
        if memory.delivery is not None and self._delivery_past(memory.delivery, last_us):
            memory.delivery.away = True

    # What happens.

    def feed(self, batch: CraneBatch) -> None:
        """Advance over this crane's samples in time order; see `found` and `retracted`."""
        columns, segments, first, last, rows_end = batch
        memory, twistlocks, parameters = self.memory, self.memory.twistlocks, self.parameters
        for at in range(first, last):
            row, now_us = segments.row[at], segments.time_us[at]
            before_us = int(columns.time_us[row - 1]) if at > first else memory.last_us
            self._settle(now_us)
            gap = before_us is not None and now_us - before_us > parameters.gap_us
            if gap and memory.lift is not None:
                memory.lift.gap = True
            landed = segments.landed[at]
            if landed != memory.landed:
                self._change_landed(columns, row, now_us, landed)
            if segments.code[at] != twistlocks.contacts:
                code = twistlocks.read(segments.code[at], now_us, parameters.debounce_us)
                if code != twistlocks.code:
                    self._change_code(columns, row, now_us, code, gap=gap)
            self.codes.append(twistlocks.code)
            end = segments.row[at + 1] if at + 1 < last else rows_end
            memory.still_us += segments.still_us[at]
            if segments.flight_rows[at]:
                memory.tare.watch(segments, at)
            for read_row, ids in between(columns.ids, row, end):
                read_us = int(columns.time_us[read_row])
                if read_row > row:  # a move that has ended must not wait until what is read later displaces its boxes
                    self._take_in(columns, row, read_row)
                    self._settle(read_us)
                    row = read_row
                since_us = read_us if memory.lift is None else memory.lift.locked.time_us
                memory.ids = with_newest(memory.ids, (read_us, ids), since_us)
            self._take_in(columns, row, end)
            memory.last_us = int(columns.time_us[end - 1])
        self._settle(memory.last_us or 0)

    def _take_in(self, columns: CraneColumns, row: int, end: int) -> None:
        """Take in the rows of a segment."""
        memory = self.memory
        lift, airborne = memory.lift, memory.landed != 1
        if lift is None:
            if memory.delivery is not None and not memory.delivery.away:
                self._watch_away(columns, row, end, memory.delivery)
            if airborne and memory.take_off_us is not None:
                watch_missed_lock(memory, columns, row, end, memory.take_off_us, self.parameters)
            return
        lift.watch_spreaders(columns, row, end, self.parameters)
        if memory.twistlocks.code == UNLOCKED and not lift.inferred:
            return  # it has ended, unless that bounces
        row = self._watch_rise(columns, row, end, lift)
        if airborne or lift.rise_us is not None or lift.doubtful:
            unlock = watch_load(memory, columns, row, end, lift, self.parameters)
            if unlock is not None:
                self._deliver(unlock, inferred=True)
        if memory.lift is None and memory.delivery is not None:
            self._watch_away(columns, row, end, memory.delivery)  # it has been put down before the rest of these rows

    def _watch_rise(self, columns: CraneColumns, row: int, end: int, lift: Lift) -> int:
        """Look for a rise; returned is the first row that counts, which on the ground is the rise in any split."""
        if lift.rise_us is not None:
            return row
        risen = lift.watch_rise(columns, row, end, self.parameters)
        return row if risen is None or lift.doubtful or self.memory.landed != 1 else risen

    def _watch_away(self, columns: CraneColumns, row: int, end: int, delivery: Delivery) -> None:
        """Whether the spreader goes further from what it has set down than anyone does who lifts it a second time."""
        far = np.abs(columns.trolley_m[row:end] - delivery.to.trolley_m) > self.parameters.away_m
        delivery.away = bool(far.any())

    def _settle(self, now_us: int) -> None:
        """Accept what has stood long enough by now, in order: a load counts only until the unlock before it does."""
        memory, twistlocks = self.memory, self.memory.twistlocks
        if twistlocks.code == twistlocks.stable:
            self._settle_load(now_us)
            return
        due_us = twistlocks.since_us + self.parameters.debounce_us
        self._settle_load(min(now_us, due_us))
        if twistlocks.settle(now_us, self.parameters.debounce_us) == UNLOCKED:
            if memory.lift is not None and memory.unlock is not None:
                self._deliver(memory.unlock, inferred=memory.unlock_late)
            memory.early_move = None
        if due_us < now_us:
            self._settle_load(now_us)

    def _settle_load(self, now_us: int) -> None:
        """Accept a load, or none, that has hung for long enough by now."""
        memory, lift = self.memory, self.memory.lift
        if memory.landed == 1 or (lift is not None and lift.proven and lift.landing is None):
            return
        memory.suspended.settle(now_us, self.parameters)
        if lift is not None:
            unlock = judge(memory, lift, self.parameters)
            if unlock is not None:
                self._deliver(unlock, inferred=True)
        elif memory.take_off_us is not None:
            infer_lock(memory, memory.take_off_us, self.parameters)

    def _change_landed(self, columns: CraneColumns, row: int, now_us: int, landed: int) -> None:
        """The landing pins have switched."""
        memory, lift = self.memory, self.memory.lift
        if landed == 1:
            memory.landing = place_at(columns, row, now_us, memory.still_us)
            if lift is not None and flown_empty(memory, lift, self.parameters):
                memory.lift = lift = None  # that was no lock
            if lift is not None and lift.lifted_us is not None:
                lift.landing = memory.landing
                lift.carried_t = lift.load_t or 0.0
            elif lift is None:
                memory.tare.end_flight(self.parameters)  # so that the load shows what the twistlocks do not
        memory.take_off_us = now_us if landed == 0 and memory.landed == 1 else None
        if landed != 1:
            memory.tare.begin_flight()
        memory.suspended.restart()
        memory.landed = landed

    def _change_code(self, columns: CraneColumns, row: int, now_us: int, code: int, *, gap: bool) -> None:
        """The twistlocks have switched; `gap`: or had switched before a silence that ends."""
        memory, twistlocks = self.memory, self.memory.twistlocks
        if memory.early_move is not None:  # its unlock did not stand: `_settle` would have cleared it
            self.retracted.append(Retracted(memory.early_move))
            memory.early_move = None
        here, moving = place_at(columns, row, now_us, memory.still_us), bool(columns.moving[row])
        place, late = switch_place(memory, here, code, self.parameters, gap=gap, moving=moving)
        lift = memory.lift
        if code == LOCKED and (twistlocks.stable != LOCKED or lift is None or lift.landing is not None):
            self._lock(place)
            if late and memory.lift is not None and memory.lift.locked is place:
                memory.lift.gap = True
        if code in (UNLOCKED, BOTH):
            memory.unlock, memory.unlock_late = place, late
        if code == UNLOCKED:
            memory.tare.begin_flight()
            if lift is not None and lift.inferred and not lift.doubtful:
                twistlocks.assume_locked()  # what was not seen
            if twistlocks.stable == UNLOCKED and lift is not None and not lift.inferred:
                memory.lift = None  # that lock was a bounce
        twistlocks.switch(code, now_us)

    def _lock(self, place: Place) -> None:
        """The twistlocks have closed."""
        memory, lift = self.memory, self.memory.lift
        if lift is not None and lift.doubtful and lift.landing is None and memory.take_off_us is not None:
            lift.doubtful = False  # twistlocks do not close in the air: they were silent, or stuck
        if lift is not None and lift.shown(self.parameters) and not lift.doubtful:
            landing = lift.landing
            if landing is None or not abs(place.trolley_m - landing.trolley_m) > self.parameters.step_m:
                return  # a partial lock on the way, or a lock that was reported late
            self._deliver(unlock_after(landing, place.time_us, self.parameters), inferred=True)
        memory.tare.end_flight(self.parameters)
        memory.lift = Lift(place, memory.tare.tare_t, trusted=memory.tare.trusted)
        memory.suspended.restart()

    # A move.

    def _deliver(self, to: Place, *, inferred: bool) -> None:
        """The lift ends here; it is a move where something was lifted."""
        memory, before, lift = self.memory, self.memory.delivery, self.memory.lift
        delivery = self._delivery(to)
        if delivery is not None and lift is not None:
            move = self._move(delivery, inferred=inferred)
            self.found.append(move)
            counts = memory.tare.known and (before is None or apart(before, lift, self.parameters))
            memory.deliveries = min(ENOUGH_MOVES, memory.deliveries + counts)
            memory.delivery = delivery
            known = not math.isnan(delivery.lift.locked.trolley_m) and not math.isnan(to.trolley_m)
            memory.kind_age = 0 if known else memory.kind_age + 1
            memory.twistlocks.age_polarity(ENOUGH_MOVES - 1, counts=counts)
            memory.kind = move.kind if known else memory.kind if memory.kind_age < ENOUGH_MOVES - 1 else None
        memory.lift = None
        memory.tare.end_move()
        memory.suspended.restart()

    def _delivery(self, to: Place) -> Delivery | None:
        """What is delivered here, None where nothing was lifted."""
        memory, lift = self.memory, self.memory.lift
        if lift is None or lift.lifted_us is None or not lift.shown(self.parameters):
            return None
        if lift.lifted_us >= to.time_us:
            return None
        read = [ids for at_us, ids in memory.ids if lift.locked.time_us <= at_us <= to.time_us]
        return joined(memory.delivery, replace(lift, ids=read[-1]) if read else lift, to, self.parameters)

    def _move(self, delivery: Delivery, *, inferred: bool) -> CraneMove:
        return move_of(self.device_id, delivery, self.parameters, self.memory.kind, inferred=inferred)

    def _landing_past(self, last_us: int) -> bool:
        """Whether no lock can have been missed any more since the spreader left the ground."""
        take_off_us = self.memory.take_off_us
        return take_off_us is not None and last_us - take_off_us > 2 * self.parameters.hold_us

    def _delivery_past(self, delivery: Delivery, last_us: int) -> bool:
        """Whether what was set down can not be lifted a second time as the same move any more."""
        return delivery.away or last_us - delivery.to.time_us > self.parameters.step_us
