"""The certificate of a cold treatment as PDF: one page to read, and the readings day by day."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from api.treatments.certificate_answers import Certificate, DailyReadings, runs_of
from api.treatments.certificate_chart import chart
from processing.treatments.curve import CurvePoint
from processing.treatments.facts import PROBES

INK, PALE, LINE = HexColor("#1b2733"), HexColor("#f2f5f7"), HexColor("#c9d2d9")
GOOD, BAD, OPEN = HexColor("#1d7a46"), HexColor("#b3261e"), HexColor("#8a5a00")
VERDICTS: dict[str, tuple[str, Any]] = {
    "done": ("DONE", GOOD),
    "failed": ("FAILED", BAD),
    "running": ("RUNNING", OPEN),
    "unknown": ("UNKNOWN", OPEN),
    "withdrawn": ("WITHDRAWN", BAD),
}
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=10)
CODE = ParagraphStyle("code", parent=BODY, fontName="Courier", fontSize=8, leading=11)
TITLE = ParagraphStyle("title", parent=BODY, fontName="Helvetica-Bold", fontSize=17, leading=22)
HEAD = ParagraphStyle("head", parent=BODY, fontName="Helvetica-Bold", fontSize=10.5, leading=16, spaceBefore=6)
WIDTH = A4[0] - 36 * mm - 12
"""Between the margins, without the padding that reportlab adds. [pt]"""
MOST_WRONG = 15


def pdf(found: Certificate, points: Sequence[CurvePoint]) -> bytes:
    """The document.

    Args:
        found: what it certifies.
        points: the curve of the readings.
    """
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=f"Cold treatment of {found.treatment.container_id}",
        author="quaystream",
        invariant=1,
    )

    def footer(canvas: Any, page: Any) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.setFillColor(INK)
        canvas.drawString(18 * mm, 11 * mm, f"{found.treatment.container_id} · {found.issued_at} · {found.log_head}")
        canvas.drawRightString(A4[0] - 18 * mm, 11 * mm, f"page {page.page}")

    document.build(_story(found, points), onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _story(found: Certificate, points: Sequence[CurvePoint]) -> list[Any]:
    treatment = found.treatment
    story: list[Any] = [
        Paragraph(f"Cold treatment of {escape(treatment.container_id)}", TITLE),
        _verdict(found),
        Spacer(1, 3 * mm),
        _pairs(_facts(found)),
        Paragraph("Readings of the pulp probes, corrected", HEAD),
        chart(points, found, WIDTH, 62 * mm),
        Paragraph("Runs", HEAD),
        _runs(found),
        Paragraph("The log of the readings", HEAD),
        *_log(found),
        Paragraph("Day by day, UTC", HEAD),
        _days(found.days),
    ]
    return story


def _verdict(found: Certificate) -> Any:
    text, colour = VERDICTS[found.verdict]
    style = ParagraphStyle("verdict", parent=TITLE, textColor=white, fontSize=14, leading=18)
    if found.wrong:
        rows = "1 row is not as it was" if len(found.wrong) == 1 else f"{len(found.wrong)} rows are not as they were"
        colour, text = BAD, f"{text} – but {rows} stored"
    made = Table([[Paragraph(escape(text), style)]], colWidths=[WIDTH], hAlign="LEFT")
    made.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), colour), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)]))
    return made


def _facts(found: Certificate) -> list[tuple[str, str]]:
    treatment, schedule = found.treatment, found.schedule
    corrections = ", ".join(f"{probe} {treatment.corrections_degc[probe]:+g} K" for probe in PROBES)
    facts = [("Terminal", treatment.terminal), ("Schedule", treatment.schedule)]
    if schedule is None:
        facts.append(("", "unknown: the site file has no such schedule that is valid then"))
    else:
        levels = "; ".join(f"at most {level.limit_degc:g} °C for {level.days} days" for level in schedule.levels)
        doubt = "" if schedule.verified else " (figures not compared with the protocol)"
        facts += [("For", schedule.text), ("Levels", levels), ("Source", f"{schedule.source}{doubt}")]
        facts.append(("Longest time between readings", f"{schedule.gap_min:g} min"))
    facts += [("Announced to begin", _minute(treatment.began_at)), ("Corrections", corrections)]
    for run in runs_of(treatment)[-1:]:
        breach = "none" if run.breach_at is None else f"{_minute(run.breach_at)}, sensor {run.breach_sensor}"
        facts.append(("Level reached", f"{run.level:g} °C: {run.done_h:.2f} h done, {run.left_h:.2f} h left"))
        facts.append(("Last breach", breach))
        facts.append(("Ended", "not yet" if run.ended_at is None else _minute(run.ended_at)))
    if treatment.problem is not None:
        facts.append(("Problem", treatment.problem))
    elif not treatment.up_to_date and treatment.withdrawn_at is None:
        facts.append(("Not final", "readings have come that are not followed yet; ask for it once more in a minute"))
    return facts


def _minute(time: str) -> str:
    """A time for people, with its seconds."""
    return f"{time[:10]} {time[11:19]} UTC"


def _pairs(pairs: Sequence[tuple[str, str]]) -> Any:
    rows = [[Paragraph(f"<b>{escape(name)}</b>", BODY), Paragraph(escape(value), BODY)] for name, value in pairs]
    made = Table(rows, colWidths=[50 * mm, WIDTH - 50 * mm], hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return made


def _runs(found: Certificate) -> Any:
    rows = [["began, UTC", "level", "done", "left", "verdict", "last breach", "sensor", "ended, UTC"]]
    for run in runs_of(found.treatment):
        breach, ended = ("–" if one is None else _minute(one)[:16] for one in (run.breach_at, run.ended_at))
        done, left = f"{run.done_h:.2f} h", f"{run.left_h:.2f} h"
        began = _minute(run.began_at)[:16]
        rows.append([began, f"{run.level:g} °C", done, left, run.verdict, breach, run.breach_sensor or "–", ended])
    return _table(rows, [28, 15, 18, 19, 17, 28, 15, 29])


def _log(found: Certificate) -> list[Any]:
    kept = f"; of {found.kept_no_more} the rows are kept no more" if found.kept_no_more else ""
    end = "Every row is as it was when it was stored." if found.intact else "These rows are not as they were stored:"
    more = len(found.wrong) - MOST_WRONG
    return [
        Paragraph(f"{found.treatment.readings} readings{kept}. {end}", BODY),
        *(Paragraph(escape(line), SMALL) for line in found.wrong[:MOST_WRONG]),
        *([Paragraph(f"and {more} more", SMALL)] if more > 0 else []),
        Paragraph("The log ends with", BODY),
        Paragraph(found.log_head or "no entry", CODE),
        Paragraph(
            f"Each reading, with its row and hashes, is in the certificate as JSON. {escape(found.how_to_check)}", SMALL
        ),
    ]


def _days(days: Sequence[DailyReadings]) -> Any:
    rows = [["day", "readings", "longest silence", *(f"{probe}, min to max" for probe in PROBES)]]
    for day in days:
        ranges = [day.usda1_degc, day.usda2_degc, day.usda3_degc]
        texts = ["–" if one is None else f"{one[0]:.2f} to {one[1]:.2f} °C" for one in ranges]
        rows.append([day.day, str(day.readings), f"{day.longest_silence_min:.0f} min", *texts])
    return _table(rows, [24, 19, 27, 33, 33, 33])


def _table(rows: list[list[str]], widths_mm: Sequence[float]) -> Any:
    made = Table(rows, colWidths=[width * mm for width in widths_mm], repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7.5),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 7.5),
                ("TEXTCOLOR", (0, 0), (-1, -1), INK),
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return made
