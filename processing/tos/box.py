"""One box of a message while it is read: its fields are checked, what is odd is flagged, nothing is dropped."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from processing.containers import iso6346, size_type
from processing.containers.announcement import HEAVIEST_EMPTY_KG, HEAVIEST_KG
from processing.model.times import HOUR_US
from processing.tos.event import EventKind, FullEmpty, TosEvent
from processing.tos.problem import Problem, Unit

AHEAD_US: Final = HOUR_US
"""An event later than the import by more than this has an impossible time: a wrong zone, or a typing error. Assumed."""
MOST_TEXT: Final = 80


@dataclass(slots=True)
class Box:
    """What a message states of one box, as far as it was read.

    Attributes:
        line: where it begins.
        unit: what `line` counts.
        fields: names of its fields in this kind of file, for problems; those that are missing are named as here.
        problems: what is odd about it.
    """

    line: int
    unit: Unit
    container_raw: str
    event: EventKind
    time_us: int | None = None
    place: str | None = None
    vessel: str | None = None
    voyage: str | None = None
    stowage: str | None = None
    plate: str | None = None
    reference_numbers: list[str] = field(default_factory=list)
    empty_indicator: FullEmpty | None = None
    size_type: str | None = None
    gross_weight_kg: float | None = None
    seals: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def flag(self, name: str, text: str, line: int | None = None) -> None:
        """Note what is odd about a field; `line` where it stands elsewhere than the box."""
        self.problems.append(Problem(self.line if line is None else line, self.fields.get(name, name), text, self.unit))

    def finished(self, terminal: str, message_id: str) -> TosEvent:
        """The event that is stored."""
        raw = self.container_raw[:MOST_TEXT]
        number = iso6346.read(raw)
        return TosEvent(
            terminal=terminal,
            message_id=message_id,
            line=self.line,
            container_id=number.number,
            container_raw=raw,
            check_ok=number.check_ok,
            event=self.event,
            time_us=self.time_us,
            place=short(self.place),
            vessel=short(self.vessel),
            voyage=short(self.voyage),
            stowage=short(self.stowage),
            plate=short(self.plate),
            reference_numbers=tuple(self.reference_numbers),
            empty_indicator=self.empty_indicator,
            size_type=short(self.size_type),
            gross_weight_kg=self.gross_weight_kg,
            seals=tuple(self.seals),
            problems=tuple(f"{one.field}: {one.text}" for one in self.problems),
        )

    def check(self, now_us: int) -> None:
        """Flag what is odd about the whole of it, and take back a time that cannot be.

        Args:
            now_us: when it is imported. [µs since 1970 UTC]
        """
        missing_time = self.time_us is None and not any(
            one.field == self.fields.get("time", "time") for one in self.problems
        )
        if missing_time:
            self.flag("time", "is missing; the event stands in no timeline")
        if self.time_us is not None and self.time_us > now_us + AHEAD_US:
            self.time_us = None
            self.flag("time", "lies more than an hour ahead of the import; check the time zone")
        for name, text in self._odd():
            self.flag(name, text)

    def _odd(self) -> Iterator[tuple[str, str]]:
        number = iso6346.normalise(self.container_raw)
        wrong = iso6346.problem(number)
        if wrong is not None:
            yield "container", f"{number[:40]} {wrong}"
        known = None if self.size_type is None else size_type.read(self.size_type)
        if known is not None and known.problem is not None:
            yield "size_type", known.problem
        kg = self.gross_weight_kg
        if kg is not None and self.empty_indicator == "EMPTY" and kg > HEAVIEST_EMPTY_KG:
            yield "weight", f"{kg:g} kg is too heavy for an empty box"

    def weigh(self, kg: float, line: int | None = None) -> None:
        """Take its gross weight, if it can be one."""
        if 0 < kg <= HEAVIEST_KG:
            self.gross_weight_kg = kg
        else:
            self.flag("weight", f"{kg:g} kg is not from 0 to {HEAVIEST_KG}", line)


def short(text: str | None) -> str | None:
    """Text as it is stored: None for nothing."""
    return (text or "").strip()[:MOST_TEXT] or None
