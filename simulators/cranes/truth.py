"""What really happened at a crane. Never an input of quaystream: the detectors are scored against it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.devices import text


@dataclass(frozen=True, slots=True)
class TrueMove:
    """One lift, at sample times. [ms since 1970 UTC].

    A box that was set down for a moment on its way has been one lift: from its first lock to its last unlock.
    `container_ids` are numbers that its OCR has read, `numbers` those of its boxes.
    `lift` is single, twin, tandem or quad.
    """

    device: str
    locked_ms: int
    lifted_ms: int
    landed_ms: int
    unlocked_ms: int
    kind: str
    boxes: int
    teu: float
    container_ids: tuple[str, ...]
    lift: str = "single"
    numbers: tuple[str, ...] = ()
    fact: ClassVar[str] = "crane_move"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "locked_at": text(self.locked_ms),
            "lifted_at": text(self.lifted_ms),
            "landed_at": text(self.landed_ms),
            "unlocked_at": text(self.unlocked_ms),
            "kind": self.kind,
            "boxes": self.boxes,
            "teu": self.teu,
            "container_ids": self.container_ids,
            "numbers": self.numbers,
        }


@dataclass(frozen=True, slots=True)
class TrueDelay:
    """A span in which a crane did not hoist or travel its trolley, and why. [ms since 1970 UTC]."""

    device: str
    began_ms: int
    ended_ms: int
    cause: str
    fact: ClassVar[str] = "crane_delay"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        span = {"began_at": text(self.began_ms), "ended_at": text(self.ended_ms)}
        return {"device": self.device, **span, "cause": self.cause}


@dataclass(frozen=True, slots=True)
class TrueLogOn:
    """From this time on an operator was logged on to a crane, or none. [ms since 1970 UTC]."""

    device: str
    at_ms: int
    logged_on: bool
    fact: ClassVar[str] = "crane_log_on"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {"device": self.device, "at": text(self.at_ms), "logged_on": self.logged_on}
