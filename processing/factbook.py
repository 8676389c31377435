"""The facts of one terminal that open windows need, looked up by event time. In memory, bounded by a horizon."""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field

from processing.facts import CraneDelay, CraneMove, Level, LevelName, ReeferExcursion, TruckVisit
from processing.gates import merge

NOT_COUNTED = frozenset({"rehandle", "hatch_cover", "gear"})
"""Kinds that are no box move of a quay crane. Source: docs/sources.md, what counts."""


@dataclass(slots=True)
class Timeline:
    """A step function of event time: which value held from when on."""

    times_us: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def put(self, time_us: int, value: float) -> None:
        """Note that `value` holds from `time_us` on."""
        if not self.times_us or time_us > self.times_us[-1]:
            self.times_us.append(time_us)
            self.values.append(value)
            return
        at = bisect_left(self.times_us, time_us)
        if at < len(self.times_us) and self.times_us[at] == time_us:
            self.values[at] = value
        else:
            self.times_us.insert(at, time_us)
            self.values.insert(at, value)

    def drop(self, time_us: int) -> None:
        """Forget that a value held from a time on."""
        at = bisect_left(self.times_us, time_us)
        if at < len(self.times_us) and self.times_us[at] == time_us:
            del self.times_us[at], self.values[at]

    def at(self, time_us: int) -> float | None:
        """The value that held at a time, None before the first."""
        at = bisect_right(self.times_us, time_us)
        return self.values[at - 1] if at else None

    def held_us(self, start_us: int, end_us: int) -> float:
        """Integral of the value over a span. [µs, weighted by the value]."""
        total = 0.0
        first = max(0, bisect_right(self.times_us, start_us) - 1)
        for at in range(first, len(self.times_us)):
            begin = max(start_us, self.times_us[at])
            if begin >= end_us:
                break
            end = min(end_us, self.times_us[at + 1] if at + 1 < len(self.times_us) else end_us)
            total += max(0, end - begin) * self.values[at]
        return total

    def held(self, start_us: int, end_us: int) -> list[tuple[int, int]]:
        """Spans in which the value was not 0, clipped to [start, end), in order."""
        spans: list[tuple[int, int]] = []
        for at in range(max(0, bisect_right(self.times_us, start_us) - 1), len(self.times_us)):
            begin = max(start_us, self.times_us[at])
            if begin >= end_us:
                break
            end = min(end_us, self.times_us[at + 1]) if at + 1 < len(self.times_us) else end_us
            if not self.values[at] or begin >= end:
                continue
            if spans and spans[-1][1] == begin:
                spans[-1] = spans[-1][0], end
            else:
                spans.append((begin, end))
        return spans

    def forget(self, before_us: int) -> None:
        """Drop what no window from `before_us` on can see; the value that holds then stays."""
        drop = bisect_right(self.times_us, before_us) - 1
        if drop > 0:
            del self.times_us[:drop], self.values[:drop]


@dataclass(slots=True)
class CraneBook:
    """What is known of one crane."""

    device_id: int
    yard: bool
    first_seen_us: int
    moves: list[tuple[int, int, CraneMove]] = field(default_factory=list)  # unlocked, locked, move
    by_lock: dict[int, CraneMove] = field(default_factory=dict)
    delays: dict[int, CraneDelay] = field(default_factory=dict)  # by their beginning
    edits: dict[int, str] = field(default_factory=dict)  # causes that people said, by the stop's beginning

    def put(self, move: CraneMove) -> None:
        """Note a move, in the place of an earlier telling of it."""
        self.drop(move.locked_us)
        self.by_lock[move.locked_us] = move
        insort(self.moves, (move.unlocked_us, move.locked_us, move), key=lambda row: row[:2])

    def drop(self, locked_us: int) -> CraneMove | None:
        """Forget a move; it is returned."""
        old = self.by_lock.pop(locked_us, None)
        if old is not None:
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

    def counted(self, after_us: int, until_us: int) -> list[CraneMove]:
        """Moves in (after, until] that count as box moves of this crane; a yard crane counts every move."""
        return [m for m in self.between(after_us, until_us) if self.yard or m.kind not in NOT_COUNTED]

    def forget(self, before_us: int) -> None:
        """Drop moves unlocked, and delays ended, before a time."""
        keep = bisect_left(self.moves, before_us, key=lambda row: row[0])
        for began_us in [d.began_us for d in self.delays.values() if d.ended_us is not None and d.ended_us < before_us]:
            del self.delays[began_us]
        for _, locked_us, _ in self.moves[:keep]:
            del self.by_lock[locked_us]
        del self.moves[:keep]


class Factbook:
    """All of one terminal: cranes by device name, visits, excursions, levels by device id."""

    def __init__(self, terminal: str) -> None:
        self.terminal = terminal
        self.cranes: dict[str, CraneBook] = {}
        self.visits: dict[str, TruckVisit] = {}
        self.gates_since_us: int | None = None
        self.excursions: dict[tuple[int, str, int], ReeferExcursion] = {}
        self.levels: dict[LevelName, dict[int, Timeline]] = {
            "logged_on": {},
            "plugged": {},
            "unpowered": {},
            "queue_length": {},
        }

    def put_visit(self, told: TruckVisit) -> TruckVisit:
        """Note what is told of a visit; the whole of what is known is returned."""
        self.visits[told.visit] = merged = merge(self.visits.get(told.visit), told)
        return merged

    def put_excursion(self, excursion: ReeferExcursion) -> None:
        """Note an excursion, in the place of an earlier telling of it."""
        self.excursions[excursion.device_id, excursion.probe, excursion.began_us] = excursion

    def drop_excursion(self, excursion: ReeferExcursion) -> None:
        """Forget an excursion."""
        self.excursions.pop(excursion.key, None)

    def drop_level(self, level: Level) -> None:
        """Forget a device's level."""
        line = self.levels[level.name].get(level.device_id)
        if line is not None:
            line.drop(level.time_us)

    def put_level(self, level: Level) -> None:
        """Note a device's level."""
        self.levels[level.name].setdefault(level.device_id, Timeline()).put(level.time_us, level.value)

    def level_sum(self, name: LevelName, time_us: int) -> float | None:
        """Sum of a level over the devices that have told theirs by then; None where none has."""
        told = [value for line in self.levels[name].values() if (value := line.at(time_us)) is not None]
        return sum(told) if told else None

    def turn_times_us(self, after_us: int, until_us: int) -> list[int]:
        """Turn times of visits completed in (after, until], shortest first."""
        return sorted(
            visit.left_us - visit.entered_us
            for visit in self.visits.values()
            if visit.left_us is not None and visit.entered_us is not None and after_us < visit.left_us <= until_us
        )

    def forget(self, before_us: int, visits_before_us: int) -> None:
        """Drop what no window from `before_us` on can see; open visits are kept until `visits_before_us`."""
        for crane in self.cranes.values():
            crane.forget(before_us)
        for lines in self.levels.values():
            for line in lines.values():
                line.forget(before_us)
        for visit in [v for v in self.visits.values() if _is_over(v, before_us, visits_before_us)]:
            del self.visits[visit.visit]
        for key in [k for k, e in self.excursions.items() if e.ended_us is not None and e.ended_us < before_us]:
            del self.excursions[key]


def _is_over(visit: TruckVisit, before_us: int, open_before_us: int) -> bool:
    if visit.left_us is not None:
        return visit.left_us < before_us
    return (visit.entered_us or 0) < open_before_us
