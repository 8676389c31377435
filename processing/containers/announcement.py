"""Announcements of expected boxes: what the terminal operating system, a line or a haulier knows before a box comes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from processing.containers import iso6346, size_type
from processing.model.fact_type import FactType
from processing.model.facts import Announced, Key
from processing.model.reading import MOST_TEXTS, identifier, number, record, shown, texts_of, unknown_keys

Category = Literal["import", "export", "transshipment", "storage"]
EmptyIndicator = Literal["EMPTY", "LADEN"]

ID: Final = re.compile(r"[A-Z0-9]{4,17}")
"""Container ids as they are stored. Source: UN/EDIFACT equipment identification, an..17."""
UN_NUMBER: Final = re.compile(r"(?:UN)?([0-9]{4})", re.ASCII)
IMDG_CLASS: Final = re.compile(r"[1-9](?:\.[1-6][A-HJ-LNS]?)?", re.ASCII)
HEAVIEST_KG: Final = 100_000
HEAVIEST_EMPTY_KG: Final = 10_000
"""No empty container weighs more; a 40 ft reefer weighs about 4,800 kg. Assumed. [kg]"""
COLDEST_DEGC, WARMEST_DEGC = -80, 40
"""Set points: super freezers hold -60 °C, heated cargo 30 °C."""


@dataclass(frozen=True, slots=True)
class Announcement(Announced):
    """A box that is expected; what is None is not known, or not yet. Times in µs since 1970 UTC."""

    terminal: str
    container_id: Annotated[str, "number in upper case, without blanks and dashes"]
    iso_code: Annotated[str | None, "size and type, ISO 6346, such as 45R1"]
    category: Annotated[Category | None, "which way it goes through the terminal"]
    empty_indicator: Annotated[EmptyIndicator | None, "DCSA emptyIndicatorCode"]
    line: Annotated[str | None, "shipping line that operates it, such as its SMDG code"]
    call_in: Annotated[str | None, "id of the vessel call that brings it"]
    vessel_in: Annotated[str | None, "name of the vessel that brings it"]
    call_out: Annotated[str | None, "id of the vessel call that takes it away"]
    vessel_out: Annotated[str | None, "name of the vessel that takes it away"]
    gross_weight_kg: Annotated[float | None, "container and cargo, kg"]
    reefer_setpoint_degc: Annotated[float | None, "temperature that its booking asks for, °C"]
    reefer_cargo: Annotated[str | None, "what is cooled, such as blueberries"]
    un_numbers: Annotated[tuple[str, ...], "dangerous goods: UN numbers, four digits each"]
    imdg_classes: Annotated[tuple[str, ...], "dangerous goods: IMDG classes, such as 3 or 2.1"]
    appointment: Annotated[str | None, "number of the truck appointment that brings or fetches it"]
    expected_us: Annotated[int | None, "when it is expected"]

    key = Key("terminal", "container_id")


ANNOUNCEMENT: Final = FactType("container_announcement", "container_announcement", Announcement)


def identify(text: str) -> str:
    """A container's id as it is stored: normalised. One that fails ISO 6346 is taken, and flagged by `problems`.

    Raises:
        ValueError: it has other signs than letters and digits, or too few or too many.
    """
    found = iso6346.normalise(text)
    if not ID.fullmatch(found):
        raise ValueError(f"{shown(text)} must be 4 to 17 letters and digits, such as MSKU9070323")
    return found


def read(terminal: str, container_id: str, payload: object) -> Announcement:
    """The announcement that a payload makes.

    Args:
        terminal: from the topic.
        container_id: the same, as `identify` gives it.
        payload: decoded JSON.

    Raises:
        DocumentError: lists all problems, each with its field.
    """
    return record(ANNOUNCEMENT, (terminal, container_id), payload, PARSERS)


def remarks(payload: object) -> list[str]:
    """Keys of a payload that mean nothing here."""
    return unknown_keys(ANNOUNCEMENT, payload)


def problems(one: Announcement) -> list[str]:
    """What is odd about an announcement: it may be true, and somebody should look."""
    return list(_problems(one))


def _problems(one: Announcement) -> Iterator[str]:
    number_problem = iso6346.problem(one.container_id)
    if number_problem is not None:
        yield f"container_id: {one.container_id} {number_problem}"
    known = None if one.iso_code is None else size_type.read(one.iso_code)
    if known is not None and known.problem is not None:
        yield f"iso_code: {known.problem}"
    cooled = one.reefer_setpoint_degc is not None or one.reefer_cargo is not None
    if cooled and known is not None and known.group is not None and not known.reefer:
        yield f"reefer_setpoint_degc, reefer_cargo: {one.iso_code} is no reefer"
    heavy = one.gross_weight_kg is not None and one.gross_weight_kg > HEAVIEST_EMPTY_KG
    if one.empty_indicator == "EMPTY" and heavy:
        yield f"gross_weight_kg: {one.gross_weight_kg:g} kg is too heavy for an empty box"
    if one.empty_indicator == "EMPTY" and cooled:
        yield "reefer_setpoint_degc, reefer_cargo: an empty box has no cargo to cool"
    if one.call_in is not None and one.call_in == one.call_out:
        yield f"call_out: {one.call_out} is the call that brings it"


def _size_type(value: object) -> str:
    """A code as it is stored; an unknown one is flagged, not refused."""
    if not isinstance(value, str) or not 1 <= len(found := iso6346.normalise(value)) <= 16 or "\0" in value:
        raise ValueError(f"{shown(value)} must be a size-type code such as 45R1")
    return found


def _un_number(value: object) -> str:
    found = UN_NUMBER.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{shown(value)} must be a UN number of four digits, as text, such as 1263")
    return found[1]


def _imdg_class(value: object) -> str:
    if not isinstance(value, str) or not IMDG_CLASS.fullmatch(value):
        raise ValueError(f"{shown(value)} must be an IMDG class, as text, such as 3 or 2.1")
    return value


PARSERS: Final[dict[str, Any]] = {
    "iso_code": _size_type,
    "call_in": identifier,
    "call_out": identifier,
    "gross_weight_kg": number(0, HEAVIEST_KG),
    "reefer_setpoint_degc": number(COLDEST_DEGC, WARMEST_DEGC),
    "un_numbers": texts_of(_un_number, MOST_TEXTS),
    "imdg_classes": texts_of(_imdg_class, MOST_TEXTS),
}
"""By column, where its kind is not enough."""
