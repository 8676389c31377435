"""Parameters of reefers, racks and cargo. Published figures are in docs/sources.md; all others are assumed."""

from dataclasses import dataclass

PLUGS_A_RACK = 48
"""At most; the plugs of a terminal are shared out evenly."""
INTERVALS_MIN = (1, 1, 1, 5, 1, 1, 15, 1, 5, 60)
"""Time between reports of a rack's plugs, rack by rack, over and over. [min]"""


@dataclass(frozen=True, slots=True)
class Cargo:
    """What is in a box.

    Attributes:
        name: of the cargo.
        setpoint_degc: booked. [°C]
        share: of the boxes.
        warm_k: how much too warm it may come. [K]
        mass_min: time constant of the cargo in its air. [min]
        probes: whether pulp probes are in it, as cold treatment needs them.
        schedule: of its cold treatment; empty: it needs none.
        o2_pct, co2_pct: of a controlled atmosphere; 0: there is none.
    """

    name: str
    setpoint_degc: float
    share: float
    warm_k: float
    mass_min: float
    probes: bool = False
    schedule: str = ""
    o2_pct: float = 0.0
    co2_pct: float = 0.0

    @property
    def frozen(self) -> bool:
        """Whether return air is controlled, else supply air. Source: carriers' manuals."""
        return self.setpoint_degc <= -10


CARGOES = (
    Cargo("fish", -20.0, 0.20, 2.5, 3000),
    Cargo("squid", -18.0, 0.10, 2.5, 3000),
    Cargo("ice cream", -25.0, 0.05, 1.5, 2400),
    Cargo("blueberries", 0.0, 0.20, 6.0, 1200, probes=True, schedule="us-south-america"),
    Cargo("grapes", -0.5, 0.15, 6.0, 1500, probes=True, schedule="cn-peru-grapes"),
    Cargo("avocado", 5.5, 0.20, 9.0, 1800, o2_pct=4.0, co2_pct=6.0),
    Cargo("mandarin", 4.0, 0.06, 9.0, 1800),
    Cargo("banana", 13.3, 0.04, 5.0, 1800),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Something that befalls a unit, or a rack.

    Attributes:
        per_day: how often, on average.
        median_min, sigma: how long, lognormal. [min]
    """

    per_day: float
    median_min: float
    sigma: float


POWER_OFF = Rate(0.04, 80, 0.9)
"""A plug is switched off, or its breaker trips."""
RACK_OFF = Rate(0.05, 45, 0.8)
"""A rack loses power; its monitor goes on reporting."""
COOLING_FAILURE = Rate(0.03, 180, 0.7)
DOOR = Rate(0.05, 8, 0.4)
OFFLINE = Rate(0.06, 90, 0.9)
"""Nothing of a unit is heard."""
DRIFT = Rate(0.02, 600, 0.4)
"""A recording probe reads wrong by up to `MOST_DRIFT_K`; the controller's own does not."""
RATES = {
    "power": POWER_OFF,
    "cooling": COOLING_FAILURE,
    "door": DOOR,
    "offline": OFFLINE,
    "drift": DRIFT,
}
MOST_DRIFT_K = 0.6
LEAVE_PER_DAY = 0.45
"""Boxes that leave a plug, on average. [1/day]"""
VESSEL_EVERY_MIN, VESSEL_MIN, VESSEL_TIMES = 1200, 300, 6.0
"""While a vessel is worked boxes come and go that many times as often."""
TREATED_MIN = 21 * 1440
"""So long a box under cold treatment stays on its plug: longer than any schedule takes. [min]"""
AWAY_MIN = (30, 360)
"""A plug is free for so long. [min]"""
EMPTY_SHARE = 0.12
WRONG_SETPOINT_SHARE, WRONG_SETPOINT_MEDIAN_MIN = 0.01, 150.0
"""Boxes whose setpoint is not the booked one, and how long until somebody puts it right."""
DEFROST_MIN = (15, 40)
DEFROST_EVERY_H = (6, 24)

AMBIENT_MIN = 1500.0
"""Air of a unit without cooling follows the ambient with this time constant, [min]"""
PULP_MIN = 300.0
"""and its cargo with this one. [min]"""
CONTROL_MIN = 15.0
"""The controlled air follows the setpoint with this one, [min]"""
COOL_K_PER_MIN, HEAT_K_PER_MIN = 0.12, 0.3
"""at most at these rates."""
DOOR_MIN = 40.0
"""With the door open air follows the ambient with this time constant. [min]"""
FAN_K_PER_MIN = 0.005
"""Fans warm the air where nothing cools it."""
OFFSET_MIN = 6.0
"""Supply and return air get their distance to the controlled air with this time constant. [min]"""
RIPPLE_K, RIPPLE_MIN = 0.2, (20.0, 60.0)
"""The controlled air swings by so much around the setpoint, with a period between these."""
NOISE_K = 0.05
"""Of a reading, one standard deviation."""
VENDORS = {"carrier": ("AL17", "AL18", "AL16"), "daikin": ("F101", "F109"), "thermoking": ("10", "17")}
"""Codes of an alarm while the cooling fails, by vendor; opaque to quaystream. Numbers but Carrier's are assumed."""
LOG_ALARM_PER_DAY = 0.02
"""Alarms without consequence, each an hour long."""
