"""What really happened at a crane. Never an input of quaystream: the detectors are scored against it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrueMove:
    """One lift, at sample times. [ms since 1970 UTC].

    A box that was set down for a moment on its way has been one lift: from its first lock to its last unlock.
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


@dataclass(frozen=True, slots=True)
class TrueDelay:
    """A span in which a crane did not hoist or travel its trolley, and why. [ms since 1970 UTC]."""

    device: str
    began_ms: int
    ended_ms: int
    cause: str


@dataclass(frozen=True, slots=True)
class TrueLogOn:
    """From this time on an operator was logged on to a crane, or none. [ms since 1970 UTC]."""

    device: str
    at_ms: int
    logged_on: bool
