"""The windows over which KPIs are evaluated."""

from dataclasses import dataclass

from processing.model.times import HOUR_US


@dataclass(frozen=True, slots=True)
class Window:
    """A window.

    Attributes:
        id: as in `kpi_sample` and in payloads: ISO 8601 duration where it slides, else a word.
        text: what it is.
        length_us: its length where it slides, 0 for an instant, None where something else bounds it.
    """

    id: str
    text: str
    length_us: int | None = None


NOW = Window("now", "at this moment", 0)
HOUR = Window("PT1H", "the hour before", HOUR_US)
SHIFT = Window("shift", "from the beginning of the shift", None)
DAY = Window("day", "from the beginning of the local day", None)
CALL = Window("call", "from the beginning of the vessel's call; of a terminal: of all that are there", None)
WINDOWS = {window.id: window for window in (NOW, HOUR, SHIFT, DAY, CALL)}
