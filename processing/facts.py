"""What happened, derived from samples. Each fact has a natural key; the same key again replaces it."""

from dataclasses import dataclass
from typing import Literal

MoveKind = Literal["load", "discharge", "shift", "rehandle", "hatch_cover", "gear"]


@dataclass(frozen=True, slots=True)
class CraneMove:
    """One box lift, or two in twin; key: device and lock time. Times in µs since 1970 UTC.

    Source of the phases: TIC4.0 cycle and job steps.
    """

    device_id: int
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
    inferred: bool

    @property
    def key(self) -> tuple[int, int]:
        """Natural key."""
        return self.device_id, self.locked_us


@dataclass(frozen=True, slots=True)
class RetractedMove:
    """A move told early, while its crane was silent, that later samples contradict."""

    device_id: int
    locked_us: int


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


LevelName = Literal["logged_on", "plugged", "unpowered", "queue_length"]


@dataclass(frozen=True, slots=True)
class Level:
    """From this time on a device's level is this value; kept in memory only, it can be read from raw samples."""

    device_id: int
    name: LevelName
    time_us: int
    value: float


Fact = CraneMove | RetractedMove | GateTransaction | TruckVisit | ReeferExcursion | Level
