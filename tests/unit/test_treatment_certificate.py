"""The curve of a certificate keeps what breaks a treatment; its PDF is the same for the same readings."""

from typing import Any

import pytest
from reportlab.graphics.shapes import Circle, PolyLine, String

from api.treatments.answers import AnnouncedTreatment, ScheduleLevel, TreatmentRun, TreatmentSchedule
from api.treatments.certificate import HOW_TO_CHECK
from api.treatments.certificate_answers import Certificate, DailyReadings
from api.treatments.certificate_chart import chart
from api.treatments.certificate_pdf import pdf
from infra.clock import from_us
from processing.treatments.curve import CurvePoint, curve
from processing.treatments.runs import Reading

MINUTE_US, HOUR_US = 60_000_000, 3_600_000_000
T0 = 1_795_000_000_000_000 // HOUR_US * HOUR_US
READINGS = [
    Reading(T0, (0.5, 0.7, None)),
    Reading(T0 + MINUTE_US, (0.4, 2.9, None)),
    Reading(T0 + 2 * MINUTE_US, (0.6, 0.7, None)),
    Reading(T0 + 61 * MINUTE_US, (0.5, None, 0.9)),
]


def test_a_curve_keeps_extremes_and_silence() -> None:
    """One warm reading among three, corrected; an hour without a sample; probes that were not read."""
    assert curve(READINGS, (0.1, 0.0, -0.2), HOUR_US) == [
        CurvePoint(T0, T0 + 2 * MINUTE_US, 3, [(0.5, 0.7), (0.7, 2.9), None], MINUTE_US),
        CurvePoint(T0 + 61 * MINUTE_US, T0 + 61 * MINUTE_US, 1, [(0.6, 0.6), None, (0.7, 0.7)], 59 * MINUTE_US),
    ]
    assert curve([], (0.0, 0.0, 0.0), HOUR_US) == []


@pytest.fixture
def failed() -> Certificate:
    """A run that a reading of usda2 broke."""
    ended = from_us(T0 + MINUTE_US)
    run = TreatmentRun.from_row([from_us(T0), 1.5, 0.0, 456.0, "failed", ended, "usda2", ended, None])
    stamp = "2026-11-18T10:00:00.000Z"
    return Certificate(
        issued_at=stamp,
        verdict="failed",
        intact=True,
        wrong=[],
        kept_no_more=0,
        treatment=AnnouncedTreatment(
            "t",
            "CSQU3054383",
            "cn <&>",
            stamp,
            {"usda1": 0.1, "usda2": 0.0, "usda3": 0.0},
            stamp,
            4,
            "ab",
            True,
            None,
            None,
            None,
            [run],
        ),
        schedule=TreatmentSchedule("cn", "China", [ScheduleLevel(1.5, 19)], 60, 1.5, "source", False, None, None),
        log_head="ab" * 32,
        chain_begins_with="cd" * 32,
        how_to_check=HOW_TO_CHECK,
        days=[DailyReadings("2026-11-18", 4, 59.0, [0.5, 0.7], [0.7, 2.9], None)],
        entries=[],
    )


def shapes(drawing: Any, kind: type[Any]) -> list[Any]:
    """Of a kind, in a drawing."""
    return [shape for shape in drawing.contents if isinstance(shape, kind)]


def test_the_chart_has_a_line_a_probe_and_a_mark_at_the_breach(failed: Certificate) -> None:
    """One mark more stands in the legend."""
    drawing = chart(curve(READINGS, (0.0, 0.0, 0.0), MINUTE_US), failed, 400, 150)
    assert (len(shapes(drawing, PolyLine)), len(shapes(drawing, Circle))) == (3, 2)
    assert "level 1.5 °C" in [shape.text for shape in shapes(drawing, String)]
    assert "no reading is kept" in [shape.text for shape in shapes(chart([], failed, 400, 150), String)]


@pytest.mark.parametrize(
    ("hours", "texts"),
    [
        (5, ["11:00", "11:30", "12:00", "12:30", "13:00", "13:30", "14:00"]),
        (30, ["12:00", "15:00", "18:00", "21:00", "19 Nov", "03:00"]),
        (24 * 5, ["12:00", "19 Nov", "12:00", "20 Nov"]),
        (24 * 17, ["19 Nov", "21 Nov", "23 Nov"]),
    ],
)
def test_the_axis_has_times_whatever_the_length(failed: Certificate, hours: int, texts: list[str]) -> None:
    """Hours of a treatment that began today, days of one that takes weeks."""
    points = curve(
        [Reading(T0 + hour * HOUR_US, (0.5, 0.7, 0.6)) for hour in range(hours + 1)], (0.0, 0.0, 0.0), HOUR_US
    )
    found = [shape.text for shape in shapes(chart(points, failed, 400, 150), String)]
    assert "UTC" in found
    assert [text for text in found if ":" in text or text.endswith("Nov")][: len(texts)] == texts


def test_the_same_readings_give_the_same_document(failed: Certificate) -> None:
    points = curve(READINGS, (0.0, 0.0, 0.0), MINUTE_US)
    document = pdf(failed, points)
    assert (document[:5], document) == (b"%PDF-", pdf(failed, points))
    assert document != pdf(failed, points[:2])
