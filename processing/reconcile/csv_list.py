"""A move list as CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Final, TypeVar

from processing.reconcile.move_list import MOST_LINES, Cranes, TosKind, TosList, TosMove, number_of
from processing.tos import times
from processing.tos.problem import Problem
from processing.tos.table import COLUMNS, KIND_WORDS, field_of, separator, text_of

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


def _places(number: int, header: Sequence[str], found: TosList) -> dict[str, int]:
    """Which column holds which field."""
    places: dict[str, int] = {}
    unknown = []
    for place, name in enumerate(header[:MOST_COLUMNS]):
        field = field_of(name)
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
    crane, at_us = field("crane", cranes.find), field("time", lambda text: times.read(text, zone))
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
