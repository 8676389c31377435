"""A passage: a truck that was through a lane, as far as it identifies the truck."""

from functools import lru_cache
from typing import Literal

from msgspec import Struct

from processing.gates.facts import GateTransaction

Direction = Literal["in", "out"]


class Passage(Struct, frozen=True):
    """One passage. Times in µs since 1970 UTC.

    Attributes:
        lane, entered_us: which transaction it is.
        direction: of the truck.
        passed_us: when it was through.
        visit, plate: as the transaction has them.
        plain: the plate as plates are compared.
        boxes: container numbers, in the order read.
        trouble: whether the lane reported trouble.
        queued_us: when it joined the queue, None: not known.
        reason: why it was no regular passage, None: it was.
    """

    lane: str
    entered_us: int
    direction: Direction
    passed_us: int
    visit: str | None
    plate: str | None
    plain: str | None
    boxes: tuple[str, ...]
    trouble: bool
    queued_us: int | None
    reason: str | None

    @property
    def order(self) -> tuple[int, str, int]:
        """By time; no two are the same."""
        return self.passed_us, self.lane, self.entered_us


def passage_of(lane: str, transaction: GateTransaction) -> Passage | None:
    """The passage that a transaction is; None where the truck did not pass, or in an unknown direction."""
    passed_us, direction = transaction.passed_us, transaction.direction
    if passed_us is None or direction is None:
        return None
    return Passage(
        lane,
        transaction.entered_us,
        "in" if direction == "in" else "out",
        passed_us,
        transaction.visit,
        transaction.plate,
        plain(transaction.plate),
        transaction.container_ids,
        transaction.trouble,
        transaction.queued_us,
        transaction.reason,
    )


@lru_cache(maxsize=4_096)  # a truck's plate is compared at each of its events
def plain(plate: str | None) -> str | None:
    """A plate as plates are compared: in upper case, without blanks and dashes; None where nothing is left."""
    return "".join(c for c in (plate or "").upper() if c != "-" and not c.isspace()) or None
