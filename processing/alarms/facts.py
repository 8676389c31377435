"""The fact that an alarm is: a span in which a person has something to do."""

from dataclasses import dataclass
from typing import Annotated, Literal

from processing.model.fact_type import FactType
from processing.model.facts import Key, TerminalFact

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Most severe first."""


@dataclass(frozen=True, slots=True)
class Alarm(TerminalFact):
    """One alarm from when it was raised until it was cleared. Times in µs since 1970 UTC."""

    terminal: str
    alarm: Annotated[str, "which condition"]
    subject: Annotated[str, "what it is about: a device, a rack, a container"]
    severity: Severity
    began_us: Annotated[int, "when the condition began"]
    raised_us: Annotated[int, "when it had lasted for the delay"]
    cleared_us: Annotated[int | None, "when it had been gone for the hold time; null while it is active"]
    members: Annotated[tuple[str, ...], "devices that it is about, in order"]

    key = Key("terminal", "alarm", "subject", "raised_us")


ALARM = FactType("alarm", "alarm", Alarm)
