"""What really happened to reefers. Never an input of quaystream: the detectors are scored against it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.devices import text


def _span(began_ms: int, ended_ms: int) -> dict[str, str]:
    return {"began_at": text(began_ms), "ended_at": text(ended_ms)}


@dataclass(frozen=True, slots=True)
class TrueExcursion:
    """Air out of range for longer than the delay of its profile. [ms since 1970 UTC].

    Attributes:
        probe: the air that counts.
        worst_degc: largest distance from the setpoint, signed. [K]
        due_ms: when a detector must have reported it; None: it was too short, too close to the tolerance or too little
            of it was sent to be sure of.
    """

    device: str
    container_id: str
    probe: str
    began_ms: int
    ended_ms: int
    worst_degc: float
    due_ms: int | None
    fact: ClassVar[str] = "reefer_excursion"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "container_id": self.container_id,
            "probe": self.probe,
            **_span(self.began_ms, self.ended_ms),
            "worst_degc": round(self.worst_degc, 2),
        }


@dataclass(frozen=True, slots=True)
class TrueOffPower:
    """A box on a plug without power. [ms since 1970 UTC].

    Attributes:
        rack: whether the whole rack was without.
        due_ms: when a detector must have reported it; None: nothing was sent meanwhile.
    """

    device: str
    container_id: str
    began_ms: int
    ended_ms: int
    rack: bool
    due_ms: int | None
    fact: ClassVar[str] = "reefer_off_power"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "container_id": self.container_id,
            "rack": self.rack,
            **_span(self.began_ms, self.ended_ms),
        }


@dataclass(frozen=True, slots=True)
class TrueSilence:
    """Nothing is heard of a box on a plug: its modem is silent. [ms since 1970 UTC].

    Attributes:
        due_ms: when more than two reports were missed for sure; None: that was not so, or the box was never heard.
    """

    device: str
    container_id: str
    began_ms: int
    ended_ms: int
    due_ms: int | None
    fact: ClassVar[str] = "reefer_silence"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {"device": self.device, "container_id": self.container_id, **_span(self.began_ms, self.ended_ms)}


@dataclass(frozen=True, slots=True)
class TruePlugged:
    """A box on a plug, from plug-in to plug-out, with the setpoint it came with and the booked one. [ms since 1970]."""

    device: str
    container_id: str
    began_ms: int
    ended_ms: int
    setpoint_degc: float
    booked_degc: float
    fact: ClassVar[str] = "reefer_plugged"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "container_id": self.container_id,
            "setpoint_degc": self.setpoint_degc,
            "booked_degc": self.booked_degc,
            **_span(self.began_ms, self.ended_ms),
        }
