"""A score as tables for people, and as JSON."""

from typing import Any

import numpy as np

from simulators.score.match import PHASES
from simulators.score.tally import Count, Score

BARS = {
    "clean": "every move, none invented, kinds right, lock and unlock within one sample",
    "all faults": "recall and precision ≥ 99.5 %, kinds ≥ 99 %, boxes of a call ± 0.5 %, gross crane rate ± 1 %",
}


def table(scores: dict[str, Score]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        lines += [f"### {condition}", ""]
        if condition in BARS:
            lines += [f"To reach: {BARS[condition]}.", ""]
        lines += _whole(score)
        lines += ["", *_counts("kind", score.by_kind)]
        if score.by_fault:
            lines += ["", "Moves within 30 s of a fault; faults overlap, so a move may stand in several rows:", ""]
            lines += _counts("near fault", score.by_fault)
        lines += ["", *_times(score), "", *_stops(score), ""]
    return "\n".join(lines).rstrip()


def _whole(score: Score) -> list[str]:
    c = score.all
    rows = [
        ("samples", f"{score.samples:,}"),
        ("moves", f"{c.true:,}"),
        ("missed; invented", f"{c.missed}; {c.invented}"),
        ("recall", _share(c.recall)),
        ("precision", _share(c.precision)),
        ("kind right", _share(c.kind_right)),
        ("moves with a wrong number of boxes", f"{c.boxes_wrong}"),
        ("boxes of a call, worst", _worst([(name, float(a), float(b)) for name, a, b in score.boxes if a >= 100])),
        ("boxes of all calls", _off(sum(a for _, a, _ in score.boxes), sum(b for _, _, b in score.boxes))),
        ("gross crane rate of a crane's day, worst", _worst(score.rates)),
        ("lock more than a sample off; unlock", f"{score.off_by_more['locked']}; {score.off_by_more['unlocked']}"),
    ]
    return ["| what | measured |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)]


def _share(share: float) -> str:
    return f"{100 * share:.3f} %"


def _off(true: float, found: float) -> str:
    return f"{100 * (found - true) / true:+.3f} %" if true else "none"


def _worst(pairs: list[tuple[str, float, float]]) -> str:
    if not pairs:
        return "none"
    name, true, found = max(pairs, key=lambda one: abs(one[2] - one[1]) / one[1])
    return f"{_off(true, found)} ({name}: {found:.6g} instead of {true:.6g}; {len(pairs)} in all)"


def _counts(what: str, counts: dict[str, Count]) -> list[str]:
    lines = [
        f"| {what} | moves | missed | invented | recall | precision | kind wrong | boxes wrong |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, c in sorted(counts.items(), key=lambda item: -item[1].true):
        shares = f"{_share(c.recall)} | {_share(c.precision)}"
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
    lines = ["| stops of 2 min and more | there were | found | cause right |", "| --- | --- | --- | --- |"]
    return lines + [
        f"| {cause} | {n} | {found} | {right} |" for cause, (n, found, right) in sorted(score.stops.items())
    ]


def as_json(scores: dict[str, Score]) -> dict[str, Any]:
    """The same figures for programs."""
    return {condition: _json(score) for condition, score in scores.items()}


def _json(score: Score) -> dict[str, Any]:
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
        "samples": score.samples,
        "all": count(score.all),
        "by_kind": {name: count(c) for name, c in score.by_kind.items()},
        "by_fault": {name: count(c) for name, c in score.by_fault.items()},
        "times": times,
        "calls": [{"call": name, "true": a, "found": b} for name, a, b in score.boxes],
        "rates": [{"crane": name, "true": round(a, 4), "found": round(b, 4)} for name, a, b in score.rates],
        "stops": {c: {"true": n, "found": f, "cause_right": r} for c, (n, f, r) in score.stops.items()},
    }
