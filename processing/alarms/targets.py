"""KPIs below their target: conditions that a terminal states in its site file."""

from collections.abc import Sequence
from dataclasses import dataclass

from processing.alarms.condition import Condition, KpiSpans
from processing.alarms.facts import Severity
from processing.alarms.spans import ConditionSpan
from processing.model.times import MINUTE_US

LONGEST_US = 16 * MINUTE_US
"""A KPI sample counts for so long at most: samples come each minute, or each quarter of an hour. [µs]"""


@dataclass(frozen=True, slots=True)
class KpiTarget:
    """What a KPI of a terminal is to reach.

    Attributes:
        kpi, window: which samples.
        below: a value below is too low.
        back: from here on it is well again.
        delay_us, hold_us: as of a condition. [µs]
        severity: of the alarm.
    """

    kpi: str
    window: str
    below: float
    back: float
    delay_us: int
    hold_us: int
    severity: Severity

    @property
    def condition(self) -> Condition:
        """The row of the table of alarms."""
        return Condition(
            f"low_{self.kpi}",
            KpiSpans(self.kpi, self.window, self.below, self.back),
            self.severity,
            f"{self.kpi} over {self.window} is below {self.below:g}",
            "look at its explanation on the page",
            delay_us=self.delay_us,
            hold_us=self.hold_us,
            origin="the site file",
        )


def of_stretches(
    subject: str, stretches: Sequence[tuple[int, int, float | None]], below: float, back: float
) -> list[ConditionSpan]:
    """Spans in which a KPI is too low: from below `below` until it reaches `back`, or is not known.

    Args:
        subject: whose KPI.
        stretches: begin, end [µs since 1970 UTC] and a value, in order: of samples that follow each other, none further
            apart than `LONGEST_US`, and all on the same side of both limits.
        below: a value below is too low.
        back: from here on it is well again; not less than `below`.
    """
    found: list[ConditionSpan] = []
    low = False
    for began_us, ended_us, value in stretches:
        low = value is not None and (value < below or (low and value < back))
        if low:
            found.append(ConditionSpan(subject, began_us, ended_us))
    return found
