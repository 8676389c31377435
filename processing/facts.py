"""What happened, derived from samples. Each fact has a natural key; the same key again replaces it."""

from dataclasses import dataclass
from typing import Literal

MoveKind = Literal["load", "discharge", "shift", "rehandle", "hatch_cover", "gear"]


@dataclass(frozen=True, slots=True)
class CraneMove:
    """One lift; key: device and lock time. Times in µs since 1970 UTC. Phases: TIC4.0 cycle and job steps.

    Attributes:
        device_id: the crane.
        began_us: end of the move before: there the cycle begins; None where that is not known.
        locked_us, lifted_us, landed_us, unlocked_us: its phases.
        kind: by the sides it went between.
        boxes: containers carried; 0 for hatch covers and gear.
        teu: twenty-foot units carried.
        from_trolley_m, to_trolley_m, gantry_m: where. [m]
        peak_load_t: largest net load. [t]
        size_ft: length of the spreader. [ft]
        twin: whether two 20 ft boxes hung there.
        container_ids: as the crane's OCR read them.
        energy_kwh: what the drives took in the whole cycle. [kWh]
        waited_empty_s, waited_laden_s: how long hoist and trolley stood still in the air, on either way. [s]
        inferred: whether part of it was not seen and follows from the rest.
        confidence: 1 where everything was seen and agrees, less for each doubt.
    """

    device_id: int
    began_us: int | None
    locked_us: int
    lifted_us: int
    landed_us: int
    unlocked_us: int
    kind: MoveKind
    boxes: int
    teu: float
    from_trolley_m: float | None
    to_trolley_m: float | None
    gantry_m: float | None
    peak_load_t: float | None
    size_ft: int | None
    twin: bool
    container_ids: tuple[str, ...]
    energy_kwh: float | None
    waited_empty_s: float | None
    waited_laden_s: float | None
    inferred: bool
    confidence: float

    @property
    def key(self) -> tuple[int, int]:
        """Natural key."""
        return self.device_id, self.locked_us


DelayCause = Literal[
    "breakdown", "wind", "no_operator", "boom", "spreader", "gantry", "waiting_transport", "ship", "not_assigned"
]


@dataclass(frozen=True, slots=True)
class CraneDelay:
    """A span in which hoist and trolley stood still, and why as far as signals tell; key: device and beginning.

    Times in µs since 1970 UTC; `ended_us` is None while it lasts.
    """

    device_id: int
    began_us: int
    ended_us: int | None
    cause: DelayCause

    @property
    def key(self) -> tuple[int, int]:
        """Natural key."""
        return self.device_id, self.began_us


@dataclass(frozen=True, slots=True)
class GateTransaction:
    """One truck through one lane; key: lane and entry. Times in µs since 1970 UTC."""

    device_id: int
    entered_us: int
    opened_us: int | None
    left_us: int | None
    direction: str | None
    visit: str | None
    plate: str | None
    trouble: bool
    container_ids: tuple[str, ...]
    gross_weight_kg: float | None

    @property
    def key(self) -> tuple[int, int]:
        """Natural key."""
        return self.device_id, self.entered_us


@dataclass(frozen=True, slots=True)
class TruckVisit:
    """A truck's stay, from completed gate-in to completed gate-out; key: terminal and visit.

    What is None is not known yet; telling the same visit again fills it in. Source: TIC4.0 carrier
    turnaround.
    """

    terminal: str
    visit: str
    plate: str | None
    entered_us: int | None
    left_us: int | None
    lane_in: str | None
    lane_out: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Natural key."""
        return self.terminal, self.visit


@dataclass(frozen=True, slots=True)
class ReeferExcursion:
    """A span in which a reefer was out of range for longer than its delay; key: device, probe and beginning.

    `worst_degc` is the largest distance from the setpoint, signed; `ended_us` is None while it lasts.
    """

    device_id: int
    probe: str
    began_us: int
    ended_us: int | None
    container_id: str | None
    setpoint_degc: float
    worst_degc: float

    @property
    def key(self) -> tuple[int, str, int]:
        """Natural key."""
        return self.device_id, self.probe, self.began_us


LevelName = Literal["logged_on", "plugged", "unpowered", "queue_length"]


@dataclass(frozen=True, slots=True)
class Level:
    """From this time on a device's level is this value; key: device, name and time. [µs since 1970 UTC]."""

    device_id: int
    name: LevelName
    time_us: int
    value: float

    @property
    def key(self) -> tuple[int, str, int]:
        """Natural key."""
        return self.device_id, self.name, self.time_us


OfDevice = CraneMove | CraneDelay | GateTransaction | ReeferExcursion | Level
"""Facts that one device's samples tell."""


@dataclass(frozen=True, slots=True)
class Retracted:
    """A fact that was told and is none: told early, or before a late sample arrived."""

    fact: OfDevice


Fact = OfDevice | TruckVisit | Retracted


def time_of(fact: OfDevice) -> int:
    """The time in a fact's key. [µs since 1970 UTC]."""
    match fact:
        case CraneMove():
            return fact.locked_us
        case GateTransaction():
            return fact.entered_us
        case CraneDelay() | ReeferExcursion():
            return fact.began_us
        case Level():
            return fact.time_us
