"""Profiles of reefers as people write them: with the unit in the name, within a plausible range."""

from dataclasses import dataclass
from typing import Any

from processing.model.times import HOUR_US, MINUTE_US
from processing.reefers.profiles import CHILLED, FROZEN, ReeferProfile


@dataclass(frozen=True, slots=True)
class ProfileKey:
    """One row: a key of the site file and what it sets.

    Attributes:
        key: as written, its unit behind the last underscore.
        attribute: of `ReeferProfile`.
        low, high: what is plausible, in the key's unit.
        unit_us: of a time, so many µs; None: a temperature difference, kept as written.
        text: what it means.
    """

    key: str
    attribute: str
    low: float
    high: float
    unit_us: int | None
    text: str

    def value(self, given: object) -> float | int:
        """The attribute's value.

        Raises:
            ValueError: it is no number, or not plausible; the message names what to write.
        """
        if isinstance(given, int | float) and not isinstance(given, bool) and self.low <= given <= self.high:
            return float(given) if self.unit_us is None else round(given * self.unit_us)
        raise ValueError(f"{given!r} must be a number from {self.low:g} to {self.high:g}")

    def shown(self, profile: ReeferProfile) -> str:
        """What a profile has, as it would be written."""
        value: float = getattr(profile, self.attribute)
        return f"{value / (self.unit_us or 1):g}"


NUMBERS: tuple[ProfileKey, ...] = (
    ProfileKey("tolerance_k", "tolerance_k", 0.1, 20, None, "distance from the setpoint that is still in range"),
    ProfileKey("hysteresis_k", "hysteresis_k", 0, 20, None, "so much closer it must come to be back in range"),
    ProfileKey("out_delay_min", "out_delay_us", 0, 1440, MINUTE_US, "out of range for so long is an excursion"),
    ProfileKey("in_delay_min", "in_delay_us", 0, 1440, MINUTE_US, "back in range for so long ends it"),
    ProfileKey("after_defrost_min", "defrost_us", 0, 1440, MINUTE_US, "not judged for so long after a defrost"),
    ProfileKey(
        "pull_down_h", "pull_down_us", 0, 72, HOUR_US, "after plug-in not judged until in range, so long at most"
    ),
)
BY_KEY = {row.key: row for row in NUMBERS}
BASES: dict[str, ReeferProfile] = {"supply": CHILLED, "return": FROZEN, "both": CHILLED}
"""What holds for a profile where it leaves figures out, by its probe."""
SETPOINT_RANGE_DEGC = (-70.0, 40.0)
OTHER_KEYS = ("name", "probe", "below_counts", "setpoints_degc", "containers", "booked_degc")


def rows() -> list[list[str]]:
    """The figures, their ranges, what is built in for chilled and frozen cargo, and what they mean; for people."""
    return [
        [
            f"`{row.key}`",
            f"{row.low:g} … {row.high:g}",
            row.shown(CHILLED)
            if row.shown(CHILLED) == row.shown(FROZEN)
            else f"{row.shown(CHILLED)}; {row.shown(FROZEN)}",
            row.text,
        ]
        for row in NUMBERS
    ]


def stored(profiles: tuple[ReeferProfile, ...]) -> list[dict[str, Any]]:
    """Profiles as they are stored beside the facts that were made with them."""
    return [
        {
            "name": one.name,
            "probe": one.probe,
            "below_counts": one.below_counts,
            "setpoints_degc": None if one.setpoints_degc is None else list(one.setpoints_degc),
            "containers": sorted(one.containers),
            "booked_degc": one.booked_degc,
            **{row.attribute: getattr(one, row.attribute) for row in NUMBERS},
        }
        for one in profiles
    ]
