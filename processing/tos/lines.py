"""Box events as CSV, a line each; what cannot be read is flagged with its line, the rest is taken."""

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from processing.tos import table, times
from processing.tos.box import MOST_TEXT, Box
from processing.tos.event import EventKind, FullEmpty, TosMessage, identity
from processing.tos.problem import Problem
from processing.tos.reading import Reading, ReadMessage
from processing.tos.table import Columns, field_of, separator

COLUMNS: Final[Columns] = {
    "container": table.COLUMNS["container"],
    "event": ("event", "event_type", *table.COLUMNS["kind"], "move"),
    "time": (*table.COLUMNS["time"], "event_time"),
    "place": ("place", "location", "facility", "terminal", "depot", "lane"),
    "document": ("document", "document_number", "message", "message_id", "eir", "transaction"),
    "version": ("version", "revision"),
    "sender": ("sender", "source", "from"),
    "vessel": ("vessel", "vessel_name", "ship"),
    "voyage": ("voyage", "voyage_number"),
    "stowage": table.COLUMNS["stowage"],
    "plate": ("plate", "truck", "truck_plate", "licence_plate", "license_plate"),
    "reference": ("reference", "booking", "booking_number", "bill_of_lading", "bl"),
    "full_empty": ("full_empty", "full/empty", "empty_indicator", "fe", "status"),
    "size_type": table.COLUMNS["size_type"],
    "weight": ("weight", "gross_weight", "gross_weight_kg", "weight_kg", "vgm", "vgm_kg"),
    "seal": ("seal", "seal_number", "seals"),
}
"""Fields and what their column may be called; case, spaces, dashes and dots do not matter."""
EVENT_WORDS: Final[Mapping[str, EventKind]] = {
    **dict.fromkeys(("gate_in", "gatein", "in_gate", "ingate", "gtin", "in"), "gate_in"),
    **dict.fromkeys(("gate_out", "gateout", "out_gate", "outgate", "gtot", "out"), "gate_out"),
    **{word: "discharged" for word, kind in table.KIND_WORDS.items() if kind == "discharge"},
    **{word: "loaded" for word, kind in table.KIND_WORDS.items() if kind == "load"},
    **{word: "shifted" for word, kind in table.KIND_WORDS.items() if kind == "shift"},
    **dict.fromkeys(("disc",), "discharged"),
}
FULL_EMPTY_WORDS: Final[Mapping[str, FullEmpty]] = {
    **dict.fromkeys(("full", "laden", "f", "l", "5"), "LADEN"),
    **dict.fromkeys(("empty", "mty", "mt", "e", "4"), "EMPTY"),
}

T = TypeVar("T")


