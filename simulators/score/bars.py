"""What a score has to reach (issue 4), and whether it does."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from simulators.score.tally import Score

LEAST_BOXES_OF_A_CALL = 200
LEAST_BOXES_OF_A_DAY = 100
"""Where there were fewer, a single box is more than the bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure beside what it has to reach."""

    what: str
    measured: str
    to_reach: str
    reached: bool

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return asdict(self)


def bars(score: Score, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c, delays = score.all, _delays(score)
    if clean:
        late = score.off_by_more["locked"], score.off_by_more["unlocked"]
        return [
            Bar("missed", f"{c.missed}", "0", c.missed == 0),
            Bar("invented", f"{c.invented}", "0", c.invented == 0),
            Bar("kind wrong", f"{c.kind_wrong}", "0", c.kind_wrong == 0),
            Bar("lock more than a sample off", f"{late[0]}", "0", late[0] == 0),
            Bar("unlock more than a sample off", f"{late[1]}", "0", late[1] == 0),
            Bar("delays found, cause right", share(delays), "≥ 95 %", delays >= 0.95),
            Bar("partial locks invented", f"{score.partial_locks[2]}", "0", score.partial_locks[2] == 0),
        ]
    call, day = _boxes_of_calls(score), _rates_of_days(score)
    return [
        Bar("recall", share(c.recall), "≥ 99.5 %", c.recall >= 0.995),
        Bar("precision", share(c.precision), "≥ 99.5 %", c.precision >= 0.995),
        Bar("kind right", share(c.kind_right), "≥ 99 %", c.kind_right >= 0.99),
        Bar(f"boxes of a call, worst ({call[0]})", off(call[1]), "± 0.5 %", abs(call[1]) <= 0.005),
        Bar(f"gross crane rate of a crane's day, worst ({day[0]})", off(day[1]), "± 1 %", abs(day[1]) <= 0.01),
    ]


def share(value: float) -> str:
    """A share in per cent."""
    return f"{100 * value:.3f} %"


def off(value: float) -> str:
    """A deviation in per cent."""
    return f"{100 * value:+.3f} %"


def deviation(sums: list[float]) -> float:
    """How much more was found than was true, as a share of it.

    Args:
        sums: true and found.
    """
    return sums[1] / sums[0] - 1 if sums[0] else 0.0


def _delays(score: Score) -> float:
    """Share of true delays that were found with the right cause."""
    there_were = sum(n for n, _, _ in score.delays.values())
    return sum(right for _, _, right in score.delays.values()) / there_were if there_were else 1.0


def _boxes_of_calls(score: Score) -> tuple[str, float]:
    return _worst((name, a, b) for name, a, b in score.boxes if a >= LEAST_BOXES_OF_A_CALL)


def _rates_of_days(score: Score) -> tuple[str, float]:
    return _worst((name, a, b) for name, a, b, boxes in score.rates if boxes >= LEAST_BOXES_OF_A_DAY)


def _worst(pairs: Iterable[tuple[str, float, float]]) -> tuple[str, float]:
    """Which is furthest off, and how far as a share of what was true."""
    found = [(name, (b - a) / a) for name, a, b in pairs]
    return max(found, key=lambda one: abs(one[1]), default=("none", 0.0))
