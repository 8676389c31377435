"""A score of vehicles beside what it has to reach, as tables for people, and as JSON: trips, then charging sessions."""

from typing import Any

import numpy as np

from simulators.score import charge_table
from simulators.score.bars import Bar, deviation, off, share
from simulators.score.table import CLEAN, bar_rows, count_json, count_rows, error_rows
from simulators.score.trips import TripScore
from simulators.score.vehicle_day import ENDS

WRONG = ("zone or load", "containers")


def bars(score: TripScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c = score.all
    way, energy = deviation(score.way_m), deviation(score.energy_kwh)
    of_charges = charge_table.bars(score.charges, clean=clean)
    if clean:
        return [
            Bar("missed", f"{c.missed}", "0", c.missed == 0),
            Bar("invented", f"{c.invented}", "0", c.invented == 0),
            Bar("zone or load wrong", f"{c.kind_wrong}", "0", c.kind_wrong == 0),
            Bar("containers wrong", f"{c.boxes_wrong}", "0", c.boxes_wrong == 0),
            *(
                Bar(f"{end} more than a sample off", f"{score.off_by_more[end]}", "0", score.off_by_more[end] == 0)
                for end in ENDS
            ),
            Bar("way of all trips", off(way), "± 0.5 %", abs(way) <= 0.005),
            Bar("energy of all trips", off(energy), "± 1 %", abs(energy) <= 0.01),
            *of_charges,
        ]
    return [
        Bar("recall", share(c.recall), "≥ 99 %", c.recall >= 0.99),
        Bar("precision", share(c.precision), "≥ 99 %", c.precision >= 0.99),
        Bar("zone and load right", share(c.kind_right), "≥ 99 %", c.kind_right >= 0.99),
        Bar("way of all trips", off(way), "± 1 %", abs(way) <= 0.01),
        Bar("energy of all trips", off(energy), "± 2 %", abs(energy) <= 0.02),
        *of_charges,
    ]


def table(scores: dict[str, TripScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        c, low, high = score.all, *_way_errors(score)
        rows = [
            ("samples", f"{score.samples:,}"),
            ("trips; missed; invented", f"{c.true:,}; {c.missed}; {c.invented}"),
            ("trips with wrong containers", f"{c.boxes_wrong}"),
            ("way of a trip off by, p1 to p99", f"{off(low)} to {off(high)}"),
            ("trips without a way; without energy", f"{score.unknown['way']}; {score.unknown['energy']}"),
            *charge_table.figures(score.charges),
        ]
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows)]
        lines += ["", *count_rows("trip", "trips", score.by_kind, WRONG)]
        if score.by_fault:
            lines += ["", "Trips within 30 s of a fault; faults overlap, so a trip may stand in several rows:", ""]
            lines += count_rows("near fault", "trips", score.by_fault, WRONG)
        lines += [
            "",
            *error_rows("end", score.errors_ms, score.off_by_more),
            "",
            *charge_table.table(score.charges),
            "",
        ]
    return "\n".join(lines).rstrip()


def _way_errors(score: TripScore) -> tuple[float, float]:
    low, high = np.percentile(np.array(score.way_errors or [0.0]), [1, 99])
    return float(low), float(high)


def as_json(scores: dict[str, TripScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "samples": score.samples,
            "all": count_json("trips", score.all),
            "by_kind": {name: count_json("trips", c) for name, c in score.by_kind.items()},
            "by_fault": {name: count_json("trips", c) for name, c in score.by_fault.items()},
            "way_errors": dict(zip(("p1", "p99"), _way_errors(score), strict=True)),
            "charges": charge_table.as_json(score.charges),
        }
        for condition, score in scores.items()
    }
