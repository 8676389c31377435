"""A step function of event time: which value held from when on."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field


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

    @property
    def last(self) -> float | None:
        """The value that holds from the last change on, None where there is none."""
        return self.values[-1] if self.values else None

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
