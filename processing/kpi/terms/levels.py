"""Terms that are sums of a level over the devices of a terminal, or of a rack, and the levels behind them."""

from collections.abc import Callable

from processing.kpi.evidence import Collector, Evidence
from processing.kpi.view import View
from processing.model.level import LevelName


def level(name: LevelName) -> Callable[[View], float | None]:
    """Sum of a level at the end of the window; None where it is known of no device."""
    return lambda view: view.store.levels.sum_at(name, view.end_us, view.rack)


def levels(name: LevelName) -> Collector:
    """The level of each device at the end of the window, largest first."""

    def collect(view: View, found: Evidence) -> None:
        known = view.store.levels.changes_at(name, view.end_us, view.plugs)
        found.levels.extend(sorted(known, key=lambda one: (-one.value, one.device_id)))

    return collect
