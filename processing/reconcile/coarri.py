"""A move list as EDIFACT COARRI, discharge or loading report. Source: SMDG user manual of COARRI, D.95B."""

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from processing.reconcile.move_list import MOST_LINES, TosKind, TosList, TosMove, number_of
from processing.tos.codes import KIND_CODES, NOT_MOVED, SHIFTER
from processing.tos.problem import Problem
from processing.tos.segments import Segment, time_of

MAIN_CARRIAGE: Final = "20"
MOVED_AT: Final = "203"
STOWED: Final = "147"
CONTAINERS: Final = "16"


def read(segments: Iterable[Segment], zone: tzinfo | None, *, flag: bool = False) -> TosList:
    """Read an interchange of one report or more.

    Args:
        segments: of the whole interchange, UNA left out.
        zone: of its times, which mostly have no offset.
        flag: keep faulty box numbers, marked, instead of refusing them.

    Returns: every box moved and every problem; nothing of it is to be used while it has problems.
    """
    reader = _Reader(zone, flag)
    for segment in segments:
        reader.feed(segment)
    return reader.end()


class _Reader:
    """Segment by segment.

    Args:
        zone: of times.
        flag: keep faulty numbers.
    """

    def __init__(self, zone: tzinfo | None, flag: bool) -> None:
        self._zone, self._flag = zone, flag
        self._found = TosList()
        self._seen: dict[tuple[object, ...], int] = {}
        self._skipped: Counter[str] = Counter()
        self._message: Segment | None = None
        self._kind: TosKind | None = None
        self._kind_known = False
        self._boxes = self._reports = 0
        self._box: Segment | None = None
        self._at_us: int | None = None
        self._stowage: str | None = None

    def feed(self, segment: Segment) -> None:
        """Take one segment in."""
        match segment.tag:
            case "UNH":
                self._begin(segment)
            case "UNT":
                self._finish(segment)
            case "BGM":
                self._document(segment)
            case "TDT":
                self._transport(segment)
            case "EQD":
                self._close_box()
                if segment.get(0) == "CN":
                    self._open_box(segment)
            case "DTM" if self._box is not None and segment.get(0) == MOVED_AT:
                self._moved_at(segment)
            case "LOC" if self._box is not None and segment.get(0) == STOWED:
                self._stowage = segment.get(1)[:20] or None
            case "CNT" if segment.get(0) == CONTAINERS:
                self._total(segment)

    def end(self) -> TosList:
        """What was found."""
        found = self._found
        if self._message is not None:
            self._problem(self._message, "UNT", "this message has no end (UNT): the file is cut off")
        elif self._reports == 0 and not found.problems:
            found.problems.append(Problem(None, "UNH", "there is no COARRI message in it", "segment"))
        elif not found.moves and not found.problems:
            found.problems.append(Problem(None, "EQD", "no container (EQD+CN) was moved", "segment"))
        for status, count in sorted(self._skipped.items()):
            found.notes.append(f"containers {NOT_MOVED[status]} (EQD status {status}), not counted: {count}")
        return found

    def _problem(self, segment: Segment, field: str, text: str) -> None:
        self._found.problems.append(Problem(segment.number, field, f"{text} ({segment})", "segment"))

    def _begin(self, segment: Segment) -> None:
        if self._message is not None:
            self._problem(self._message, "UNT", "this message has no end (UNT) before the next begins")
        self._message, self._kind, self._kind_known, self._boxes, self._box = segment, None, False, 0, None
        if segment.get(1) != "COARRI":
            self._problem(segment, "UNH", f"message type is {segment.get(1) or 'missing'}, not COARRI")
        self._reports += 1

    def _finish(self, segment: Segment) -> None:
        self._close_box()
        if self._message is None:
            self._problem(segment, "UNT", "ends a message that did not begin")
        self._message = None

    def _document(self, segment: Segment) -> None:
        self._kind, self._kind_known = KIND_CODES.get(segment.get(0)), True
        if self._kind is None:
            known = ", ".join(f"{code} {kind}" for code, kind in sorted(KIND_CODES.items()))
            self._problem(
                segment, "BGM", f"document code {segment.get(0) or 'missing'} is not known; known are {known}"
            )

    def _transport(self, segment: Segment) -> None:
        if segment.get(0) == MAIN_CARRIAGE and self._box is None:
            self._found.voyage = segment.get(1)[:40] or self._found.voyage
            self._found.vessel = (segment.get(7, 3) or segment.get(7))[:80] or self._found.vessel

    def _open_box(self, segment: Segment) -> None:
        self._boxes += 1
        self._box, self._at_us, self._stowage = segment, None, None
        if self._message is None:
            self._problem(segment, "EQD", "stands outside of a message (UNH … UNT)")
        elif not self._kind_known:
            self._kind_known = True
            self._problem(
                segment, "BGM", "is missing before the first container: it distinguishes discharge from loading"
            )

    def _moved_at(self, segment: Segment) -> None:
        try:
            self._at_us = time_of(segment.get(0, 1), segment.get(0, 2), self._zone)
        except ValueError as error:
            self._problem(segment, "DTM", str(error))

    def _total(self, segment: Segment) -> None:
        self._close_box()
        if segment.get(0, 1).lstrip("0") != str(self._boxes or ""):
            text = f"the control total is {segment.get(0, 1) or 'missing'}, there are {self._boxes} containers"
            self._problem(segment, "CNT", text)

    def _close_box(self) -> None:
        """Take the container in that was open."""
        box, self._box = self._box, None
        if box is None:
            return
        status = box.get(4)
        if status in NOT_MOVED:
            self._skipped[status] += 1
            return
        kind: TosKind | None = "shift" if status == SHIFTER else self._kind
        container = number_of(box.get(1))
        if container is None:
            self._problem(box, "EQD", "the container number is missing")
        if len(self._found.moves) >= MOST_LINES:
            self._found.problems.append(Problem(box.number, "file", f"has more than {MOST_LINES} boxes", "segment"))
        elif container is not None and kind is not None:
            size_type = box.get(2)[:4].upper() or None
            move = TosMove(box.number, None, self._at_us, container, kind, size_type, self._stowage)
            self._found.add(move, self._seen, flag=self._flag, unit="segment")
