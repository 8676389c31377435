"""What a simulated terminal operating system announces: boxes that are expected, and treatments of those it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from processing.documents import ANNOUNCEMENT, TREATMENT
from processing.model.document import DocumentKind
from simulators.devices import text
from simulators.vessels import TrueCall
from simulators.yard import Box


@dataclass(frozen=True, slots=True)
class TrueExpected:
    """A box before it comes. [ms since 1970 UTC].

    Attributes:
        box: which.
        expected_ms: when it comes.
        call: that brings it; None: a truck does.
        appointment: of that truck; None: it has none.
    """

    box: Box
    expected_ms: int
    call: TrueCall | None = None
    appointment: str | None = None
    fact: ClassVar[str] = "expected_box"
    kind: ClassVar[DocumentKind] = ANNOUNCEMENT

    @property
    def document_id(self) -> str:
        """Under which it is announced."""
        return self.box.number

    def announcement(self) -> dict[str, Any]:
        """The box as a terminal operating system would announce it."""
        announced: dict[str, Any] = {
            "iso_code": self.box.iso_code,
            "category": "export" if self.box.export else "import",
            "empty_indicator": "LADEN",
            "line": self.box.number[:3],
            "gross_weight_kg": round(self.box.weight_kg),
            "expected_at": text(self.expected_ms),
        }
        if self.call is not None:
            announced |= {"call_in": self.call.call_id, "vessel_in": self.call.vessel}
        return announced if self.appointment is None else announced | {"appointment": self.appointment}

    def payload(self) -> dict[str, Any]:
        """What is published of it as true."""
        return {"container_id": self.box.number, **self.announcement()}


@dataclass(frozen=True, slots=True)
class TrueTreatment:
    """A cold treatment that a reefer on a plug undergoes. [ms since 1970 UTC]."""

    container_id: str
    schedule: str
    began_ms: int
    fact: ClassVar[str] = "cold_treatment"
    kind: ClassVar[DocumentKind] = TREATMENT

    @property
    def document_id(self) -> str:
        """Under which it is announced."""
        return self.container_id

    def announcement(self) -> dict[str, Any]:
        """The treatment as it is announced."""
        return {"schedule": self.schedule, "began_at": text(self.began_ms)}

    def payload(self) -> dict[str, Any]:
        """What is published of it as true."""
        return {"container_id": self.container_id, **self.announcement()}


def call_of(calls: Iterable[TrueCall], crane: str, time_ms: int) -> TrueCall | None:
    """The call that a crane works at a time. [ms since 1970 UTC]."""
    return next(
        (
            call
            for call in calls
            for name, from_ms, until_ms in call.cranes
            if name == crane and from_ms <= time_ms < until_ms
        ),
        None,
    )
