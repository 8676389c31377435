"""Terms about reefers. Each takes a view; None where nothing is known."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from processing.kpi.evidence import Evidence
from processing.kpi.terms.levels import level, levels
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.facts import DeviceFact
from processing.model.times import MINUTE_US
from processing.reefers.facts import ReeferExcursion, ReeferOffPower, ReeferSilence

F = TypeVar("F", bound=DeviceFact)


def _running(view: View) -> list[ReeferExcursion]:
    """Excursions that last at the end of the window."""
    return list(view.lasting(ReeferExcursion, view.end_us, view.end_us))


def out_of_range(view: View) -> float | None:
    """Reefers in an excursion; None where no plug is known."""
    return None if level("plugged")(view) is None else float(len(_running(view)))


def excursions(view: View, found: Evidence) -> None:
    """Excursions that last, in order of beginning."""
    found.add(ReeferExcursion, sorted(_running(view), key=lambda one: (one.began_us, one.device_id, one.probe)))


def _spans(view: View, record: type[F]) -> Iterator[tuple[F, int, int]]:
    """Facts that touch the window, and the part of each that lies in it. [µs since 1970 UTC]."""
    spans = view.store.spans(record)
    for fact in view.touching(record):
        begin_us, end_us = spans.bounds_us(fact)
        yield fact, max(begin_us, view.begin_us), view.end_us if end_us is None else min(end_us, view.end_us)


def touched(record: type[DeviceFact]) -> Callable[[View], bool]:
    """Whether a fact of a type touches the window."""
    return lambda view: next(_spans(view, record), None) is not None


def _minutes(record: type[DeviceFact]) -> Callable[[View], float]:
    """Sum of the parts of all plugs that lie in the window. [min]."""
    return lambda view: sum(end_us - begin_us for _, begin_us, end_us in _spans(view, record)) / MINUTE_US


def plugged_min(view: View) -> float | None:
    """How long boxes were on plugs in the window, all together; None where no plug is known. [min]."""
    lines = view.store.levels.lines("plugged", view.plugs).values()
    return sum(line.held_us(view.begin_us, view.end_us) for line in lines) / MINUTE_US if lines else None


def out_known_min(view: View) -> float:
    """Minutes of excursions in the window in which the plug was heard: an excursion may last over a silence. [min]."""
    silent: dict[int, list[tuple[int, int]]] = {}
    for other, from_us, until_us in _spans(view, ReeferSilence):
        silent.setdefault(other.device_id, []).append((from_us, until_us))
    out_us = 0
    for one, begin_us, end_us in _spans(view, ReeferExcursion):
        parts = silent.get(one.device_id, ())
        shared_us = sum(max(0, min(end_us, until_us) - max(begin_us, from_us)) for from_us, until_us in parts)
        out_us += end_us - begin_us - shared_us
    return out_us / MINUTE_US


def _listed(record: type[DeviceFact]) -> Callable[[View, Evidence], None]:
    """Facts that touch the window, in order of beginning."""

    def collect(view: View, found: Evidence) -> None:
        parts = sorted(_spans(view, record), key=lambda part: (part[0].key[-1], part[0].device_id))
        found.add(record, [fact for fact, _, _ in parts])

    return collect


TERMS: dict[str, Term] = {
    "plugs_in_use": Term("plugs in use", "reefers", level("plugged"), (levels("plugged"),)),
    "plugs_without_power": Term("plugs without power", "reefers", level("unpowered"), (levels("unpowered"),)),
    "plugs_running": Term("plugs with running machinery", "reefers", level("running"), (levels("running"),)),
    "wrong_setpoints": Term(
        "boxes whose setpoint is not the booked one", "reefers", level("wrong_setpoint"), (levels("wrong_setpoint"),)
    ),
    "out_of_range_min": Term(
        "minutes of excursions in the window", "min", _minutes(ReeferExcursion), (_listed(ReeferExcursion),)
    ),
    "off_power_min": Term(
        "minutes without power in the window", "min", _minutes(ReeferOffPower), (_listed(ReeferOffPower),)
    ),
    "silence_min": Term("minutes of silence in the window", "min", _minutes(ReeferSilence), (_listed(ReeferSilence),)),
    "plugged_min": Term("minutes of boxes on plugs", "min", plugged_min, (levels("plugged"),)),
    "out_known_min": Term(
        "minutes of excursions, silence left out",
        "min",
        out_known_min,
        (_listed(ReeferExcursion), _listed(ReeferSilence)),
    ),
    "excursions": Term("excursions", "reefers", out_of_range, (excursions,)),
}
