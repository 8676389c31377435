"""Vessel calls at the berths of a quay: who is alongside when, and which cranes work it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.random import Generator

from processing.documents import CALL
from processing.model.document import DocumentKind
from simulators.devices import text

VESSELS = ("QUAY PIONEER", "ANDEAN STAR", "COSTA VERDE", "PACIFIC HERON", "LIMA EXPRESS", "ORIENT BREEZE")
HOUR_MS = 3_600_000
ALONGSIDE_H = (12.0, 20.0)
BETWEEN_H = (1.5, 3.0)
ALL_FAST_MS = 15 * 60_000
FIRST_LIFT_MS = 30 * 60_000
"""From all fast until the cranes are logged on. Assumed."""
LAST_LINE_MS = 40 * 60_000
MOVES_AN_HOUR = 26


@dataclass(frozen=True, slots=True)
class TrueCall:
    """A vessel's stay. [ms since 1970 UTC].

    Attributes:
        call_id, vessel, berth: names.
        first_line_ms, all_fast_ms, last_line_ms: when it was tied up and let go; None: not yet.
        cranes: which work it, and from when until when.
        planned_discharge, planned_load, planned_shift: boxes.
    """

    call_id: str
    vessel: str
    berth: str
    first_line_ms: int
    all_fast_ms: int
    last_line_ms: int | None
    cranes: tuple[tuple[str, int, int], ...]
    planned_discharge: int
    planned_load: int
    planned_shift: int
    fact: ClassVar[str] = "vessel_call"
    kind: ClassVar[DocumentKind] = CALL

    @property
    def document_id(self) -> str:
        """Under which it is announced."""
        return self.call_id

    def announcement(self) -> dict[str, Any]:
        """The call as a terminal operating system would announce it."""
        announced: dict[str, Any] = {
            "vessel": self.vessel,
            "berth": self.berth,
            "first_line_at": text(self.first_line_ms),
            "all_fast_at": text(self.all_fast_ms),
            "planned_completion_at": text(max(until_ms for _, _, until_ms in self.cranes)),
            "planned": {"discharge": self.planned_discharge, "load": self.planned_load, "shift": self.planned_shift},
            "assignments": [
                {"crane": crane, "from": text(from_ms), "until": text(until_ms)}
                for crane, from_ms, until_ms in self.cranes
            ],
        }
        return announced if self.last_line_ms is None else announced | {"last_line_at": text(self.last_line_ms)}

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {"call_id": self.call_id, **self.announcement()}


class Berth:
    """The calls of one berth, one after the other; the first one began shortly before the simulation.

    Args:
        name: of the berth.
        cranes: that work there.
        rng: its own generator.
        start_ms: when the simulation begins. [ms since 1970 UTC]
    """

    def __init__(self, name: str, cranes: tuple[str, ...], rng: Generator, start_ms: int) -> None:
        self._name = name
        self._cranes = cranes
        self._rng = rng
        # Tied up, and its cranes just logged on, when the simulation begins: the figures of the call are whole.
        self._next_ms = start_ms - ALL_FAST_MS - FIRST_LIFT_MS - int(rng.uniform(0, 10) * 60_000)
        self.calls: list[TrueCall] = []

    def until(self, time_ms: int) -> None:
        """Plan calls until the next one begins after a time."""
        while self._next_ms <= time_ms:
            self.calls.append(self._plan())

    def assigned(self, crane: str, time_ms: int) -> tuple[int, int]:
        """The assignment of a crane that holds at a time, or the next one: from, until. [ms since 1970 UTC]."""
        self.until(time_ms)
        for call in self.calls:
            for name, from_ms, until_ms in call.cranes:
                if name == crane and until_ms > time_ms:
                    return from_ms, until_ms
        self.calls.append(self._plan())
        return self.assigned(crane, time_ms)

    def _plan(self) -> TrueCall:
        rng = self._rng
        first_ms = self._next_ms
        last_ms = first_ms + int(rng.uniform(*ALONGSIDE_H) * HOUR_MS)
        self._next_ms = last_ms + int(rng.uniform(*BETWEEN_H) * HOUR_MS)
        from_ms, until_ms = first_ms + ALL_FAST_MS + FIRST_LIFT_MS, last_ms - LAST_LINE_MS
        cranes = tuple(
            (crane, from_ms, until_ms - int(rng.uniform(0, 0.12) * (until_ms - from_ms))) for crane in self._cranes
        )
        moves = sum((end - begin) / HOUR_MS * MOVES_AN_HOUR for _, begin, end in cranes)
        share = float(rng.uniform(0.4, 0.6))
        return TrueCall(
            call_id=f"{self._name}-{len(self.calls) + 1:03d}-{first_ms // HOUR_MS % 100_000}",
            vessel=VESSELS[int(rng.integers(len(VESSELS)))],
            berth=self._name,
            first_line_ms=first_ms,
            all_fast_ms=first_ms + ALL_FAST_MS,
            last_line_ms=last_ms,
            cranes=cranes,
            planned_discharge=int(moves * share),
            planned_load=int(moves * (1 - share)),
            planned_shift=int(moves * 0.02),
        )
