"""A comparison as text for people."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from processing.model.times import from_us
from processing.reconcile.detected_boxes import DetectedBox
from processing.reconcile.matching import Pair
from processing.reconcile.move_list import TosMove
from processing.reconcile.reconciliation import Reconciliation

MOST: Final = 50
"""Mismatches of each sort that are listed."""

T = TypeVar("T")


def text(found: Reconciliation, most: int = MOST) -> list[str]:
    """Lines of the report: summary, counts, then what does not agree.

    Args:
        found: the comparison.
        most: how many mismatches of each sort are listed.
    """
    pct = "" if found.difference_pct is None else f" ({found.difference_pct:+.1f} %)"
    return [
        f"boxes: {found.detected} detected, {found.tos} in the list, difference {found.difference:+d}{pct}",
        *_counts(found),
        *_matched(found.matched.pairs),
        *_part("detected, not in the list", found.matched.only_found, _box, most),
        *_part("in the list, not detected", found.matched.only_tos, _line, most),
        *_part("matched, but not in everything", found.differing, _differing, most),
    ]


def _counts(found: Reconciliation) -> list[str]:
    rows = [("crane", "kind", "detected", "list", "difference")]
    rows += [(c.crane or "-", c.kind, str(c.detected), str(c.tos), f"{c.difference:+d}") for c in found.counts]
    wide = max(len(row[0]) for row in rows)
    return [f"  {a:<{wide}}  {b:<9}  {c:>8}  {d:>6}  {e:>10}" for a, b, c, d, e in rows]


def _matched(pairs: Sequence[Pair]) -> list[str]:
    ways = Counter(pair.how for pair in pairs)
    by_evidence = ", ".join(
        f"{count} by {how}" for how, count in sorted(ways.items(), key=lambda way: (-way[1], way[0]))
    )
    lines = [f"matched: {len(pairs)}" + (f" ({by_evidence})" if by_evidence else "")]
    late = sorted(pair.late_us for pair in pairs if pair.late_us is not None)
    if late:
        middle, worst = late[len(late) // 2], max(late[0], late[-1], key=abs)
        lines.append(f"list less detected time: median {_seconds(middle)}, largest {_seconds(worst)}")
    return lines


def _part(title: str, items: Sequence[T], write: Callable[[T], str], most: int) -> list[str]:
    if not items:
        return []
    more = [f"  … and {len(items) - most} more"] if len(items) > most else []
    return ["", f"{title}: {len(items)}", *(f"  {write(one)}" for one in items[:most]), *more]


def _box(box: DetectedBox) -> str:
    twin = f", box {box.place + 1} of {box.move.boxes}" if box.move.boxes > 1 else ""
    inferred = ", inferred" if box.move.inferred else ""
    return f"{utc(box.at_us)}  {box.crane}  {box.kind}  {box.container_id or 'number not read'}{twin}{inferred}"


def _line(line: TosMove) -> str:
    at = "no time" if line.at_us is None else utc(line.at_us)
    number = line.container_id or "no number"
    flagged = "" if line.check_ok else ", fails ISO 6346"
    return f"line {line.line}: {at}  {line.crane or 'no crane'}  {line.kind}  {number}{flagged}"


def _differing(pair: Pair) -> str:
    box, line = pair.box, pair.line
    values = {
        "crane": (line.crane, box.crane),
        "kind": (line.kind, box.kind),
        "number": (line.container_id, box.container_id),
        "time": (utc(line.at_us or 0), utc(box.at_us)),
    }
    differences = "; ".join(f"{what}: list {values[what][0]}, detected {values[what][1]}" for what in pair.differs)
    return f"line {line.line}, {line.container_id or box.crane}, matched by {pair.how}: {differences}"


def utc(time_us: int) -> str:
    """A time to the second. [µs since 1970 UTC]."""
    return f"{from_us(time_us):%Y-%m-%d %H:%M:%SZ}"


def _seconds(time_us: int) -> str:
    return f"{round(time_us / 1e6):+d} s"