def read(text: str, how: Reading) -> Iterator[ReadMessage]:
    """Read a file.

    Args:
        text: of it.
        how: to read it.

    Returns: a message for each line without a document number, one for all lines of a document and version, in the
        order in which they begin; first, what is wrong with the whole.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [(at, line) for at, line in enumerate(plain, 1) if line.strip()]
    reader = _reader(lines, how)
    if isinstance(reader, Problem):
        yield ReadMessage(None, problems=[reader])
        return
    documents: dict[tuple[str, ...], list[tuple[Box, dict[str, str]]]] = {}
    for at, line in lines[1:]:
        found = reader.line(at, line)
        if isinstance(found, Problem):
            yield ReadMessage(None, problems=[found], reached=at)
        elif found[1].get("document"):
            cells = found[1]
            key = cells.get("sender", ""), cells["document"], cells.get("version", "")
            documents.setdefault(key, []).append(found)
        else:
            yield _message(how, [found], at)
    for boxes in documents.values():
        yield _message(how, boxes, boxes[-1][0].line)


def _reader(lines: list[tuple[int, str]], how: Reading) -> "_Reader | Problem":
    """What reads the lines below the header, or what keeps everything from being read."""
    if not lines:
        return Problem(None, "file", "is empty; its first line names the columns")
    at, header = lines[0]
    try:
        reader = _Reader(header, how)
    except csv.Error as error:
        return Problem(at, "row", f"is no CSV: {error}; the first line names the columns")
    return reader.missing(at) or reader


def _message(how: Reading, boxes: list[tuple[Box, dict[str, str]]], reached: int) -> ReadMessage:
    first, cells = boxes[0]
    sender, document, version = (cells.get(name, "") for name in ("sender", "document", "version"))
    stated = (f"{name}={value}" for _, row in boxes for name, value in sorted(row.items()) if value)
    problems = [problem for box, _ in boxes for problem in box.problems]
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    if version and str(number) != (version.lstrip("0") or "0"):
        problems.append(Problem(first.line, "version", f"{version[:20]!r} is no whole number; taken as 0"))
    message_id = identity([how.terminal, sender, "csv", *stated])
    head = TosMessage(
        how.terminal, message_id, sender[:40], "csv", document[:70], number, "adds", True, None, first.line
    )
    return ReadMessage(head, [box.finished(how.terminal, message_id) for box, _ in boxes], problems, reached)


class _Reader:
    """Lines below a header.

    Args:
        header: names of columns.
        how: to read them.
    """

    def __init__(self, header: str, how: Reading) -> None:
        self._how = how
        self._sign = separator(header, COLUMNS)
        self._header = _cells(header, self._sign)
        self._places = {field_of(name, COLUMNS): place for place, name in reversed(list(enumerate(self._header)))}

    def missing(self, line: int) -> Problem | None:
        """What keeps everything from being read."""
        for field in ("container", "event"):
            if field not in self._places:
                there = ", ".join(self._header)[:200]
                names = ", ".join(COLUMNS[field][1:])
                return Problem(line, field, f"no column of that name (or {names}); there are: {there}")
        return None

    def line(self, at: int, line: str) -> tuple[Box, dict[str, str]] | Problem:
        """One line: a box and its cells, or why it is left out."""
        try:
            row = _cells(line, self._sign)
        except csv.Error as error:
            return Problem(at, "row", f"is no CSV: {error}; it is left out")
        if len(row) != len(self._header):
            text = f"has {len(row)} columns, the header has {len(self._header)}; it is left out"
            return Problem(at, "row", text)
        cells = {field: row[place] for field, place in self._places.items() if field is not None}
        event = EVENT_WORDS.get("_".join(cells["event"].lower().replace("-", " ").replace("_", " ").split()))
        if event is None:
            text = f"{cells['event'][:40]!r} is unknown; write gate_in, gate_out, discharged, loaded or shifted"
            return Problem(at, "event", f"{text}; the line is left out")
        if not cells["container"]:
            return Problem(at, "container", "is empty; the line is left out")
        return self._box(at, event, cells), cells

    def _box(self, at: int, event: EventKind, cells: Mapping[str, str]) -> Box:
        box = Box(at, "line", cells["container"], event)
        for field in ("place", "vessel", "voyage", "stowage", "plate", "size_type"):
            setattr(box, field, cells.get(field) or None)

        def taken(field: str, reading: Callable[[str], T]) -> T | None:
            try:
                return reading(cells[field]) if cells.get(field) else None
            except ValueError as error:
                box.flag(field, str(error))
                return None

        box.time_us = taken("time", lambda text: times.read(text, self._how.zone))
        box.empty_indicator = taken("full_empty", _full_empty)
        weight = taken("weight", _number)
        if weight is not None:
            box.weigh(weight)
        box.reference_numbers = [cells["reference"][:MOST_TEXT]] if cells.get("reference") else []
        box.seals = [one[:MOST_TEXT] for one in cells.get("seal", "").replace("/", " ").split()][:16]
        box.check(self._how.now_us)
        return box


def _cells(line: str, sign: str) -> list[str]:
    return [
        cell.strip() for row in csv.reader([line], delimiter=sign, strict=True, skipinitialspace=True) for cell in row
    ]


def _full_empty(text: str) -> FullEmpty:
    if text.lower() not in FULL_EMPTY_WORDS:
        raise ValueError(f"{text[:20]!r} is unknown; write full or empty")
    return FULL_EMPTY_WORDS[text.lower()]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no number of kilograms") from None
