"""A score of reefers beside what it has to reach, as tables for people, and as JSON."""

from typing import Any

import numpy as np

from simulators.reefer_faults import HIDING
from simulators.score.bars import Bar, share
from simulators.score.reefers import ReeferScore
from simulators.score.table import CLEAN, bar_rows, count_json, count_rows

WRONG = ("probe", "container")


def bars(score: ReeferScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c, off, false = score.all, score.off_power, score.false_per_1000
    if clean:
        return [
            Bar("excursions missed", f"{c.missed}", "0", c.missed == 0),
            Bar("found later than an interval after the delay", f"{score.late}", "0", score.late == 0),
            Bar("false excursions in 1,000 reefer-days", f"{false:.2f}", "≤ 1", false <= 1),
            Bar("probe wrong", f"{c.kind_wrong}", "0", c.kind_wrong == 0),
            Bar("container wrong", f"{c.boxes_wrong}", "0", c.boxes_wrong == 0),
            Bar("spans without power missed", f"{off.missed}", "0", off.missed == 0),
            Bar("spans without power invented", f"{off.invented}", "0", off.invented == 0),
            Bar("found later than an interval without power", f"{score.off_late}", "0", score.off_late == 0),
        ]
    return [
        Bar("recall of excursions", share(c.recall), "≥ 98 %", c.recall >= 0.98),
        Bar("false excursions in 1,000 reefer-days", f"{false:.2f}", "≤ 1", false <= 1),
        Bar("recall of spans without power", share(off.recall), "≥ 99 %", off.recall >= 0.99),
        Bar("precision of spans without power", share(off.precision), "≥ 99 %", off.precision >= 0.99),
    ]


def table(scores: dict[str, ReeferScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        c, off = score.all, score.off_power
        rows = [
            ("samples; reefer-days", f"{score.samples:,}; {score.reefer_days:,.0f}"),
            ("excursions; missed; invented; late", f"{c.true:,}; {c.missed}; {c.invented}; {score.late}"),
            ("of the missed and the late ones, air not read meanwhile for over two intervals", f"{score.unread}"),
            ("excursions that may be found or not", f"{score.unclear}"),
            *(
                (f"excursions begun while {HIDING[name]} ({name}); found all the same", f"{n}; {found}")
                for name, (n, found) in sorted(score.unseen.items())
            ),
            (
                "spans without power; missed; invented; late",
                f"{off.true:,}; {off.missed}; {off.invented}; {score.off_late}",
            ),
        ]
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows)]
        lines += ["", *count_rows("probe", "excursions", score.by_probe, WRONG)]
        lines += ["", *count_rows("reports every", "excursions", score.by_interval, WRONG)]
        if score.by_fault:
            lines += ["", "Within an hour of a fault; faults overlap, so an excursion may stand in several rows:", ""]
            lines += count_rows("near fault", "excursions", score.by_fault, WRONG)
        lines += ["", *_error_rows(score), ""]
    return "\n".join(lines).rstrip()


def _error_rows(score: ReeferScore) -> list[str]:
    lines = ["| found later by [min] | median | p1 | p99 |", "| --- | --- | --- | --- |"]
    for name, errors_min in score.errors_min.items():
        median, low, high = np.percentile(np.array(errors_min or [0.0]), [50, 1, 99])
        lines.append(f"| {name} | {median:.0f} | {low:.0f} | {high:.0f} |")
    return lines


def as_json(scores: dict[str, ReeferScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "samples": score.samples,
            "reefer_days": round(score.reefer_days, 3),
            "all": count_json("excursions", score.all)
            | {"late": score.late, "unread": score.unread, "unclear": score.unclear, "unseen": score.unseen},
            "off_power": count_json("spans", score.off_power) | {"late": score.off_late},
            "by_probe": {name: count_json("excursions", c) for name, c in score.by_probe.items()},
            "by_fault": {name: count_json("excursions", c) for name, c in score.by_fault.items()},
            "false_per_1000_reefer_days": round(score.false_per_1000, 4),
        }
        for condition, score in scores.items()
    }
