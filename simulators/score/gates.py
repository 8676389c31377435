"""A score of gates beside what it has to reach, as tables for people, and as JSON."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulators.score.bars import Bar, off, share
from simulators.score.gate_day import GateDay
from simulators.score.gate_tally import GateTally
from simulators.score.table import CLEAN, bar_rows, count_json, count_rows
from simulators.score.tally import Count

LEAST_RIGHT = {"with RFID": 0.99, "without RFID": 0.97}
TURN_OFF = 0.01
LEAST_FOUND, LEAST_FOUND_SPOILT = 0.999, 0.995
WRONG_VISIT, WRONG_TRANSACTION = ("ends", "plate"), ("exit or reason", "plate")


@dataclass(slots=True)
class GateScore:
    """Of days under one condition: with the reads of tags and without. `samples` is how many were read."""

    by_reading: dict[str, GateTally] = field(default_factory=lambda: {name: GateTally() for name in LEAST_RIGHT})
    samples: int = 0

    @property
    def all(self) -> Count:
        """Visits found where tags are read."""
        return self.by_reading["with RFID"].visits

    def add(self, day: GateDay, _name: str) -> None:
        """Take in a day."""
        self.samples += day.samples
        self.by_reading["with RFID"].add(day, day.with_rfid)
        self.by_reading["without RFID"].add(day, day.without_rfid)


def bars(score: GateScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something; of visits the same whatever is spoilt.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    found, least_found = [], LEAST_FOUND if clean else LEAST_FOUND_SPOILT
    for name, tally in score.by_reading.items():
        least, median, c = LEAST_RIGHT[name], _turn_off(tally), tally.transactions
        found += [
            Bar(f"visits right, {name}", share(tally.right), f"≥ {100 * least:g} %", tally.right >= least),
            Bar(f"median turn time, {name}", off(median), "± 1 %", abs(median) <= TURN_OFF),
            _found(f"transactions found, {name}", c.recall, least_found),
            _found(f"found transactions that there were, {name}", c.precision, least_found),
        ]
    return found


def _found(what: str, measured: float, least: float) -> Bar:
    return Bar(what, share(measured), f"≥ {100 * least:g} %", measured >= least)


def _medians_min(tally: GateTally) -> tuple[float, float]:
    return float(np.median(tally.true_us or [0])) / 6e7, float(np.median(tally.found_us or [0])) / 6e7


def _turn_off(tally: GateTally) -> float:
    true, found = _medians_min(tally)
    return found / true - 1 if true else 0.0


def table(scores: dict[str, GateScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        shown, rows = bars(score, clean=condition == CLEAN), [("samples", f"{score.samples:,}")]
        for name, tally in score.by_reading.items():
            true, found = _medians_min(tally)
            rows.append((f"median turn time, {name}: true; found", f"{true:.2f} min; {found:.2f} min"))
        lines += [f"### {condition}", "", *bar_rows(shown, rows), ""]
        lines += count_rows("visits", "all", {n: t.visits for n, t in score.by_reading.items()}, WRONG_VISIT)
        lines += [""]
        lines += count_rows(
            "transactions", "all", {n: t.transactions for n, t in score.by_reading.items()}, WRONG_TRANSACTION
        )
        lines += ["", *count_rows("transactions with RFID", "all", _reasons(score), WRONG_TRANSACTION), ""]
    return "\n".join(lines).rstrip()


def _reasons(score: GateScore) -> dict[str, Count]:
    return score.by_reading["with RFID"].by_reason


def as_json(scores: dict[str, GateScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "samples": score.samples,
            "by_reading": {name: _json(tally) for name, tally in score.by_reading.items()},
        }
        for condition, score in scores.items()
    }


def _json(tally: GateTally) -> dict[str, Any]:
    true, found = _medians_min(tally)
    return {
        "visits_right": round(tally.right, 6),
        "visits": count_json("visits", tally.visits),
        "transactions": count_json("transactions", tally.transactions),
        "by_reason": {reason: count_json("transactions", count) for reason, count in tally.by_reason.items()},
        "turn_median_min": {"true": round(true, 3), "found": round(found, 3)},
    }
