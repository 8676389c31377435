"""Parameters of the crane detectors as people write them: with their unit in the name, within a plausible range."""

from dataclasses import dataclass
from typing import Any, Literal

from processing.model.times import SECOND_US


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: a key of the site file and what it sets.

    Attributes:
        key: as written, its unit behind the last underscore.
        attribute: of `CraneParameters`.
        kind: what is written: a number, seconds (kept as µs), true or false, or least and most.
        low, high: what is plausible, in the key's unit.
        text: what it means.
    """

    key: str
    attribute: str
    kind: Literal["number", "seconds", "flag", "range"]
    low: float
    high: float
    text: str

    def value(self, given: object) -> object:
        """The attribute's value.

        Raises:
            ValueError: it is of another type, or not plausible; the message names what to write.
        """
        if self.kind == "flag":
            if not isinstance(given, bool):
                raise ValueError(f"{given!r} must be true or false")
            return given
        if self.kind == "range":
            if not isinstance(given, list) or len(given) != 2:
                raise ValueError(f"{given!r} must be least and most, such as [{self.low:g}, {self.high:g}]")
            least, most = map(self._plausible, given)
            if least >= most:
                raise ValueError(f"{least:g} must be less than {most:g}")
            return least, most
        number = self._plausible(given)
        return round(number * SECOND_US) if self.kind == "seconds" else number

    def shown(self, value: Any) -> str:
        """An attribute's value as it would be written."""
        if value is None or isinstance(value, bool):
            return "not set" if value is None else str(value).lower()
        if self.kind == "range":
            return f"[{value[0]:g}, {value[1]:g}]"
        return f"{value / SECOND_US:g}" if self.kind == "seconds" else f"{value:g}"

    def _plausible(self, given: object) -> float:
        if isinstance(given, int | float) and not isinstance(given, bool) and self.low <= given <= self.high:
            return float(given)
        raise ValueError(f"{given!r} must be a number from {self.low:g} to {self.high:g}")


def _seconds(name: str, low: float, high: float, text: str) -> Parameter:
    return Parameter(f"{name}_s", f"{name}_us", "seconds", low, high, text)


def _number(name: str, low: float, high: float, text: str) -> Parameter:
    return Parameter(name, name, "number", low, high, text)


def _flag(name: str, text: str) -> Parameter:
    return Parameter(name, name, "flag", 0, 1, text)


PARAMETERS: tuple[Parameter, ...] = (
    _number("trolley_zero_m", -60, 60, "what the trolley position reads above the waterside rail; subtracted"),
    _flag("trolley_reversed", "whether the trolley position counts towards the land"),
    _number("tare_t", -20, 20, "what the load cell reads of the empty spreader; left out: found on each empty flight"),
    _seconds("debounce", 0, 10, "how long an unlock must stand"),
    _seconds("hold", 0, 30, "how long a load must hang to be one"),
    _seconds("unlock", 0, 60, "an unlock that was not seen came so long after the landing, or with the next take-off"),
    _seconds("lost", 0, 60, "how long an empty spreader must hang to show that an unlock was missed"),
    _seconds("partial_lock", 0.5, 3600, "twistlocks neither locked nor unlocked for longer are a partial lock"),
    _number("lift_load_t", 0.1, 10, "least net load of a lift, above the tare"),
    _number("left_share", 0.1, 0.9, "a spreader that carries less than this share of what it lifted has put it down"),
    _number("lift_rise_m", 0.1, 10, "rise that shows a lift where the load cell reads nothing"),
    _number("most_load_t", 10, 200, "a larger net load is none that the crane can lift: the cell is wrong"),
    _number("most_tare_t", 0, 20, "a larger reading of an empty spreader is no tare"),
    _seconds("gap", 0.5, 3600, "silence from which on something may have been missed"),
    _number("vessel_side_m", -60, 60, "trolley positions beyond are over the ship"),
    _number("backreach_side_m", -60, 60, "trolley positions below are behind the landward rail"),
    Parameter("cover_load_t", "cover_load_t", "range", 1, 100, "least and most load of a hatch cover"),
    _number("gear_load_t", 0, 40, "most load of gear: boxes of twistlocks, cages"),
    _number("twin_load_t", 5, 100, "no single 20 ft box is heavier"),
    _seconds("step", 0, 600, "a box set down and lifted a second time within this time is one move"),
    _number("step_m", 0, 20, "the same, where it is put no further than this"),
    _number("away_m", 0, 60, "a spreader that went further has left the box"),
    _seconds("idle", 10, 3600, "a crane that stands still for longer is delayed"),
    _number("stop_wind_mps", 5, 60, "wind that stops work"),
    _number("gantry_m", 0.5, 100, "a crane that is further along after a delay has travelled"),
    _flag("yard", "whether it has no ship's side"),
    _flag("twins", "whether its spreader can carry two boxes; where not, a signal for it is wrong"),
    _flag(
        "tandem",
        "whether two spreaders hang side by side at its headblock; where not, signals of a second are left out",
    ),
    _seconds("tandem_skew", 0, 30, "two spreaders that lock within this time lift together"),
)
BY_KEY: dict[str, Parameter] = {row.key: row for row in PARAMETERS}
