"""Gate transactions from the events of a lane.

Source: docs/sources.md, Gate; events of a lane belong together by their order.
"""

from dataclasses import dataclass, replace

from processing.gates.facts import GateTransaction
from processing.model.facts import Fact
from processing.model.level import LevelChange


@dataclass(frozen=True, slots=True)
class GateEvent:
    """One event of a lane; what the event does not carry is None. `time_us` in µs since 1970 UTC."""

    time_us: int
    event: str
    direction: str | None
    visit: str | None
    plate: str | None
    container_ids: tuple[str, ...]
    gross_weight_kg: float | None
    queue_length: float | None


class LaneDetector:
    """Follows one lane: a transaction from `lane_enter` to `lane_exit`.

    Args:
        device_id: the lane.
        name: its device id; `in…` and `out…` give the direction where events do not.
    """

    __slots__ = ("_direction", "_met", "_open", "_queue", "_queue_known", "device_id", "name")

    def __init__(self, device_id: int, name: str) -> None:
        self.device_id = device_id
        self.name = name
        self._direction = "out" if name.startswith("out") else "in" if name.startswith("in") else None
        self._open: GateTransaction | None = None
        self._queue = 0.0
        self._queue_known = False
        self._met = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the lane's first sample had been seen."""
        return self._queue_known and self._met

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final."""
        return self._open is None

    def feed(self, event: GateEvent) -> list[Fact]:
        """Advance by one event in time order; the last transaction returned is the current one."""
        facts: list[Fact] = []
        level = self._queue_after(event)
        if level is not None:
            facts.append(LevelChange(self.device_id, "queue_length", event.time_us, level))
        if event.event == "queue_enter":
            return facts
        if event.event == "lane_enter" or self._open is None:
            self._open = self._entered(event)
        self._open = self._with(self._open, event)
        facts.append(self._open)
        if event.event == "lane_exit":
            self._open = None
        self._met = self._met or event.event in ("lane_enter", "lane_exit")
        return facts

    def _queue_after(self, event: GateEvent) -> float | None:
        if event.queue_length is not None:
            self._queue, self._queue_known = event.queue_length, True
        elif event.event == "queue_enter":
            self._queue += 1
        elif event.event == "lane_enter":
            self._queue = max(0.0, self._queue - 1)
        else:
            return None
        return self._queue

    def _entered(self, event: GateEvent) -> GateTransaction:
        return GateTransaction(
            self.device_id,
            event.time_us,
            None,
            None,
            event.direction or self._direction,
            event.visit,
            event.plate,
            False,
            (),
            None,
        )

    def _with(self, current: GateTransaction, event: GateEvent) -> GateTransaction:
        known = set(current.container_ids)
        return replace(
            current,
            opened_us=event.time_us if event.event == "barrier_open" else current.opened_us,
            left_us=event.time_us if event.event == "lane_exit" else current.left_us,
            direction=event.direction or current.direction,
            visit=event.visit or current.visit,
            plate=event.plate or current.plate,
            trouble=current.trouble or event.event == "trouble_start",
            container_ids=current.container_ids + tuple(c for c in event.container_ids if c not in known),
            gross_weight_kg=event.gross_weight_kg if event.gross_weight_kg is not None else current.gross_weight_kg,
        )
