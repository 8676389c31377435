"""What a terminal changes in the table of alarms: keys of the site file, and the rows that hold then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from processing.alarms.condition import Condition, LevelSpans, MeasuredSpans, SilenceSpans
from processing.alarms.facts import SEVERITIES
from processing.alarms.table import CONDITIONS
from processing.model.times import SECOND_US

Changes = Mapping[str, Any]
"""Attributes of a condition, or of a storm, and their values."""


@dataclass(frozen=True, slots=True)
class AlarmKey:
    """One key of the site file.

    Attributes:
        key: as written, its unit behind the last underscore.
        attribute: that it sets.
        low, high: what is plausible, in the key's unit.
        unit_us: of a time, so many µs; None: kept as written.
        of: which alarms have it: all, conditions, those of levels, or storms.
        text: what it means.
        whole: whether it counts something.
    """

    key: str
    attribute: str
    low: float
    high: float
    unit_us: int | None
    of: str
    text: str
    whole: bool = False

    def value(self, given: object) -> float | int:
        """The attribute's value.

        Raises:
            ValueError: it is no number, or not plausible; the message names what to write.
        """
        kind = int if self.whole else int | float
        if isinstance(given, kind) and not isinstance(given, bool) and self.low <= given <= self.high:
            return given if self.unit_us is None else round(given * self.unit_us)
        what = "whole number" if self.whole else "number"
        raise ValueError(f"{given!r} must be a {what} from {self.low:g} to {self.high:g}")


NUMBERS = (
    AlarmKey("delay_s", "delay_us", 0, 86_400, SECOND_US, "all", "the condition must hold for so long"),
    AlarmKey("hold_s", "hold_us", 0, 86_400, SECOND_US, "condition", "it must be absent for so long"),
    AlarmKey("on", "on", -1e6, 1e6, None, "level", "from here on a level is high"),
    AlarmKey("off", "off", -1e6, 1e6, None, "level", "below it is high no more; not above `on`"),
    AlarmKey("least", "least", 2, 100_000, None, "storm", "so many neighbours are a storm", whole=True),
    AlarmKey("within_s", "within_us", 1, 3_600, SECOND_US, "storm", "when their conditions begin within so long"),
)
BY_KEY = {one.key: one for one in NUMBERS}
STORMS = {one.storm.id: one.id for one in CONDITIONS if one.storm is not None}
"""Condition by the storm of it."""


def keys_of(alarm: str) -> tuple[str, ...]:
    """Keys that an alarm has in the site file; none where there is no such alarm."""
    if alarm in STORMS:
        kinds = {"all", "storm"}
    elif (condition := next((one for one in CONDITIONS if one.id == alarm), None)) is not None:
        kinds = {"all", "condition"} | ({"level"} if getattr(condition.source, "limits", False) else set())
    else:
        return ()
    return ("enabled", "severity", *(one.key for one in NUMBERS if one.of in kinds))


def conditions(changes: Mapping[str, Changes]) -> dict[str, Condition]:
    """The table as it holds where some alarms are changed, by id."""
    return {one.id: _changed(one, changes) for one in CONDITIONS}


def contradiction(alarm: str, changes: Changes) -> str | None:
    """What cannot be true together in a level's limits; None: nothing."""
    source = conditions({alarm: changes})[alarm].source if alarm not in STORMS else None
    if isinstance(source, SilenceSpans) and changes.get("delay_us", source.least_us) < source.least_us:
        return f"delay_s: silence of less than {source.least_us / SECOND_US:g} s is not kept"
    if isinstance(source, LevelSpans | MeasuredSpans) and source.off > source.on:
        return f"off {source.off:g} is above on {source.on:g}: the alarm would be raised and cleared by one value"
    return None


def _changed(one: Condition, changes: Mapping[str, Changes]) -> Condition:
    own = dict(changes.get(one.id, {}))
    limits = {name: own.pop(name) for name in ("on", "off") if name in own}
    if limits and isinstance(one.source, LevelSpans | MeasuredSpans):
        one = replace(one, source=replace(one.source, **limits))
    storm = one.storm
    if storm is not None:
        storm = replace(storm, **changes.get(storm.id, {}))
    return replace(one, storm=storm, **own)


def rows() -> list[list[str]]:
    """The keys for people."""
    others = [
        ["`enabled`", "true, false", "all", "whether it is raised at all; of a storm whether neighbours are joined"],
        ["`severity`", ", ".join(SEVERITIES), "all", "of the alarm"],
    ]
    whose = {"all": "all", "condition": "all but storms", "level": "those of a level", "storm": "storms"}
    return others + [[f"`{one.key}`", f"{one.low:g} … {one.high:g}", whose[one.of], one.text] for one in NUMBERS]
