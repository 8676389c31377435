"""A truck in a lane: what its events add up to."""

from collections import Counter
from dataclasses import dataclass, field

from msgspec import Struct

from processing.gates.facts import GateTransaction
from processing.gates.likeness import PLATE_LIKE, of_plates
from processing.gates.passage import plain


class GateEvent(Struct, frozen=True):
    """One event of a lane; what the event does not carry is None. `time_us` in µs since 1970 UTC."""

    time_us: int
    event: str
    direction: str | None
    visit: str | None
    plate: str | None
    container_ids: tuple[str, ...]
    gross_weight_kg: float | None
    queue_length: float | None
    appointment: str | None = None


@dataclass(slots=True)
class Truck:
    """One truck in a lane, as far as it is known. Times in µs since 1970 UTC.

    Attributes:
        entered_us: first sign of it.
        last_us: last event of it.
        direction: as far as reported.
        queued_us: when it joined the queue, as far as known.
        queue_settled_us: events up to then make no difference to that.
        follows: whether it came in behind a truck for which the barrier was open.
        opened_us, left_us: barrier, and exit.
        served: whether it was at the kiosk, or at the trouble desk.
        trouble: whether it was at the trouble desk.
        reason: as of `GateTransaction`.
    """

    entered_us: int
    last_us: int
    direction: str | None = None
    queued_us: int | None = None
    queue_settled_us: int = 2**62
    follows: bool = False
    opened_us: int | None = None
    left_us: int | None = None
    served: bool = False
    trouble: bool = False
    reason: str | None = None
    _gross_weight_kg: float | None = None
    _visits: Counter[str] = field(default_factory=Counter)
    _appointments: Counter[str] = field(default_factory=Counter)
    _tags: Counter[str] = field(default_factory=Counter)
    _plates: Counter[str] = field(default_factory=Counter)
    _portal: set[str | None] = field(default_factory=set)
    _container_ids: dict[str, None] = field(default_factory=dict)

    def note(self, event: GateEvent) -> None:
        """Take in what an event carries, whatever happened."""
        self.last_us = event.time_us
        self.direction = event.direction or self.direction
        if event.visit is not None:
            self._visits[event.visit] += 1
        if event.appointment is not None:
            self._appointments[event.appointment] += 1
        if event.plate is not None and plain(event.plate) is not None:
            (self._tags if event.event == "rfid" else self._plates)[event.plate] += 1
        if event.event == "ocr":
            self._portal.add(plain(event.plate))
        self._container_ids |= dict.fromkeys(event.container_ids)
        if event.gross_weight_kg is not None:
            self._gross_weight_kg = event.gross_weight_kg
        self.served |= event.event in ("kiosk", "trouble_start", "trouble_end")
        self.trouble |= event.event == "trouble_start"

    def transaction(self, device_id: int) -> GateTransaction:
        """As it is now."""
        plate = self._plate()
        return GateTransaction(
            device_id,
            self.entered_us,
            self.opened_us,
            self.left_us,
            self.direction,
            _most(self._visits),
            plate,
            self.trouble,
            tuple(self._container_ids),
            self._gross_weight_kg,
            self.reason,
            self.queued_us,
            plain(plate) in self._portal if self._tags else None,
            _most(self._appointments),
        )

    def _plate(self) -> str | None:
        """The tag's, where one was read: of several the one that another reader confirms, else the one read most."""
        read = _most(self._plates)
        if not self._tags:
            return read
        confirmed = [tag for tag in self._tags if any(of_plates(tag, other) >= PLATE_LIKE for other in self._plates)]
        return _most(Counter({tag: self._tags[tag] for tag in confirmed}) or self._tags)


def _most(counts: Counter[str]) -> str | None:
    """What was read most; of several the one that was read first."""
    return max(counts, key=counts.__getitem__, default=None)
