"""Storms: conditions of many neighbours that began at about the same time, in whatever order they became known."""

from collections import Counter
from collections.abc import Sequence

from processing.alarms.spans import ConditionSpan


def storms(spans: Sequence[ConditionSpan], least: int, within_us: int) -> list[list[ConditionSpan]]:
    """Which spans of neighbours are storms, each in order of beginning.

    A span belongs to one where, in some stretch of `within_us` that its beginning lies in, the condition began for
    `least` subjects; stretches that overlap are one storm. That depends on the set of spans only.

    Args:
        spans: of all neighbours.
        least: subjects that make a storm, at least 2.
        within_us: longest time between the first and the last of them. [µs]
    """
    line = sorted(spans, key=lambda span: (span.began_us, span.subject))
    found: list[list[ConditionSpan]] = []
    inside: Counter[str] = Counter()
    first = marked = 0  # beginning of the stretch; rows before `marked` are in a storm, or in none
    for last, span in enumerate(line):
        inside[span.subject] += 1
        while span.began_us - line[first].began_us > within_us:
            left = line[first].subject
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        if len(inside) < least:
            continue
        if found and first < marked:
            found[-1] += line[marked : last + 1]
        else:
            found.append(list(line[first : last + 1]))
        marked = last + 1
    return found


def complete_us(storm: Sequence[ConditionSpan], least: int) -> int:
    """When it became one: the condition began for the `least`-th subject. [µs since 1970 UTC]."""
    known: set[str] = set()
    for span in storm:
        known.add(span.subject)
        if len(known) == least:
            return span.began_us
    raise ValueError(f"{len(known)} subjects are no storm")
