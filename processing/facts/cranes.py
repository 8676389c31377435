"""The facts of one crane that open windows need."""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field

from processing.cranes.cycles import Parts, parts_of
from processing.cranes.facts import CraneDelay, CraneMove


@dataclass(slots=True)
class CraneFacts:
    """What is known of one crane; what ended before `since_us` may have been forgotten. [µs since 1970 UTC]."""

    device_id: int
    yard: bool
    first_seen_us: int
    since_us: int = 0
    moves: list[tuple[int, int, CraneMove]] = field(default_factory=list)  # unlocked, locked, move
    by_lock: dict[int, CraneMove] = field(default_factory=dict)
    parts: dict[int, Parts] = field(default_factory=dict)  # of the moves' cycles, by lock: every window needs them
    delays: dict[int, CraneDelay] = field(default_factory=dict)  # by their beginning
    edits: dict[int, str] = field(default_factory=dict)  # causes that people stated, by the delay's beginning
    _began_us: list[int] = field(default_factory=list)  # of the delays, in order

    def put(self, move: CraneMove) -> None:
        """Enter a move, in the place of an earlier version of it."""
        self.drop(move.locked_us)
        self.by_lock[move.locked_us] = move
        self.parts[move.locked_us] = parts_of(move)
        insort(self.moves, (move.unlocked_us, move.locked_us, move), key=lambda row: row[:2])

    def drop(self, locked_us: int) -> CraneMove | None:
        """Remove a move; it is returned."""
        old = self.by_lock.pop(locked_us, None)
        if old is not None:
            del self.parts[locked_us]
            at = bisect_left(self.moves, (old.unlocked_us, old.locked_us), key=lambda row: row[:2])
            del self.moves[at]
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

    def drop_delay(self, began_us: int) -> None:
        """Remove a delay."""
        if self.delays.pop(began_us, None) is not None:
            self._began_us.remove(began_us)

    def forget(self, before_us: int) -> None:
        """Drop moves unlocked, and delays ended, before a time."""
        self.since_us = max(self.since_us, before_us)
        keep = bisect_left(self.moves, before_us, key=lambda row: row[0])
        for began_us in [d.began_us for d in self.delays.values() if d.ended_us is not None and d.ended_us < before_us]:
            self.drop_delay(began_us)
        for began_us in [at_us for at_us in self.edits if at_us < before_us and at_us not in self.delays]:
            del self.edits[began_us]
        for _, locked_us, _ in self.moves[:keep]:
            del self.by_lock[locked_us], self.parts[locked_us]
        del self.moves[:keep]
