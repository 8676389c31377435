"""The facts behind a value: what terms were counted from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from processing.calls.call import VesselCall
from processing.cranes.facts import CraneMove
from processing.gates.facts import TruckVisit
from processing.kpi.crane_activity import DelayPart
from processing.kpi.view import View
from processing.model.facts import DeviceFact
from processing.model.level import LevelChange

F = TypeVar("F", bound=DeviceFact)


@dataclass(frozen=True, slots=True)
class MoveOf:
    """A move and its crane; `reason` is why it was not counted, None where it was."""

    crane: str
    move: CraneMove
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CallOf:
    """A vessel call, the boxes moved for it in the window, and those in the move list of it, None: there is none."""

    call: VesselCall
    boxes: int
    listed: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts, each list in order.

    Attributes:
        moves: in the window: those counted, and the others with the reason.
        excluded: time that net rates leave out.
        delays: those counted, as far as they lie in allocated time.
        visits: those counted: completed, or inside.
        levels: of each device the change from which on its level holds, largest level first.
        calls: those that the subject is about.
        spans: other facts, by type.
    """

    moves: list[MoveOf] = field(default_factory=list)
    excluded: list[DelayPart] = field(default_factory=list)
    delays: list[DelayPart] = field(default_factory=list)
    visits: list[TruckVisit] = field(default_factory=list)
    levels: list[LevelChange] = field(default_factory=list)
    calls: list[CallOf] = field(default_factory=list)
    spans: dict[type[DeviceFact], list[Any]] = field(default_factory=dict)

    def add(self, record: type[F], facts: Iterable[F]) -> None:
        """Add facts of a type that are in order."""
        self.spans.setdefault(record, []).extend(facts)

    def of(self, record: type[F]) -> list[F]:
        """Those of a type."""
        return self.spans.get(record, [])


Collector = Callable[[View, Evidence], None]
"""Adds the facts that a term was counted from."""
