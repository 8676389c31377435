"""From a fact that shows something of boxes to container events."""

from collections.abc import Callable
from typing import Any, NamedTuple

from processing.containers import iso6346
from processing.containers.facts import ContainerEvent
from processing.containers.iso6346 import ContainerNumber
from processing.containers.sources import SOURCES, Happening
from processing.containers.tos_report import TosReport
from processing.model.device import Device
from processing.model.facts import TerminalFact
from processing.treatments.facts import ColdTreatment

READ, REPAIRED, MISREAD = 0.99, 0.95, 0.3
"""How likely a number is that of the box: read with a right check digit, put right, with a wrong one. Assumed."""


class FactOf(NamedTuple):
    """A fact, and whose it is.

    Attributes:
        terminal, stream, device: names.
        fact: of a type that is a source.
    """

    terminal: str
    stream: str
    device: str
    fact: Any

    @property
    def time_us(self) -> int:
        """The time in its key. [µs since 1970 UTC]."""
        return int(self.fact.key[-1])

    @property
    def name(self) -> tuple[object, ...]:
        """Which one it is, in whatever version."""
        return type(self.fact).__name__, self.device, *self.fact.key


def of_device(device: Device, fact: Any) -> FactOf:
    """A fact of a device."""
    return FactOf(device.terminal, device.stream, device.name, fact)


def of_treatment(run: ColdTreatment) -> FactOf:
    """A run of a treatment: announced under the container's number, as a device of its own."""
    return FactOf(run.terminal, "container", run.container_id, run)


def of_report(report: TosReport) -> FactOf:
    """A report of the terminal operating system: under the container's number, since several boxes may share a time."""
    return FactOf(report.terminal, "container", report.container_id, report)


OF_TERMINALS: dict[type[TerminalFact], Callable[[Any], FactOf]] = {ColdTreatment: of_treatment, TosReport: of_report}
"""Sources that are no facts of devices, by the record."""


def events_of(one: FactOf) -> tuple[ContainerEvent, ...]:
    """Events that follow from a fact by itself: of each box whose number was read."""
    source = SOURCES[type(one.fact)]
    return tuple(
        ContainerEvent(
            one.terminal,
            source.of.name,
            one.device,
            happening.event,
            happening.first + ordinal,
            one.time_us,
            number.number,
            happening.time_us,
            one.stream,
            happening.place,
            round(happening.confidence * certainty(number), 3),
            number.check_ok,
            number.raw,
        )
        for happening in source.show(one.device, one.fact)
        for ordinal, number in enumerate(_numbers(happening))
    )


def certainty(number: ContainerNumber) -> float:
    """How likely a number that was read is the box's."""
    if not number.check_ok:
        return MISREAD
    return REPAIRED if number.repaired else READ


def _numbers(happening: Happening) -> list[ContainerNumber]:
    """Of each box one, in the order read; an empty text is none."""
    found = {number.number: number for number in map(iso6346.read, happening.read) if number.number}
    return list(found.values())
