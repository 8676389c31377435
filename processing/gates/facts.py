"""Facts of gates: transactions of lanes, visits of trucks."""

from dataclasses import dataclass

from processing.model.facts import DeviceFact, TerminalFact


@dataclass(frozen=True, slots=True)
class GateTransaction(DeviceFact):
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
class TruckVisit(TerminalFact):
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
