"""COARRI and CODECO, read segment by segment; what cannot be read is flagged with its segment, the rest is taken.

Source: SMDG and ITIGG user manuals of D.95B; which codes are verified: docs/containers.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Final

from processing.tos.box import Box
from processing.tos.box_segments import take
from processing.tos.codes import GATE_CODES, KIND_CODES, NOT_MOVED, SHIFTER
from processing.tos.event import FUNCTIONS, EventKind, MessageKind, TosMessage, identity
from processing.tos.problem import Problem
from processing.tos.reading import Reading, ReadMessage
from processing.tos.segments import Broken, Segment, time_of

VESSEL_EVENTS: Final[Mapping[str, EventKind]] = {"discharge": "discharged", "load": "loaded", "shift": "shifted"}
EVENTS: Final[Mapping[str, tuple[MessageKind, Mapping[str, EventKind]]]] = {
    "COARRI": ("coarri", {code: VESSEL_EVENTS[kind] for code, kind in KIND_CODES.items()}),
    "CODECO": ("codeco", GATE_CODES),
}
"""By type of message: events by document name, BGM 1001."""
SYNTAX: Final = "syntax"
FIELDS: Final = {"container": "EQD", "size_type": "EQD", "time": "DTM", "weight": "MEA", "seal": "SEL"}
"""Segments in which the fields of a box stand."""


def read(pieces: Iterable[Segment | Broken], how: Reading) -> Iterator[ReadMessage]:
    """Read a file of interchanges of reports.

    Args:
        pieces: its segments from UNB on, broken ones in their places.
        how: to read it.

    Returns: each message, and what is wrong outside of any.
    """
    reader = Interchange(how)
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.end()


class Interchange:
    """A file of one interchange or more, piece by piece.

    Args:
        how: to read it.
    """

    def __init__(self, how: Reading) -> None:
        self._how = how
        self._sender = ""
        self._prepared_us: int | None = None
        self._messages = 0
        self._ordinal = 0
        self._report: Report | None = None
        self._reached = 0
        self._whole = False

    def feed(self, piece: Segment | Broken) -> Iterator[ReadMessage]:
        """Take one piece in; messages that end with it."""
        self._reached = piece.number or self._reached
        if isinstance(piece, Broken):
            field = "file" if piece.number is None else SYNTAX
            yield from self._wrong(Problem(piece.number, field, piece.text, "segment"))
        elif piece.tag == "UNB":
            yield from self._begin(piece)
        elif piece.tag == "UNH":
            yield from self._close(" before the next message begins")
            self._messages += 1
            self._ordinal += 1
            self._report = Report(self._how, piece, self._ordinal)
        elif piece.tag == "UNZ":
            self._whole = True
            yield from self._close(" before the interchange ends")
        elif self._report is not None:
            self._report.feed(piece)
            if piece.tag == "UNT":
                yield from self._close(None)
        elif piece.tag in ("EQD", "UNT"):
            text = f"stands outside of a message, UNH … UNT ({piece})"
            yield from self._wrong(Problem(piece.number, piece.tag, text, "segment"))

    def end(self) -> Iterator[ReadMessage]:
        """What is left when there are no more pieces."""
        yield from self._close(": the file is cut off")
        if self._reached and not self._whole:
            yield from self._unended(self._reached, "the file may be cut off")
        if self._reached and not self._messages:
            yield from self._wrong(Problem(None, "UNH", "there is no message in it", "segment"))

    def _begin(self, unb: Segment) -> Iterator[ReadMessage]:
        """An interchange begins; what it states is the same whether others precede it in the file or not."""
        yield from self._close(" before the next interchange begins")
        if unb.number > 1 and not self._whole:
            yield from self._unended(unb.number - 1, "another one begins")
        self._whole, self._ordinal, self._prepared_us = False, 0, None
        self._sender = unb.get(1)[:40]
        yield from self._preparation(unb)

    def _unended(self, number: int, why: str) -> Iterator[ReadMessage]:
        yield from self._wrong(Problem(number, "UNZ", f"this interchange has no end (UNZ): {why}", "segment"))

    def _wrong(self, problem: Problem) -> Iterator[ReadMessage]:
        if self._report is not None:
            self._report.broken(problem)
        else:
            yield ReadMessage(None, problems=[problem], reached=self._reached)

    def _preparation(self, unb: Segment) -> Iterator[ReadMessage]:
        day, minute = unb.get(3), unb.get(3, 1)
        form = "203" if len(day) == 8 else "201"
        try:
            self._prepared_us = time_of(day + minute, form, self._how.zone or UTC)
        except ValueError as error:
            yield from self._wrong(Problem(unb.number, "UNB", f"time of preparation: {error}", "segment"))

    def _close(self, broken_off: str | None) -> Iterator[ReadMessage]:
        report, self._report = self._report, None
        if report is not None:
            yield report.read(self._sender, self._prepared_us, broken_off, self._reached)


class Report:
    """One message, segment by segment.

    Args:
        how: to read it.
        begins: its UNH.
        ordinal: which message of its interchange it is.
    """

    def __init__(self, how: Reading, begins: Segment, ordinal: int) -> None:
        self._how, self._begins, self._ordinal = how, begins, ordinal
        self._problems: list[Problem] = []
        self._parts: list[str] = []
        self._boxes: list[Box] = []
        self._box: Box | None = None
        self._containers = 0
        self._header: dict[str, str] = {}
        self._document: Segment | None = None
        self._event: EventKind | None = None
        if begins.get(1) not in EVENTS:
            known = " and ".join(EVENTS)
            self._problem(begins, f"message type is {begins.get(1) or 'missing'}; read are {known}")

    def feed(self, segment: Segment) -> None:
        """Take one segment in."""
        if segment.tag != "UNT":
            self._parts.append(str(segment.elements) + segment.tag)
        match segment.tag:
            case "BGM":
                self._begin(segment)
            case "EQD":
                self._close_box()
                if segment.get(0) == "CN":
                    self._open_box(segment)
            case "CNT":
                self._close_box()
                self._total(segment)
            case "UNT":
                self._close_box()
                self._length(segment)
            case "TDT" | "LOC" if self._box is None:
                self._head(segment)
            case _ if self._box is not None:
                take(segment, self._box, self._how.zone)

    def broken(self, problem: Problem) -> None:
        """A piece that is no segment stands here."""
        self._parts.append(f"broken {problem.text}")
        self._problems.append(problem)
        if self._box is not None:
            self._box.problems.append(problem)

    def read(self, sender: str, prepared_us: int | None, broken_off: str | None, reached: int) -> ReadMessage:
        """The message; `broken_off`: how it ends without an end, None where it has one."""
        self._close_box()
        if broken_off is not None:
            self._problem(self._begins, f"this message has no end (UNT){broken_off}", "UNT")
        head = self._message(sender, prepared_us, complete=broken_off is None)
        if head is None:
            return ReadMessage(None, [], self._problems, reached)
        events = [box.finished(head.terminal, head.message_id) for box in self._boxes]
        return ReadMessage(head, events, self._problems, reached)

    def _message(self, sender: str, prepared_us: int | None, *, complete: bool) -> TosMessage | None:
        document, kind = self._document, EVENTS.get(self._begins.get(1))
        if kind is None or document is None or self._event is None or document.get(2) not in FUNCTIONS:
            if kind is not None and document is None and not self._containers:
                self._problem(self._begins, "has no BGM, which distinguishes what happened", "BGM")
            return None
        function, number = FUNCTIONS[document.get(2)], document.get(1)[:70]
        if function != "adds" and not number:
            self._problem(document, "names no document whose place it takes; it is taken as an addition")
            function = "adds"
        version = document.get(1, 1)
        parts = [self._how.terminal, sender, kind[0], *self._parts, "whole" if complete else "cut off"]
        return TosMessage(
            terminal=self._how.terminal,
            message_id=identity(parts),
            sender=sender,
            kind=kind[0],
            document=number,
            version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
            function=function,
            complete=complete,
            prepared_us=prepared_us,
            ordinal=self._ordinal,
        )

    def _problem(self, segment: Segment, text: str, field: str | None = None) -> None:
        self._problems.append(Problem(segment.number, field or segment.tag, f"{text} ({segment})", "segment"))

    def _begin(self, segment: Segment) -> None:
        self._document = segment
        _, codes = EVENTS.get(self._begins.get(1), (None, {}))
        self._event = codes.get(segment.get(0))
        if codes and self._event is None:
            known = ", ".join(f"{code} {event}" for code, event in sorted(codes.items()))
            self._problem(segment, f"document code {segment.get(0) or 'missing'} is not known; known are {known}")
        if segment.get(2) not in FUNCTIONS:
            known = ", ".join(f"{code} {function}" for code, function in FUNCTIONS.items() if code)
            self._problem(segment, f"message function {segment.get(2)} is not taken; taken are {known}")

    def _head(self, segment: Segment) -> None:
        if segment.tag == "TDT" and segment.get(0) == "20":
            self._header["voyage"] = segment.get(1)
            self._header["vessel"] = segment.get(7, 3) or segment.get(7)
        elif segment.tag == "LOC" and segment.get(0) == "165":
            self._header["place"] = segment.get(1)

    def _open_box(self, segment: Segment) -> None:
        self._containers += 1
        if self._event is None:
            if self._document is None and self._containers == 1:
                self._problem(segment, "is missing before the first container; the boxes are left out", "BGM")
            return
        status = segment.get(4)
        coarri = self._begins.get(1) == "COARRI"
        if coarri and status in NOT_MOVED:
            return
        if not segment.get(1):
            self._problem(segment, "the container number is missing; the box is left out")
            return
        event: EventKind = "shifted" if coarri and status == SHIFTER else self._event
        box = Box(segment.number, "segment", segment.get(1), event, fields=dict(FIELDS), **self._header)  # type: ignore[arg-type] # texts all
        box.size_type = segment.get(2) or None
        box.empty_indicator = {"4": "EMPTY", "5": "LADEN"}.get(segment.get(5))  # type: ignore[assignment] # both words
        self._box = box

    def _close_box(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.check(self._how.now_us)
            self._problems += [one for one in box.problems if one.field != SYNTAX]  # those are listed already
            self._boxes.append(box)

    def _total(self, segment: Segment) -> None:
        if segment.get(0) == "16" and segment.get(0, 1).lstrip("0") != str(self._containers or ""):
            stated = segment.get(0, 1) or "missing"
            self._problem(segment, f"the control total is {stated}, there are {self._containers} containers")

    def _length(self, segment: Segment) -> None:
        counted = segment.number - self._begins.number + 1
        if segment.get(0).lstrip("0") != str(counted):
            text = f"states {segment.get(0) or 'no'} segments, there are {counted}: some may be missing"
            self._problem(segment, text)
