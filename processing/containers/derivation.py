"""From a fact that shows something of boxes to container events."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from processing.containers import iso6346
from processing.containers.facts import ContainerEvent
from processing.containers.iso6346 import ContainerNumber
from processing.containers.sources import SOURCES
from processing.containers.tos_report import TosReport
from processing.model.device import Device
from processing.model.facts import TerminalFact
from processing.treatments.facts import ColdTreatment

READ, REPAIRED, MISREAD = 0.99, 0.95, 0.3
"""How likely a number is that of the box: read with a right check digit, put right, with a wrong one. Assumed."""
FactName = tuple[object, ...]
"""Which fact it is, in whatever version: its type, its device, its key."""


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
    def name(self) -> FactName:
        """Which one it is."""
        return type(self.fact).__name__, self.device, *self.fact.key


class Adopted(NamedTuple):
    """A number that was read elsewhere of the same box, and how likely it is."""

    number: str
    likely: float


class _Box(NamedTuple):
    number: str
    likely: float
    check_ok: bool
    read_as: str | None


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


def numbers_of(one: FactOf) -> list[ContainerNumber]:
    """Numbers that were read at a fact, each once; an empty text is none."""
    shown = SOURCES[type(one.fact)].show(one.device, one.fact)
    read = next((happening.read for happening in shown), ())
    return list({number.number: number for number in map(iso6346.read, read) if number.number}.values())


def certain_numbers(one: FactOf) -> list[str]:
    """Those with a right check digit."""
    return [number.number for number in numbers_of(one) if number.check_ok]


def certainty(number: ContainerNumber) -> float:
    """How likely a number that was read is the box's."""
    if not number.check_ok:
        return MISREAD
    return REPAIRED if number.repaired else READ


def events_of(one: FactOf, adopted: Sequence[Adopted] = ()) -> tuple[ContainerEvent, ...]:
    """Events that follow from a fact, of each box whose number is known.

    Args:
        one: the fact.
        adopted: numbers that were not read at it: they stand in for those with a wrong check digit.
    """
    source = SOURCES[type(one.fact)]
    boxes = _boxes(numbers_of(one), adopted)
    return tuple(
        ContainerEvent(
            one.terminal,
            source.of.name,
            one.device,
            happening.event,
            happening.first + ordinal,
            one.time_us,
            box.number,
            happening.time_us,
            one.stream,
            happening.place,
            round(happening.confidence * box.likely, 3),
            box.check_ok,
            box.read_as,
        )
        for happening in (source.show(one.device, one.fact) if boxes else ())
        for ordinal, box in enumerate(boxes)
    )


def _boxes(read: Sequence[ContainerNumber], adopted: Sequence[Adopted]) -> list[_Box]:
    """Boxes of a fact: numbers read right first, then those adopted, then those misread that none stands in for."""
    found = [_Box(one.number, certainty(one), True, one.raw) for one in read if one.check_ok]
    misread = [one for one in read if not one.check_ok]
    for at, one in enumerate(adopted):
        found.append(_Box(one.number, one.likely, True, misread[at].raw if at < len(misread) else None))
    return found + [_Box(one.number, certainty(one), False, one.raw) for one in misread[len(adopted) :]]
