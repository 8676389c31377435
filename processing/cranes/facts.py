"""Facts of cranes: moves, delays and partial locks."""

from dataclasses import dataclass
from typing import Annotated, Literal

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen

MoveKind = Literal["load", "discharge", "shift", "rehandle", "hatch_cover", "gear"]


@dataclass(frozen=True, slots=True)
class CraneMove(DeviceFact):
    """One lift. Times in µs since 1970 UTC. Phases: TIC4.0 cycle and job steps."""

    device_id: int
    began_us: Annotated[int | None, "end of the move before: there the cycle begins; null where that is not known"]
    locked_us: int
    lifted_us: int
    landed_us: int
    unlocked_us: int
    kind: Annotated[MoveKind, "by the sides between which it went"]
    boxes: Annotated[int, "containers carried; 0 for hatch covers and gear"]
    teu: Annotated[float, "twenty-foot units carried"]
    inferred: Annotated[bool, "whether part of it was not seen and follows from the rest"]
    confidence: Annotated[float, "1 where everything was seen and agrees, less for each doubt"]
    from_trolley_m: float | None
    to_trolley_m: float | None
    gantry_m: Annotated[float | None, "where the crane stood along its rails [m]"]
    peak_load_t: Annotated[float | None, "largest net load [t]"]
    size_ft: Annotated[int | None, "length of the spreader [ft]"]
    twin: Annotated[bool, "whether two 20 ft boxes were lifted at once"]
    container_ids: Annotated[tuple[str, ...], "as the crane's OCR read them"]
    energy_kwh: Annotated[float | None, "what the drives took in the whole cycle [kWh]"]
    waited_empty_s: Annotated[float | None, "standing still in the air before locking [s]"]
    waited_laden_s: Annotated[float | None, "the same between lifting and landing [s]"]

    key = Key("device_id", "locked_us")
    seen = Seen("instant", "unlocked_us")


DelayCause = Literal[
    "breakdown", "wind", "no_operator", "boom", "spreader", "gantry", "waiting_transport", "ship", "not_assigned"
]


@dataclass(frozen=True, slots=True)
class CraneDelay(DeviceFact):
    """A span in which hoist and trolley stood still. Times in µs since 1970 UTC."""

    device_id: int
    began_us: int
    ended_us: Annotated[int | None, "null while it lasts"]
    cause: Annotated[DelayCause, "why, as far as signals show"]

    key = Key("device_id", "began_us")
    seen = Seen("span", "began_us", "ended_us")


@dataclass(frozen=True, slots=True)
class PartialLock(DeviceFact):
    """A span in which twistlocks stood between their two ends, neither locked nor unlocked; times in µs since 1970."""

    device_id: int
    began_us: int
    ended_us: Annotated[int | None, "null while it lasts"]
    load_t: Annotated[float | None, "largest load meanwhile, as the load cell reads it [t]"]
    airborne: Annotated[bool, "whether the spreader hung in the air meanwhile"]

    key = Key("device_id", "began_us")


MOVE = FactType("crane_move", "crane_move", CraneMove)
DELAY = FactType("crane_delay", "crane_delay", CraneDelay)
PARTIAL_LOCK = FactType("crane_partial_lock", "crane_partial_lock", PartialLock)
