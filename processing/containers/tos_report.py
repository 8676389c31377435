"""What the terminal operating system states of boxes, once each: what their timelines are made of."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from processing.model.fact_type import FactType
from processing.model.facts import Key, TerminalFact


@dataclass(frozen=True, slots=True)
class TosReport(TerminalFact):
    """A box that came in, went out, was discharged or loaded, as messages that hold state it.

    Several messages may state the same, such as copies for two shipping lines.
    """

    terminal: str
    container_id: str
    event: Literal["gate_in", "gate_out", "discharged", "loaded"]
    time_us: int
    container_raw: Annotated[str, "number as the message has it"]
    place: Annotated[str | None, "as the message names it"]

    key = Key("terminal", "container_id", "event", "time_us")


TOS_REPORT: Final = FactType("tos_report", "v_tos_report", TosReport)
"""A view: reports are not stored, they follow from messages."""
