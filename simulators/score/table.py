"""A score as tables for people, and as JSON."""

from collections import Counter
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
        lines += ["", *count_rows("kind", "moves", score.by_kind), "", *count_rows("lift", "moves", score.by_lift)]
        if score.by_fault:
            lines += ["", "Moves within 30 s of a fault; faults overlap, so a move may stand in several rows:", ""]
            lines += count_rows("near fault", "moves", score.by_fault)
        times = error_rows("phase", score.errors_ms, score.off_by_more)
        lines += ["", *times, "", *_delays(score), "", *_partial_locks(score), ""]
    return "\n".join(lines).rstrip()


def _whole(score: Score, shown: list[Bar]) -> list[str]:
    c = score.all
    true, found = sum(a for _, a, _ in score.boxes), sum(b for _, _, b in score.boxes)
    more = [
        ("samples", f"{score.samples:,}"),
        ("moves; missed; invented", f"{c.true:,}; {c.missed}; {c.invented}"),
        ("moves with a wrong number of boxes", f"{c.boxes_wrong}"),
        ("boxes of all calls", f"{found:,} of {true:,}"),
    ]
    return bar_rows(shown, more)


def bar_rows(shown: list[Bar], more: list[tuple[str, str]]) -> list[str]:
    """A table of bars, and of figures that have none."""
    rows = [(bar.what, bar.measured, bar.to_reach, "yes" if bar.reached else "**no**") for bar in shown]
    rows += [(what, measured, "", "") for what, measured in more]
    head = ["| what | measured | to reach | reached |", "| --- | --- | --- | --- |"]
    return head + [f"| {' | '.join(row)} |" for row in rows]


def count_rows(
    what: str, counted: str, counts: dict[str, Count], wrong: tuple[str, str] = ("kind", "boxes")
) -> list[str]:
    """A table of what was found, missed and invented, by kind or by fault; `wrong` is what may be so of it."""
    lines = [
        f"| {what} | {counted} | missed | invented | recall | precision | {wrong[0]} wrong | {wrong[1]} wrong |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, c in sorted(counts.items(), key=lambda item: -item[1].true):
        shares = f"{share(c.recall)} | {share(c.precision)}"
        lines.append(f"| {name} | {c.true} | {c.missed} | {c.invented} | {shares} | {c.kind_wrong} | {c.boxes_wrong} |")
    return lines


def error_rows(what: str, errors_ms: dict[str, list[float]], off_by_more: Counter[str]) -> list[str]:
    """A table of how much later than they were times were found. [ms]."""
    lines = [
        f"| {what}, found later by [ms] | median | p1 | p99 | off by more than a sample |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found_ms in errors_ms.items():
        median, low, high = np.percentile(np.array(found_ms or [0.0]), [50, 1, 99])
        lines.append(f"| {name} | {median:.0f} | {low:.0f} | {high:.0f} | {off_by_more[name]} |")
    return lines


def _delays(score: Score) -> list[str]:
    lines = [
        "| delays of 2 min and more | there were | found | cause right | invented |",
        "| --- | --- | --- | --- | --- |",
    ]
    for cause in sorted(score.delays | score.invented_delays):
        n, found, right = score.delays.get(cause, (0, 0, 0))
        lines.append(f"| {cause} | {n} | {found} | {right} | {score.invented_delays[cause]} |")
    return lines


def _partial_locks(score: Score) -> list[str]:
    cells = " | ".join(map(str, score.partial_locks))
    return ["| partial locks | there were | found | invented |", "| --- | --- | --- | --- |", f"| all | {cells} |"]


def as_json(scores: dict[str, Score]) -> dict[str, Any]:
    """The same figures for programs."""
    return {condition: _json(score, bars(score, clean=condition == CLEAN)) for condition, score in scores.items()}


def count_json(counted: str, c: Count) -> dict[str, float]:
    """What was found, missed and invented."""
    return {
        counted: c.true,
        "missed": c.missed,
        "invented": c.invented,
        "recall": round(c.recall, 6),
        "precision": round(c.precision, 6),
        "kind_right": round(c.kind_right, 6),
        "boxes_wrong": c.boxes_wrong,
    }


def _json(score: Score, shown: list[Bar]) -> dict[str, Any]:
    times = {}
    for phase in PHASES:
        low, median, high = np.percentile(np.array(score.errors_ms[phase] or [0.0]), [1, 50, 99])
        times[phase] = {"p1_ms": low, "median_ms": median, "p99_ms": high, "off_by_more": score.off_by_more[phase]}
    return {
        "bars": [bar.as_json() for bar in shown],
        "samples": score.samples,
        "all": count_json("moves", score.all),
        "by_kind": {name: count_json("moves", c) for name, c in score.by_kind.items()},
        "by_lift": {name: count_json("moves", c) for name, c in score.by_lift.items()},
        "by_fault": {name: count_json("moves", c) for name, c in score.by_fault.items()},
        "times": times,
        "calls": [{"call": name, "true": a, "found": b} for name, a, b in score.boxes],
        "rates": [{"crane": name, "true": round(a, 4), "found": round(b, 4)} for name, a, b, _ in score.rates],
        "delays": {c: {"true": n, "found": f, "cause_right": r} for c, (n, f, r) in score.delays.items()},
        "delays_invented": dict(score.invented_delays),
        "partial_locks": dict(zip(("true", "found", "invented"), score.partial_locks, strict=True)),
    }
