"""Facts of containers: what happened to a box, as a fact of one device, or a run of a treatment, has it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from processing.model.fact_type import FactType
from processing.model.facts import Key, TerminalFact

EventName = Literal[
    "gate_in",
    "gate_out",
    "picked",
    "placed",
    "loaded",
    "discharged",
    "plugged",
    "unplugged",
    "excursion_began",
    "excursion_ended",
    "treatment_began",
    "treatment_done",
    "treatment_failed",
]


@dataclass(frozen=True, slots=True)
class ContainerEvent(TerminalFact):
    """Something that happened to a box. Its key names the fact that it follows from: the box may be misread."""

    terminal: str
    source: Annotated[str, "type of the fact that it follows from"]
    device: Annotated[str, "whose fact that is; of a treatment the container"]
    event: EventName
    ordinal: Annotated[int, "which of the boxes of the fact, from 0"]
    fact_us: Annotated[int, "time in the key of the fact"]
    container_id: Annotated[str, "normalised; a number misread beyond repair stands as it was read"]
    time_us: int
    stream: Annotated[str, "of the device"]
    place: Annotated[str | None, "where the box is since then, as far as the fact shows"]
    confidence: Annotated[float, "that it happened to this box, 0 to 1"]
    check_ok: Annotated[bool, "whether the number was read with a right check digit"]
    read_as: Annotated[str | None, "the number as it was read; null where it follows from another fact"]

    key = Key("terminal", "source", "device", "event", "ordinal", "fact_us")


CONTAINER_EVENT = FactType("container_event", "container_event", ContainerEvent)
