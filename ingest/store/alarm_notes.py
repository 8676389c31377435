"""Notes that alarms are to be derived from facts that a batch writes; see `ingest.alarms`."""

from collections.abc import Callable, Iterable
from datetime import datetime

from infra.clock import from_us
from ingest.decode.address import Address
from processing.alarms.condition import KPI_SAMPLES, changes_of
from processing.alarms.table import FACTS
from processing.kpi.definition import KpiValue
from processing.model.facts import DeviceFact, Fact, Retracted, time_of
from processing.model.level import LevelChange
from processing.streams import FACT_TYPES

NAMES: dict[type[DeviceFact], str] = {
    record: of.name for record, of in FACT_TYPES.items() if of.name in FACTS and issubclass(record, DeviceFact)
}
Row = tuple[str, str, list[int], datetime]
"""Terminal, name of the facts, devices, the earliest of them."""


def of_kpis(kpis: Iterable[KpiValue]) -> list[Row]:
    """One for each terminal that has new samples."""
    found: dict[str, int] = {}
    for one in kpis:
        found[one.terminal] = min(one.time_us, found.get(one.terminal, one.time_us))
    return [(terminal, KPI_SAMPLES, [], from_us(since_us)) for terminal, since_us in sorted(found.items())]


def rows(facts: Iterable[Fact], address_of: Callable[[int], Address]) -> list[Row]:
    """One for each terminal and name of facts.

    Args:
        facts: new, changed and retracted ones.
        address_of: where a device is, by its id.
    """
    found: dict[tuple[str, str], dict[int, int]] = {}
    for fact in facts:
        about = fact.fact if isinstance(fact, Retracted) else fact
        name = _name(about)
        if name is not None and isinstance(about, DeviceFact):
            since_us = found.setdefault((address_of(about.device_id).terminal, name), {})
            since_us[about.device_id] = min(time_of(about), since_us.get(about.device_id, time_of(about)))
    return [
        (terminal, name, sorted(since_us), from_us(min(since_us.values())))
        for (terminal, name), since_us in sorted(found.items())
    ]


def _name(about: object) -> str | None:
    if isinstance(about, LevelChange):
        name = changes_of(about.name)
        return name if name in FACTS else None
    return NAMES.get(type(about))  # type: ignore[arg-type] # other types are none of its keys
