"""Facts of cranes: moves and delays."""

from dataclasses import dataclass
from typing import Literal

from processing.model.facts import DeviceFact

MoveKind = Literal["load", "discharge", "shift", "rehandle", "hatch_cover", "gear"]


@dataclass(frozen=True, slots=True)
class CraneMove(DeviceFact):
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
class CraneDelay(DeviceFact):
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
