"""Facts of gates: transactions of lanes, visits of trucks."""

from dataclasses import dataclass
from typing import Annotated

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen, TerminalFact


@dataclass(frozen=True, slots=True)
class GateTransaction(DeviceFact):
    """One truck through one lane. Times in µs since 1970 UTC."""

    device_id: int
    entered_us: int
    opened_us: Annotated[int | None, "when the barrier opened"]
    left_us: int | None
    direction: str | None
    visit: str | None
    plate: str | None
    trouble: Annotated[bool, "whether the lane reported trouble"]
    container_ids: tuple[str, ...]
    gross_weight_kg: float | None

    key = Key("device_id", "entered_us")


@dataclass(frozen=True, slots=True)
class TruckVisit(TerminalFact):
    """A truck's stay, from completed gate-in to completed gate-out.

    What is None is not known yet; the same visit from another passage fills it in. Source: TIC4.0 carrier turnaround.
    """

    terminal: str
    visit: Annotated[str, "visit number; where none was given, the plate"]
    plate: str | None
    entered_us: Annotated[int | None, "end of the inbound passage"]
    left_us: Annotated[int | None, "end of the outbound passage"]
    lane_in: str | None
    lane_out: str | None

    key = Key("terminal", "visit")
    seen = Seen("passage", "entered_us", "left_us")


TRANSACTION = FactType("gate_transaction", "gate_transaction", GateTransaction)
VISIT = FactType("truck_visit", "truck_visit", TruckVisit)
