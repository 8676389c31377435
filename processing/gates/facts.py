"""Facts of gates: transactions of lanes, visits of trucks."""

from dataclasses import dataclass
from typing import Annotated

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen, TerminalFact

ENTERED_AGAIN = "entered_again"
"""How a visit ended whose truck came in once more: it had left unseen."""


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
    reason: Annotated[
        str | None, "tailgated, reversed_out, cancelled or exit_unseen; null while it lasts, or as it should be"
    ] = None
    queued_us: Annotated[int | None, "when the truck joined the queue before the lane, first in, first out"] = None
    plate_read: Annotated[
        bool | None, "whether the portal read the plate as the tag has it; null where no tag was read"
    ] = None
    appointment: Annotated[str | None, "number of the appointment that the truck named at the kiosk"] = None

    key = Key("device_id", "entered_us")
    seen = Seen("passage", "entered_us", "left_us")

    @property
    def passed_us(self) -> int | None:
        """When the truck was through: it left the lane, or, where that was not seen, the barrier opened for it."""
        return self.opened_us if self.reason == "exit_unseen" else self.left_us

    @property
    def counted_us(self) -> int | None:
        """When windows count it: as the truck was through, or as one came that was not; None: it is there still."""
        return self.passed_us if self.reason in (None, "tailgated", "exit_unseen") else self.entered_us


@dataclass(frozen=True, slots=True)
class TruckVisit(TerminalFact):
    """A truck's stay, from completed gate-in to completed gate-out. Source: TIC4.0 carrier turnaround."""

    terminal: str
    visit: Annotated[str, "visit number; where none was given, the plate"]
    plate: str | None
    entered_us: Annotated[int | None, "end of the inbound passage"]
    left_us: Annotated[int | None, "end of the outbound passage"]
    lane_in: str | None
    lane_out: str | None
    lane: Annotated[str, "lane of the first passage that is known"]
    passed_us: Annotated[int, "end of the first passage that is known"]
    arrived_us: Annotated[int, "when the truck came into that lane: with terminal and lane the key"]
    confidence: Annotated[float | None, "that both passages are of one truck, 0 to 1; null: one is known only"] = None
    reason: Annotated[
        str | None,
        "tailgated, exit_unseen, entered_again, overdue or entry_unseen; null while it lasts, or ended as it should",
    ] = None
    brought: Annotated[tuple[str, ...], "containers read on the way in"] = ()
    taken: Annotated[tuple[str, ...], "containers read on the way out"] = ()
    trouble: Annotated[bool, "whether a lane reported trouble"] = False
    queued_us: Annotated[int | None, "when the truck joined the queue before the inbound lane"] = None

    key = Key("terminal", "lane", "arrived_us")
    seen = Seen("passage", "entered_us", "left_us")


TRANSACTION = FactType("gate_transaction", "gate_transaction", GateTransaction)
VISIT = FactType("truck_visit", "truck_visit", TruckVisit)
