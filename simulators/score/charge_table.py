"""A score of charging sessions beside what it has to reach, as tables for people, and as JSON."""

from typing import Any

from simulators.score.bars import Bar, deviation, off, share
from simulators.score.charges import ChargeScore
from simulators.score.table import count_json, error_rows
from simulators.score.vehicle_day import ENDS


def bars(score: ChargeScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something; a vehicle charges for an hour, so there are few.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c, energy = score.all, deviation(score.energy_kwh)
    if clean:
        return [
            Bar("charging sessions missed", f"{c.missed}", "0", c.missed == 0),
            Bar("charging sessions invented", f"{c.invented}", "0", c.invented == 0),
            *(
                Bar(
                    f"charging session {end} more than a sample off",
                    f"{score.off_by_more[end]}",
                    "0",
                    score.off_by_more[end] == 0,
                )
                for end in ENDS
            ),
            Bar("energy of all charging sessions", off(energy), "± 1 %", abs(energy) <= 0.01),
        ]
    return [
        Bar("charging sessions, recall", share(c.recall), "≥ 95 %", c.recall >= 0.95),
        Bar("charging sessions, precision", share(c.precision), "≥ 95 %", c.precision >= 0.95),
        Bar("energy of all charging sessions", off(energy), "± 2 %", abs(energy) <= 0.02),
    ]


def figures(score: ChargeScore) -> list[tuple[str, str]]:
    """Figures that have to reach nothing."""
    c = score.all
    worst_pct = max((abs(error) for errors in score.battery_errors_pct.values() for error in errors), default=0.0)
    return [
        ("charging sessions; missed; invented", f"{c.true}; {c.missed}; {c.invented}"),
        ("charge at begin or end off by, at most", f"{worst_pct:.2f} % of the battery"),
        ("charging sessions without energy", f"{score.unknown}"),
    ]


def table(score: ChargeScore) -> list[str]:
    """Times, and what was found near faults; recall and precision of few sessions are counts."""
    lines = error_rows("charging session", score.errors_ms, score.off_by_more)
    if score.by_fault:
        lines += ["", "| near fault | charging sessions | missed | invented |", "| --- | --- | --- | --- |"]
        for name, c in sorted(score.by_fault.items(), key=lambda item: -item[1].true):
            lines.append(f"| {name} | {c.true} | {c.missed} | {c.invented} |")
    return lines


def as_json(score: ChargeScore) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        "all": count_json("charges", score.all),
        "by_fault": {name: count_json("charges", c) for name, c in score.by_fault.items()},
        "energy_kwh": dict(zip(("true", "found"), (round(kwh, 3) for kwh in score.energy_kwh), strict=True)),
    }
