"""What probes read, as a curve of few points: the extremes stay, since one warm reading breaks a treatment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processing.treatments.runs import DECIMALS, Reading

Extremes = tuple[float, float]
"""The lowest and the highest reading of a probe. [°C]"""


@dataclass(slots=True)
class CurvePoint:
    """Corrected readings of a span of time.

    Attributes:
        first_us, last_us: of the readings. [µs since 1970 UTC]
        readings: how many samples.
        degc: by probe; None: it was not read. [°C]
        gap_us: longest time without a sample that ends in the span. [µs]
    """

    first_us: int
    last_us: int
    readings: int
    degc: list[Extremes | None]
    gap_us: int = 0


def curve(readings: Iterable[Reading], corrections_degc: Sequence[float], step_us: int) -> list[CurvePoint]:
    """Readings in order of time, gathered by steps of the clock; steps without a reading are left out.

    Args:
        readings: as they were sent.
        corrections_degc: added to them, in the order of the probes. [K]
        step_us: length of a step. [µs]
    """
    points: list[CurvePoint] = []
    for reading in readings:
        gap_us = reading.time_us - points[-1].last_us if points else 0
        if not points or reading.time_us // step_us != points[-1].first_us // step_us:
            points.append(CurvePoint(reading.time_us, reading.time_us, 0, [None] * len(reading.degc)))
        point = points[-1]
        point.last_us, point.readings, point.gap_us = reading.time_us, point.readings + 1, max(point.gap_us, gap_us)
        for probe, (degc, more) in enumerate(zip(reading.degc, corrections_degc, strict=True)):
            if degc is not None:
                value = round(degc + more, DECIMALS)
                low, high = point.degc[probe] or (value, value)
                point.degc[probe] = min(low, value), max(high, value)
    return points
