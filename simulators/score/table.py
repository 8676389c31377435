"""A score as tables for people, and as JSON."""

from typing import Any

import numpy as np

from simulators.score.bars import Bar, bars, share
from simulators.score.match import PHASES
from simulators.score.tally import Count, Score

CLEAN = "clean"
"""Name of the condition in which nothing is spoilt."""


def table(scores: dict[str, Score]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        lines += [f"### {condition}", ""]
        lines += _whole(score, bars(score, clean=condition == CLEAN))
        lines += ["", *_counts("kind", score.by_kind), "", *_counts("lift", score.by_lift)]
        if score.by_fault:
            lines += ["", "Moves within 30 s of a fault; faults overlap, so a move may stand in several rows:", ""]
            lines += _counts("near fault", score.by_fault)
        lines += ["", *_times(score), "", *_stops(score), "", *_partial_locks(score), ""]
    return "\n".join(lines).rstrip()


def _whole(score: Score, shown: list[Bar]) -> list[str]:
    c = score.all
    true, found = sum(a for _, a, _ in score.boxes), sum(b for _, _, b in score.boxes)
    rows = [(bar.what, bar.measured, bar.to_reach, "yes" if bar.reached else "**no**") for bar in shown]
    rows += [
        ("samples", f"{score.samples:,}", "", ""),
        ("moves; missed; invented", f"{c.true:,}; {c.missed}; {c.invented}", "", ""),
        ("moves with a wrong number of boxes", f"{c.boxes_wrong}", "", ""),
        ("boxes of all calls", f"{found:,} of {true:,}", "", ""),
    ]
    head = ["| what | measured | to reach | reached |", "| --- | --- | --- | --- |"]
    return head + [f"| {' | '.join(row)} |" for row in rows]


def _counts(what: str, counts: dict[str, Count]) -> list[str]:
    lines = [
        f"| {what} | moves | missed | invented | recall | precision | kind wrong | boxes wrong |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, c in sorted(counts.items(), key=lambda item: -item[1].true):
        shares = f"{share(c.recall)} | {share(c.precision)}"
        lines.append(f"| {name} | {c.true} | {c.missed} | {c.invented} | {shares} | {c.kind_wrong} | {c.boxes_wrong} |")
    return lines


def _times(score: Score) -> list[str]:
    lines = [
        "| phase, found later by [ms] | median | p1 | p99 | off by more than a sample |",
        "| --- | --- | --- | --- | --- |",
    ]
    for phase in PHASES:
        errors = np.array(score.errors_ms[phase] or [0.0])
        median, low, high = np.percentile(errors, [50, 1, 99])
        lines.append(f"| {phase} | {median:.0f} | {low:.0f} | {high:.0f} | {score.off_by_more[phase]} |")
    return lines


def _stops(score: Score) -> list[str]:
    lines = [
        "| stops of 2 min and more | there were | found | cause right | invented |",
        "| --- | --- | --- | --- | --- |",
    ]
    for cause in sorted(score.stops | score.invented_stops):
        n, found, right = score.stops.get(cause, (0, 0, 0))
        lines.append(f"| {cause} | {n} | {found} | {right} | {score.invented_stops[cause]} |")
    return lines


def _partial_locks(score: Score) -> list[str]:
    cells = " | ".join(map(str, score.partial_locks))
    return ["| partial locks | there were | found | invented |", "| --- | --- | --- | --- |", f"| all | {cells} |"]


def as_json(scores: dict[str, Score]) -> dict[str, Any]:
    """The same figures for programs."""
    return {condition: _json(score, bars(score, clean=condition == CLEAN)) for condition, score in scores.items()}


def _json(score: Score, shown: list[Bar]) -> dict[str, Any]:
    def count(c: Count) -> dict[str, float]:
        return {
            "moves": c.true,
            "missed": c.missed,
            "invented": c.invented,
            "recall": round(c.recall, 6),
            "precision": round(c.precision, 6),
            "kind_right": round(c.kind_right, 6),
            "boxes_wrong": c.boxes_wrong,
        }

    times = {}
    for phase in PHASES:
        low, median, high = np.percentile(np.array(score.errors_ms[phase] or [0.0]), [1, 50, 99])
        times[phase] = {"p1_ms": low, "median_ms": median, "p99_ms": high, "off_by_more": score.off_by_more[phase]}
    return {
        "bars": [
            {"what": bar.what, "measured": bar.measured, "to_reach": bar.to_reach, "reached": bar.reached}
            for bar in shown
        ],
        "samples": score.samples,
        "all": count(score.all),
        "by_kind": {name: count(c) for name, c in score.by_kind.items()},
        "by_lift": {name: count(c) for name, c in score.by_lift.items()},
        "by_fault": {name: count(c) for name, c in score.by_fault.items()},
        "times": times,
        "calls": [{"call": name, "true": a, "found": b} for name, a, b in score.boxes],
        "rates": [{"crane": name, "true": round(a, 4), "found": round(b, 4)} for name, a, b, _ in score.rates],
        "stops": {c: {"true": n, "found": f, "cause_right": r} for c, (n, f, r) in score.stops.items()},
        "stops_invented": dict(score.invented_stops),
        "partial_locks": dict(zip(("true", "found", "invented"), score.partial_locks, strict=True)),
    }
