"""A move list as CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Final, TypeVar

from processing.reconcile import list_times
from processing.reconcile.move_list import MOST_BYTES, MOST_LINES, Cranes, Problem, TosKind, TosList, TosMove, number_of

SEPARATORS: Final = (",", ";", "\t")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "container": (
        "container",
        "container_id",
        "container_no",
        "container_number",
        "box",
        "unit",
        "unit_id",
        "equipment",
    ),
    "kind": ("kind", "move_kind", "move_type", "activity", "operation"),
    "time": ("time", "at", "move_time", "moved_at", "completed_at", "timestamp", "date_time"),
    "crane": ("crane", "crane_id", "che", "qc", "quay_crane", "device"),
    "size_type": ("size_type", "iso_code", "iso_type", "iso", "equipment_type"),
    "stowage": ("stowage", "position", "slot", "cell", "bay_row_tier"),
}
"""Fields and what their column may be called; case, spaces, dashes and dots do not matter."""
KIND_WORDS: Final[Mapping[str, TosKind]] = {
    **dict.fromkeys(("load", "loaded", "loading", "lod", "l"), "load"),
    **dict.fromkeys(("discharge", "discharged", "discharging", "disch", "dis", "dsch", "unload", "d"), "discharge"),
    **dict.fromkeys(("shift", "shifted", "shifting", "restow", "shob", "s"), "shift"),
}
MOST_COLUMNS: Final = 200

T = TypeVar("T")


def read(raw: bytes, cranes: Cranes, zone: tzinfo | None, *, flag: bool = False) -> TosList:
    """Read a list.

    Args:
        raw: the file.
        cranes: that it may name.
        zone: of times without an offset.
        flag: keep faulty box numbers, marked, instead of refusing them.

    Returns: every line and every problem; nothing of it is to be used while it has problems.
    """
    found = TosList()
    try:
        lines = text_of(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except ValueError as error:
        found.problems.append(Problem(None, "file", str(error)))
        return found
    rows = _rows(lines, found)
    number, header = next(rows, (1, []))
    if not header:
        found.problems.append(Problem(None, "file", "is empty; its first line names the columns"))
        return found
    places = _places(number, header, found)
    if not found.problems:
        _lines(rows, len(header), places, found, cranes, zone, flag)
    if not found.moves and not found.problems:
        found.problems.append(Problem(None, "file", "has no line below its header"))
    return found


def text_of(raw: bytes) -> str:
    """A file's text, without byte order mark.

    Raises:
        ValueError: too large, or not UTF-8; the message states what to change.
    """
    if len(raw) > MOST_BYTES:
        raise ValueError(f"has {len(raw)} bytes; at most {MOST_BYTES} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"is not UTF-8 (line {line}, byte {error.start}); save it as UTF-8, not Latin-1") from None
    if "\0" in text:
        raise ValueError("holds NUL characters; save it as UTF-8 text")
    return text


def _rows(lines: list[str], found: TosList) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line each begins at; a malformed one ends the reading."""
    head = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=separator(head), strict=True, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        found.problems.append(Problem(line, "row", f"is no CSV: {error}"))


def separator(head: str) -> str:
    """The separator that finds the most known columns in the header; comma before semicolon before tab."""
    return max(SEPARATORS, key=lambda sign: sum(_field(cell) is not None for cell in head.split(sign)))


def _field(name: str) -> str | None:
    plain = "_".join(name.strip().strip('"').lower().replace("-", " ").replace(".", " ").replace("_", " ").split())
    return next((field for field, names in COLUMNS.items() if plain in names), None)


def _places(number: int, header: Sequence[str], found: TosList) -> dict[str, int]:
    """Which column holds which field."""
    places: dict[str, int] = {}
    unknown = []
    for place, name in enumerate(header[:MOST_COLUMNS]):
        field = _field(name)
        if field is None:
            unknown.append(name.strip())
        elif field in places:
            text = f"columns {header[places[field]].strip()!r} and {name.strip()!r} both hold it; leave one out"
            found.problems.append(Problem(number, field, text))
        else:
            places[field] = place
    if "kind" not in places:
        found.problems.append(_missing(number, "kind", header))
    if not {"container", "time"} & set(places):
        found.problems.append(_missing(number, "container", header))
    if unknown and not found.problems:
        found.notes.append(f"columns not read: {', '.join(unknown)[:200]}")
    return places


def _missing(number: int, field: str, header: Sequence[str]) -> Problem:
    there = ", ".join(name.strip() for name in header)[:200] or "none"
    return Problem(number, field, f"no column of that name (or {', '.join(COLUMNS[field][1:])}); there are: {there}")


def _lines(
    rows: Iterator[tuple[int, list[str]]],
    width: int,
    places: Mapping[str, int],
    found: TosList,
    cranes: Cranes,
    zone: tzinfo | None,
    flag: bool,
) -> None:
    seen: dict[tuple[object, ...], int] = {}
    count = 0
    for line, row in rows:
        count += 1
        if count > MOST_LINES:
            found.problems.append(Problem(line, "file", f"has more than {MOST_LINES} lines; split it by call"))
            return
        if len(row) != width:
            found.problems.append(Problem(line, "row", f"has {len(row)} columns, the header has {width}"))
            continue
        move = _move(line, {field: row[place].strip() for field, place in places.items()}, found, cranes, zone)
        if move is not None:
            found.add(move, seen, flag=flag)


def _move(line: int, cells: Mapping[str, str], found: TosList, cranes: Cranes, zone: tzinfo | None) -> TosMove | None:
    """One line; None, and the problems noted, where a field cannot be read."""
    before = len(found.problems)

    def field(name: str, reading: Callable[[str], T]) -> T | None:
        try:
            return reading(cells[name]) if cells.get(name) else None
        except ValueError as error:
            found.problems.append(Problem(line, name, str(error)))
            return None

    kind = field("kind", _kind)
    if not cells["kind"]:
        found.problems.append(Problem(line, "kind", "is empty; write load, discharge or shift"))
    crane, at_us = field("crane", cranes.find), field("time", lambda text: list_times.read(text, zone))
    container = number_of(cells.get("container", ""))
    if container is None and not cells.get("time"):
        found.problems.append(
            Problem(line, "container", "is empty, and so is the time: nothing shows which move it was")
        )
    if kind is None or len(found.problems) > before:
        return None
    size_type, stowage = field("size_type", lambda text: text.upper()[:4]), field("stowage", lambda text: text[:20])
    return TosMove(line, crane, at_us, container, kind, size_type, stowage)


def _kind(text: str) -> TosKind:
    kind = KIND_WORDS.get(text.lower())
    if kind is None:
        raise ValueError(f"{text[:40]!r} is unknown; write load, discharge or shift")
    return kind
