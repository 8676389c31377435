"""The table of alarms for people."""

from processing.alarms.condition import Condition, FactSpans, KpiSpans, MeasuredSpans, SilenceSpans
from processing.alarms.table import CONDITIONS
from processing.model.times import MINUTE_US, SECOND_US

HEAD = ["id", "severity", "raised while", "from", "delay; hold time", "what to do", "suppressed by", "origin"]


def rows() -> list[list[str]]:
    """One row an alarm: conditions, each with the storm that many of it are."""
    found: list[list[str]] = []
    for one in CONDITIONS:
        suppressed = ", ".join(f"`{name}`" for name in one.suppressed_by)
        times = f"{time(one.delay_us)}; {time(one.hold_us)}"
        found.append([f"`{one.id}`", one.severity, one.text, _source(one), times, one.response, suppressed, one.origin])
        if one.storm is not None:
            storm = one.storm
            many = f"{storm.text}: {storm.least} of a {storm.by} within {time(storm.within_us)}"
            times = f"{time(storm.delay_us)}; {time(one.hold_us)}"
            found.append([f"`{storm.id}`", storm.severity, many, f"`{one.id}`", times, storm.response, "", "assumed"])
    return found


def time(us: int) -> str:
    """A duration in words."""
    if us == 0:
        return "none"
    return f"{us // MINUTE_US} min" if us % MINUTE_US == 0 else f"{us / SECOND_US:g} s"


def _source(one: Condition) -> str:
    if isinstance(one.source, FactSpans):
        name = f"`{one.source.of.table}`"
        return name if one.source.only is None else f"{name} with {one.source.only[0]} {', '.join(one.source.only[1])}"
    if isinstance(one.source, KpiSpans):
        return f"KPI `{one.source.kpi}` over {one.source.window}"
    if isinstance(one.source, SilenceSpans):
        return f"`{one.source.of.table}`, and the last sample of each {one.source.stream}"
    if isinstance(one.source, MeasuredSpans):
        name, unit = one.source.name, one.source.unit
        return f"`{name}`, as measured, from {one.source.on:g} {unit} on, until below {one.source.off:g} {unit}"
    limits = "" if one.source.on == one.source.off else f" from {one.source.on:g} on, until below {one.source.off:g}"
    return f"level `{one.source.name}`{limits}"
