"""What a condition is: which facts it looks at, for how long it must hold, and what a person does about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from processing.alarms.facts import Severity
from processing.model.fact_type import FactType
from processing.model.level import LEVEL_CHANGE, LevelName
from processing.model.silence import LEAST_US


@dataclass(frozen=True, slots=True)
class FactSpans:
    """The condition holds while a fact lasts.

    Attributes:
        of: type of the fact.
        begin: attribute of the time at which it begins; a fact without that time is none.
        end: attribute of the end; None: the fact is an event, over at once.
        subject: attribute that the condition is about; None: the device.
        only: an attribute and its values, where not every fact counts.
    """

    of: FactType[Any]
    begin: str = "began_us"
    end: str | None = "ended_us"
    subject: str | None = None
    only: tuple[str, tuple[str, ...]] | None = None

    @property
    def fact(self) -> str:
        """Name of the facts that it follows from, as notes have it."""
        return self.of.name


def changes_of(level: LevelName) -> str:
    """Name of the changes of a level, as notes have it."""
    return f"{LEVEL_CHANGE.name}:{level}"


@dataclass(frozen=True, slots=True)
class LevelSpans:
    """The condition holds while a level of a device is high: from `on` upwards, until it is below `off`.

    `limits`: whether a terminal may set the two.
    """

    name: str
    on: float = 1.0
    off: float = 1.0
    limits: bool = False

    @property
    def fact(self) -> str:
        """Name of the facts that it follows from, as notes have it."""
        return changes_of(self.name)


@dataclass(frozen=True, slots=True)
class SilenceSpans:
    """The condition holds while a device of a stream is silent that was heard of before.

    Attributes:
        of: type of the facts of silence that has ended.
        stream: whose devices.
        unless: level of the device while which silence means nothing; None: it always does.
        needs: level of the device without which it does; None: none.
        limit_min: level of the device that is the longest silence that is none [min]; None: the delay says that.
        least_us: shorter silence is never one. [µs]
    """

    of: FactType[Any]
    stream: str
    unless: LevelName | None = None
    needs: LevelName | None = None
    limit_min: LevelName | None = None
    least_us: int = LEAST_US

    @property
    def fact(self) -> str:
        """Name of the facts that it follows from, as notes have it."""
        return self.of.name

    @property
    def levels(self) -> tuple[LevelName, ...]:
        """Levels of the device that decide over it too."""
        return tuple(name for name in (self.unless, self.needs, self.limit_min) if name is not None)


@dataclass(frozen=True, slots=True)
class MeasuredSpans:
    """The condition holds while what the worker measures, of the system or of a device, is high.

    Attributes:
        name: what is measured.
        on, off: from `on` upwards it is high, until it is below `off`.
        unit: of the two.
        of_devices: whether it is measured of each device.
    """

    name: str
    on: float
    off: float
    unit: str
    of_devices: bool = False
    limits: bool = True

    @property
    def fact(self) -> str:
        """Name of what it follows from, as notes have it."""
        return f"{MEASURED}:{self.name}"


@dataclass(frozen=True, slots=True)
class KpiSpans:
    """The condition holds while a KPI is too low: from below `below` until it reaches `back`."""

    kpi: str
    window: str
    below: float
    back: float

    @property
    def fact(self) -> str:
        """Name of what it follows from, as notes have it."""
        return KPI_SAMPLES


KPI_SAMPLES = "kpi_sample"
"""Notes about KPI samples have this name."""
MEASURED = "measured"
"""Notes about measurements begin with this."""
Source = FactSpans | LevelSpans | KpiSpans | SilenceSpans | MeasuredSpans


@dataclass(frozen=True, slots=True)
class Storm:
    """Many alarms of neighbours at once are one alarm with members.

    Attributes:
        id: of that alarm.
        by: what neighbours share.
        least: so many of them within `within_us`, by when the condition began, are a storm.
        within_us: [µs]
        delay_us: from the last of the first `least` until it is raised. [µs]
        severity: of it.
        text, response: as of a condition.
        enabled: whether neighbours are joined at all.
    """

    id: str
    by: Literal["rack", "stream"]
    least: int
    within_us: int
    delay_us: int
    severity: Severity
    text: str
    response: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table of alarms.

    Attributes:
        id: of the alarm.
        source: facts that it follows from.
        severity: of the alarm.
        text: what it means.
        response: what a person does about it; without one it would be no alarm (ISA-18.2).
        delay_us: the condition must hold for so long. [µs]
        hold_us: it must be gone for so long before the alarm is cleared. [µs]
        suppressed_by: conditions of the same device while which it is not raised.
        storm: what many at once are.
        enabled: whether it is raised at all.
        origin: where delay and limits come from.
    """

    id: str
    source: Source
    severity: Severity
    text: str
    response: str
    delay_us: int = 0
    hold_us: int = 0
    suppressed_by: tuple[str, ...] = ()
    storm: Storm | None = None
    enabled: bool = True
    origin: str = ""

    @property
    def alarms(self) -> tuple[str, ...]:
        """Ids of alarms that follow from it."""
        return (self.id,) if self.storm is None else (self.id, self.storm.id)

    @property
    def of_devices(self) -> bool:
        """Whether its subjects are devices."""
        match self.source:
            case FactSpans():
                return self.source.subject is None
            case MeasuredSpans():
                return self.source.of_devices
            case KpiSpans():
                return False
        return True

    @property
    def reach_us(self) -> int:
        """Facts further apart have nothing to do with each other, but for alarms that last between. [µs]."""
        storm = 0 if self.storm is None else self.storm.within_us + self.storm.delay_us
        return self.delay_us + self.hold_us + 3 * storm + 1


def facts_of(conditions: Sequence[Condition]) -> dict[str, list[Condition]]:
    """Conditions by the facts with which their alarms change: their own, and those of what suppresses them."""
    by_id = {one.id: one for one in conditions}
    found: dict[str, list[Condition]] = {}
    for one in conditions:
        sources = one.source, *(by_id[name].source for name in one.suppressed_by)
        for fact in dict.fromkeys(fact for source in sources for fact in _followed(source)):
            found.setdefault(fact, []).append(one)
    return found


def _followed(source: Source) -> tuple[str, ...]:
    """Names of all facts that decide over the spans of a source."""
    return source.fact, *(changes_of(name) for name in (source.levels if isinstance(source, SilenceSpans) else ()))
