"""Tables as CSV: their text, their separator, and what their columns may be called."""

from collections.abc import Mapping
from typing import Final

from processing.tos.codes import MoveKind

MOST_BYTES: Final = 10_000_000
SEPARATORS: Final = (",", ";", "\t")
Columns = Mapping[str, tuple[str, ...]]
COLUMNS: Final[Columns] = {
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
KIND_WORDS: Final[Mapping[str, MoveKind]] = {
    **dict.fromkeys(("load", "loaded", "loading", "lod", "l"), "load"),
    **dict.fromkeys(("discharge", "discharged", "discharging", "disch", "dis", "dsch", "unload", "d"), "discharge"),
    **dict.fromkeys(("shift", "shifted", "shifting", "restow", "shob", "s"), "shift"),
}


def text_of(raw: bytes, most_bytes: int = MOST_BYTES) -> str:
    """A file's text, without byte order mark.

    Raises:
        ValueError: too large, or not UTF-8; the message states what to change.
    """
    if len(raw) > most_bytes:
        raise ValueError(f"has {len(raw)} bytes; at most {most_bytes} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"is not UTF-8 (line {line}, byte {error.start}); save it as UTF-8, not Latin-1") from None
    if "\0" in text:
        raise ValueError("holds NUL characters; save it as UTF-8 text")
    return text


def separator(head: str, columns: Columns = COLUMNS) -> str:
    """The separator that finds the most known columns in the header; comma before semicolon before tab."""
    return max(SEPARATORS, key=lambda sign: sum(field_of(cell, columns) is not None for cell in head.split(sign)))


def field_of(name: str, columns: Columns = COLUMNS) -> str | None:
    """The field that a column of this name holds; None: it is not known."""
    plain = "_".join(name.strip().strip('"').lower().replace("-", " ").replace(".", " ").replace("_", " ").split())
    return next((field for field, names in columns.items() if plain in names), None)
