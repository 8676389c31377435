"""The curve of a cold treatment's readings: probes by colour, levels of the schedule, breaches."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from api.treatments.certificate_answers import Certificate, runs_of
from infra.clock import from_us, to_us
from processing.model.times import DAY_US, HOUR_US, MINUTE_US
from processing.treatments.curve import CurvePoint
from processing.treatments.facts import PROBES

COLOURS = tuple(HexColor(colour) for colour in ("#1f6fb2", "#2e8b57", "#b8660b"))
AXIS, GRID, LIMIT, BREACH = (HexColor(colour) for colour in ("#44515c", "#dfe5e9", "#8c1d18", "#d32f2f"))
LEFT, BOTTOM, RIGHT, TOP = 28.0, 22.0, 62.0, 14.0
"""Room for the labels. [pt]"""
MOST_TICKS = 10
STEPS_US = (*(minutes * MINUTE_US for minutes in (1, 5, 15, 30)), *(hours * HOUR_US for hours in (1, 2, 3, 6, 12)))
"""Between two times of the axis, where days are too far apart. [µs]"""
MARGIN_K, MOST_ABOVE_K = 0.3, 4.0
"""Room above and below the curve; what is further above the warmest level is cut off. [K]"""
Scale = Callable[[float], float]


def chart(points: Sequence[CurvePoint], found: Certificate, width: float, height: float) -> Any:
    """The drawing; width and height in points. Where nothing was read it says so."""
    drawing = Drawing(width, height)
    drawing.add(Rect(LEFT, BOTTOM, width - LEFT - RIGHT, height - BOTTOM - TOP, strokeColor=GRID, fillColor=None))
    limits_degc = [] if found.schedule is None else [level.limit_degc for level in found.schedule.levels]
    values = [value for point in points for pair in point.degc if pair is not None for value in pair]
    if not values:
        drawing.add(String(width / 2, height / 2, "no reading is kept", textAnchor="middle", fontSize=9))
        return drawing
    warmest = max(limits_degc, default=max(values)) + MOST_ABOVE_K
    low, high = min([*values, *limits_degc]) - MARGIN_K, min(max([*values, *limits_degc]), warmest) + MARGIN_K
    first_us, last_us = points[0].first_us, max(points[-1].last_us, points[0].first_us + MINUTE_US)

    def x(time_us: float) -> float:
        return LEFT + (width - LEFT - RIGHT) * (time_us - first_us) / (last_us - first_us)

    def y(degc: float) -> float:
        return BOTTOM + (height - BOTTOM - TOP) * (min(max(degc, low), high) - low) / (high - low)

    for shape in (
        *_degrees(low, high, y, width),
        *_times(first_us, last_us, x, height, width),
        *_levels(limits_degc, y, width),
        *_probes(points, x, y),
        *_breaches(found, x, y, limits_degc),
        *_legend(height),
    ):
        drawing.add(shape)
    return drawing


def _degrees(low: float, high: float, y: Scale, width: float) -> Iterator[Any]:
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if (high - low) / step <= MOST_TICKS)
    at = -(-low // step) * step
    while at <= high:
        yield Line(LEFT, y(at), width - RIGHT, y(at), strokeColor=GRID, strokeWidth=0.4)
        yield String(LEFT - 3, y(at) - 2.5, f"{at:g}", textAnchor="end", fontSize=7, fillColor=AXIS)
        at += step
    yield String(2, y(high) + 4, "°C", fontSize=7, fillColor=AXIS)


def _times(first_us: int, last_us: int, x: Scale, height: float, width: float) -> Iterator[Any]:
    """Days, or hours where the readings are of few days: days by their date, hours by the clock, in UTC."""
    length_us = last_us - first_us
    days_us = max(1, -(-length_us // (MOST_TICKS * DAY_US))) * DAY_US
    step_us = next((step for step in STEPS_US if length_us // step <= MOST_TICKS), days_us)
    at_us = -(-first_us // step_us) * step_us
    while at_us <= last_us:
        text = f"{from_us(at_us):%d %b}" if at_us % DAY_US == 0 else f"{from_us(at_us):%H:%M}"
        yield Line(x(at_us), BOTTOM, x(at_us), height - TOP, strokeColor=GRID, strokeWidth=0.4)
        yield String(x(at_us), BOTTOM - 9, text, textAnchor="middle", fontSize=7, fillColor=AXIS)
        at_us += step_us
    yield String(width - RIGHT + 3, BOTTOM - 9, "UTC", fontSize=7, fillColor=AXIS)


def _levels(limits_degc: Sequence[float], y: Scale, width: float) -> Iterator[Any]:
    for limit in limits_degc:
        yield Line(LEFT, y(limit), width - RIGHT, y(limit), strokeColor=LIMIT, strokeWidth=0.7, strokeDashArray=[3, 2])
        yield String(width - RIGHT + 3, y(limit) - 2.5, f"level {limit:g} °C", fontSize=6.5, fillColor=LIMIT)


def _probes(points: Sequence[CurvePoint], x: Scale, y: Scale) -> Iterator[Any]:
    """A line from extreme to extreme; broken where nothing was read for long."""
    longest_us = 3 * max([point.last_us - point.first_us for point in points] + [20 * MINUTE_US])
    for probe, colour in enumerate(COLOURS):
        line: list[float] = []
        before_us = points[0].first_us
        for point in points:
            pair = point.degc[probe]
            if pair is None:
                continue
            if point.first_us - before_us > longest_us:
                yield from _line(line, colour)
                line = []
            for time_us, degc in ((point.first_us, pair[0]), (point.last_us, pair[1])):
                line += [x(time_us), y(degc)]
            before_us = point.last_us
        yield from _line(line, colour)


def _line(line: list[float], colour: Any) -> Iterator[Any]:
    if len(line) > 2:
        yield PolyLine(line, strokeColor=colour, strokeWidth=0.6)


def _breaches(found: Certificate, x: Scale, y: Scale, limits_degc: Sequence[float]) -> Iterator[Any]:
    for run in runs_of(found.treatment):
        if run.breach_at is not None:
            at_us = to_us(datetime.fromisoformat(run.breach_at))
            yield Circle(x(at_us), y(max(limits_degc, default=0.0)), 2.4, fillColor=BREACH, strokeColor=BREACH)


def _legend(height: float) -> Iterator[Any]:
    at = LEFT
    for probe, colour in zip(PROBES, COLOURS, strict=True):
        yield Line(at, height - 6, at + 12, height - 6, strokeColor=colour, strokeWidth=1.4)
        yield String(at + 15, height - 8.5, probe, fontSize=7, fillColor=AXIS)
        at += 48
    yield Circle(at + 4, height - 6, 2.4, fillColor=BREACH, strokeColor=BREACH)
    yield String(at + 10, height - 8.5, "breach", fontSize=7, fillColor=AXIS)
