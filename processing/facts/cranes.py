"""The facts of one crane that open windows need."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from processing.cranes.cycles import Parts, parts_of
from processing.cranes.facts import CraneDelay, CraneMove, DelayCause
from processing.facts.transport import PLACED_US, Doubt, Span, cause_by_vehicles, concerned_us, undecided
from processing.facts.trips import Trips


class CraneFacts:
    """What is known of one crane; what ended before `since_us` may have been forgotten. Times in µs since 1970 UTC.

    Args:
        device_id: the crane.
        yard: whether it works in the yard, not at ships.
        first_seen_us: time of its first sample.

    Attributes:
        since_us: what ended earlier may have been forgotten.
        moves: unlocked, locked, move; in order.
        by_lock: the moves by lock.
        parts: of the moves' cycles, by lock: every window needs them.
        delays: by their beginning.
        edits: causes that people stated, by the delay's beginning.
        journal: its id is entered here with every change that a window may see.
    """

    __slots__ = (
        "_began_us",
        "_causes",
        "_first_seen_us",
        "_yard",
        "by_lock",
        "delays",
        "device_id",
        "edits",
        "journal",
        "moves",
        "parts",
        "since_us",
    )

    def __init__(self, device_id: int, yard: bool, first_seen_us: int) -> None:
        self.device_id = device_id
        self._yard = yard
        self._first_seen_us = first_seen_us
        self.since_us = 0
        self.moves: list[tuple[int, int, CraneMove]] = []
        self.by_lock: dict[int, CraneMove] = {}
        self.parts: dict[int, Parts] = {}
        self.delays: dict[int, CraneDelay] = {}
        self.edits: dict[int, str] = {}
        self.journal: set[int] = set()
        self._began_us: list[int] = []  # of the delays, in order
        self._causes: dict[int, DelayCause] = {}  # found by vehicles too, for as long as nothing of it may change

    @property
    def yard(self) -> bool:
        """Whether it works in the yard, not at ships."""
        return self._yard

    @yard.setter
    def yard(self, yard: bool) -> None:
        self._yard = yard
        self.journal.add(self.device_id)

    @property
    def first_seen_us(self) -> int:
        """Time of its first sample. [µs since 1970 UTC]."""
        return self._first_seen_us

    @first_seen_us.setter
    def first_seen_us(self, time_us: int) -> None:
        self._first_seen_us = time_us
        self.journal.add(self.device_id)

    def put(self, move: CraneMove) -> None:
        """Enter a move, in the place of an earlier version of it."""
        self.drop(move.locked_us)
        self.by_lock[move.locked_us] = move
        self.parts[move.locked_us] = parts_of(move)
        insort(self.moves, (move.unlocked_us, move.locked_us, move), key=lambda row: row[:2])
        self._drop_causes(move)
        self.journal.add(self.device_id)

    def drop(self, locked_us: int) -> CraneMove | None:
        """Remove a move; it is returned."""
        old = self.by_lock.pop(locked_us, None)
        if old is not None:
            del self.parts[locked_us]
            at = bisect_left(self.moves, (old.unlocked_us, old.locked_us), key=lambda row: row[:2])
            del self.moves[at]
            self._drop_causes(old)
            self.journal.add(self.device_id)
        return old

    def between(self, after_us: int, until_us: int) -> list[CraneMove]:
        """Moves unlocked in (after, until], in order."""
        if not self.moves or self.moves[-1][0] <= after_us:  # most of ten thousand devices, most of the time
            return []
        low = bisect_right(self.moves, after_us, key=lambda row: row[0])
        high = bisect_right(self.moves, until_us, key=lambda row: row[0])
        return [row[2] for row in self.moves[low:high]]

    def inactive_since(self, since_us: int) -> bool:
        """Whether nothing ended, and no delay lasts, after a time: most of ten thousand devices, most of the time."""
        if self.moves and self.moves[-1][0] > since_us:
            return False
        last = self.delays[self._began_us[-1]] if self._began_us else None
        return last is None or (last.ended_us is not None and last.ended_us <= since_us)

    def delays_between(self, begin_us: int, end_us: int) -> list[CraneDelay]:
        """Delays that touch [begin, end), in order."""
        found = []
        for at in range(bisect_left(self._began_us, end_us) - 1, -1, -1):
            delay = self.delays[self._began_us[at]]
            if delay.ended_us is not None and delay.ended_us <= begin_us:
                break  # delays of a crane do not overlap
            found.append(delay)
        return found[::-1]

    @property
    def first_delay_us(self) -> int:
        """When the first delay began that may be known here. [µs since 1970 UTC]."""
        return min(self.since_us, self._began_us[0]) if self._began_us else self.since_us

    def put_delay(self, delay: CraneDelay) -> None:
        """Enter a delay, in the place of an earlier version of it."""
        if delay.began_us not in self.delays:
            insort(self._began_us, delay.began_us)
        self.delays[delay.began_us] = delay
        self._causes.pop(delay.began_us, None)
        self.journal.add(self.device_id)

    def drop_delay(self, began_us: int) -> None:
        """Remove a delay."""
        if self.delays.pop(began_us, None) is not None:
            self._began_us.remove(began_us)
            self._causes.pop(began_us, None)
            self.journal.add(self.device_id)

    def found_cause(self, delay: CraneDelay, trips: Trips) -> DelayCause:
        """The cause of one of its delays as far as nobody states another, by signals and by vehicles' trips.

        Args:
            delay: one that is here.
            trips: of the terminal, always the same ones; see `take_cause`.
        """
        if not undecided(delay):
            return delay.cause
        cause = self._causes.get(delay.began_us)
        if cause is None:
            cause = cause_by_vehicles(delay, self._gantry_m(delay.began_us), trips)
            self._causes[delay.began_us] = cause
        return cause

    def take_cause(self, delay: CraneDelay, trips: Trips) -> DelayCause:
        """The cause as of `found_cause`; it is found again next time, as trips change now that may decide over it."""
        cause = self.found_cause(delay, trips)
        self._causes.pop(delay.began_us, None)
        return cause

    def drop_cause(self, delay: CraneDelay) -> None:
        """Find a cause again next time, as trips change now that may decide over it."""
        self._causes.pop(delay.began_us, None)

    def _drop_causes(self, move: CraneMove) -> None:
        """Of delays at whose beginning the crane may have stood where this move was."""
        low = bisect_left(self._began_us, move.unlocked_us)
        for began_us in self._began_us[low : bisect_right(self._began_us, move.unlocked_us + PLACED_US, lo=low)]:
            self._causes.pop(began_us, None)

    def _gantry_m(self, time_us: int) -> float | None:
        """Where it stood along its rails at its last move up to a time, where that is not long ago. [m]."""
        moves = reversed(self.between(time_us - PLACED_US, time_us))
        return next((move.gantry_m for move in moves if move.gantry_m is not None), None)

    def in_doubt(self, doubts: Sequence[Doubt], reached_us: int, until_us: int) -> list[CraneDelay]:
        """Its delays whose cause may change, the last one first.

        Args:
            doubts: which ones.
            reached_us: none of these ended earlier. [µs since 1970 UTC]
            until_us: all of these began earlier. [µs since 1970 UTC]
        """
        found = []
        for at in range(bisect_left(self._began_us, until_us) - 1, -1, -1):
            delay = self.delays[self._began_us[at]]
            if delay.ended_us is not None and delay.ended_us < reached_us:
                break  # delays of a crane do not overlap
            included = [one for one in doubts if one.includes(delay)]
            if included:
                gantry_m = self._gantry_m(delay.began_us)
                if any(one.near(gantry_m) for one in included):
                    found.append(delay)
        return found

    def concerned_us(self) -> list[Span]:
        """Of the delays here over which vehicles decide, when trips do. [µs since 1970 UTC]."""
        return [concerned_us(delay) for delay in self.delays.values() if undecided(delay)]

    def state_cause(self, began_us: int, cause: str) -> None:
        """Enter the cause that a person stated of the delay that began then."""
        self.edits[began_us] = cause
        self.journal.add(self.device_id)

    def next_unlock_us(self, after_us: int) -> int | None:
        """When the first move after a time was unlocked. [µs since 1970 UTC]."""
        at = bisect_right(self.moves, after_us, key=lambda row: row[0])
        return self.moves[at][0] if at < len(self.moves) else None

    def next_delay_us(self, from_us: int) -> int | None:
        """When the first delay began at a time or later. [µs since 1970 UTC]."""
        at = bisect_left(self._began_us, from_us)
        return self._began_us[at] if at < len(self._began_us) else None

    def forget(self, before_us: int) -> None:
        """Drop moves unlocked, and delays ended, before a time; not what decides over the cause of those that stay."""
        self.since_us = max(self.since_us, before_us)
        for began_us in [d.began_us for d in self.delays.values() if d.ended_us is not None and d.ended_us < before_us]:
            self.drop_delay(began_us)
        for began_us in [at_us for at_us in self.edits if at_us < before_us and at_us not in self.delays]:
            del self.edits[began_us]
        keep_us = min([before_us, *(begin_us for begin_us, _ in self.concerned_us())])
        keep = bisect_left(self.moves, keep_us, key=lambda row: row[0])
        for _, locked_us, _ in self.moves[:keep]:
            del self.by_lock[locked_us], self.parts[locked_us]
        del self.moves[:keep]
