"""Events, transactions and visits of gates, written by hand; times in seconds."""

from processing.gates.facts import GateTransaction, TruckVisit
from processing.gates.transactions import LaneDetector
from processing.gates.truck import GateEvent
from processing.model.facts import Fact

S = 1_000_000


def event(second: float, name: str, **known: object) -> GateEvent:
    """An event with only what is given known."""
    blank: dict[str, object] = {
        "direction": None,
        "visit": None,
        "plate": None,
        "container_ids": (),
        "gross_weight_kg": None,
        "queue_length": None,
    }
    return GateEvent(time_us=round(second * S), event=name, **(blank | known))  # type: ignore[arg-type] # typed by the fields


def through(lane: LaneDetector, *events: GateEvent) -> list[Fact]:
    """All facts of a lane's events."""
    return [fact for e in events for fact in lane.feed(e)]


def found(*events: GateEvent, lane: str = "in1") -> list[GateTransaction]:
    """Transactions of a lane as they are in the end, in order of entry."""
    last = {f.entered_us: f for f in through(LaneDetector(7, lane), *events) if isinstance(f, GateTransaction)}
    return [last[entered_us] for entered_us in sorted(last)]


def passed(
    direction: str, left_s: float, visit: str | None = None, plate: str | None = None, boxes: tuple[str, ...] = ()
) -> GateTransaction:
    """A truck that was 40 s in a lane."""
    left_us = round(left_s * S)
    return GateTransaction(7, left_us - 40 * S, left_us - 6 * S, left_us, direction, visit, plate, False, boxes, None)


def visit_of(
    name: str,
    entered_us: int | None,
    left_us: int | None,
    plate: str | None = None,
    reason: str | None = None,
    confidence: float | None = None,
    lanes: tuple[str, str] = ("in1", "out1"),
    boxes: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    trouble: bool = False,
) -> TruckVisit:
    """A visit through two lanes, each taking 40 s, as far as it is known. Times in µs since 1970 UTC."""
    lane_in, lane_out = (None if at is None else lane for at, lane in zip((entered_us, left_us), lanes, strict=True))
    lane, passed_us = (lane_in, entered_us) if entered_us is not None else (lane_out, left_us)
    return TruckVisit(
        "demo",
        name,
        plate,
        entered_us,
        left_us,
        lane_in,
        lane_out,
        lane or "",
        passed_us or 0,
        (passed_us or 0) - 40 * S,
        confidence,
        reason,
        *boxes,
        trouble,
    )
