"""Parameters of the models, each with unit and source. Where they come from: docs/sources.md."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class CraneParameters:
    """How a kind of crane works.

    Attributes:
        type: as in its status message.
        period_ms: time between samples. [ms]
        hoist_laden_mps, hoist_empty_mps: hoist speeds. [m/s]
        hoist_mps2: hoist acceleration. [m/s²]
        trolley_mps, trolley_mps2: trolley speed and acceleration.
        gantry_mps, gantry_mps2: gantry speed and acceleration.
        travel_height_m: lowest height at which the trolley travels. [m]
        cycle_mean_s, cycle_sigma: cycle time, lognormal. [s]
        gantry_every: moves between gantry moves, lowest and highest.
        gantry_m: longest gantry move. [m]
        twin_share: share of 20 ft lifts that are twin.
        spreader_t: weight of spreader and headblock. [t]
        base_kw: power when nothing moves. [kW]
        double_trolley: whether a portal trolley takes over at a platform; it is a device of its own.
        tandem_share: share of box lifts that two spreaders side by side carry; 0: there is one spreader only.
    """

    type: str
    period_ms: int
    hoist_laden_mps: float
    hoist_empty_mps: float
    hoist_mps2: float
    trolley_mps: float
    trolley_mps2: float
    gantry_mps: float
    gantry_mps2: float
    travel_height_m: float
    cycle_mean_s: float
    cycle_sigma: float
    gantry_every: tuple[int, int]
    gantry_m: float
    twin_share: float
    spreader_t: float
    base_kw: float
    double_trolley: bool = False
    tandem_share: float = 0.0

    @property
    def quay(self) -> bool:
        """Whether it works ships."""
        return self.type == "STS"

    @property
    def portal(self) -> bool:
        """Whether it is the landward trolley of a double-trolley crane, which is a device of its own."""
        return self.type == "PORTAL"

    @property
    def serves_vehicles(self) -> bool:
        """Whether vehicles are handed boxes below it, by the ship's side."""
        return self.portal or (self.quay and not self.double_trolley)


STS = CraneParameters(
    "STS", 100, 1.5, 3.0, 0.6, 4.0, 0.8, 0.75, 0.3, 20.0, 122.0, 0.25, (15, 30), 14.0, 0.28, 16.0, 55.0
)
STS_DOUBLE = replace(STS, cycle_mean_s=108.0, double_trolley=True)
STS_TANDEM = replace(STS, tandem_share=0.4)
PORTAL = CraneParameters(
    "PORTAL", 100, 1.2, 2.4, 0.6, 2.0, 0.6, 0.0, 0.3, 16.0, 100.0, 0.2, (10**6, 10**6), 0.0, 0.0, 14.0, 30.0
)
ARMG = CraneParameters(
    "ARMG", 200, 0.7, 1.4, 0.35, 1.2, 0.4, 3.3, 0.35, 15.0, 178.0, 0.25, (1, 1), 120.0, 0.0, 12.0, 30.0
)
RTG = CraneParameters(
    "RTG", 200, 0.38, 0.85, 0.3, 1.1, 0.35, 2.0, 0.25, 15.0, 225.0, 0.3, (4, 12), 60.0, 0.0, 11.0, 40.0
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A terminal to simulate.

    Attributes:
        terminal: its id.
        sts, armg: how many cranes of each kind.
        armg_digits: digits of the yard cranes' numbers.
        lanes_in, lanes_out: gate lanes.
        reefers: plugs.
        trucks_per_h: arrivals on an average hour.
        utc_offset_h: local time, for the peaks of the day.
        text: one line of description.
        rtg: rubber-tyred yard cranes.
        berths: the quay cranes are shared out among them, side by side.
        double_trolley: whether the quay cranes have two trolleys.
        tandem: whether the quay cranes have two spreaders.
        vehicles: trucks without drivers between quay and blocks.
        reefer_troubles: how many times as often as usual power and machinery of reefers fail.
        reefer_stays: how many times as often as usual boxes leave their plugs.
        treatments: reefers under cold treatment at a time, at most.
        cooled_share: reefers that are to stand on a plug; the others carry dry cargo. As many as plugs become free for.
    """

    terminal: str
    sts: int
    armg: int
    armg_digits: int
    lanes_in: int
    lanes_out: int
    reefers: int
    trucks_per_h: float
    utc_offset_h: float
    text: str
    rtg: int = 0
    berths: int = 1
    double_trolley: bool = False
    tandem: bool = False
    vehicles: int = 0
    reefer_troubles: float = 1.0
    reefer_stays: float = 1.0
    cooled_share: float = 0.2
    treatments: int = 0


PRESETS: dict[str, Preset] = {
    "demo": Preset(
        "demo",
        2,
        4,
        1,
        2,
        2,
        50,
        55.0,
        -5.0,
        "2 STS, 4 ARMG, 4 gate lanes, 50 reefers, 6 vehicles: 47 messages a second",
        vehicles=6,
        reefer_troubles=6.0,
        reefer_stays=3.0,
        cooled_share=0.5,
        treatments=5,
    ),
    "chancay": Preset(
        "pechy",
        6,
        15,
        2,
        8,
        8,
        960,
        170.0,
        -5.0,
        "6 STS, 15 ARMG, 16 gate lanes, 960 reefers, 40 vehicles: 185 messages a second",
        berths=2,
        vehicles=40,
        cooled_share=1.0,
        treatments=40,
    ),
    "mixed": Preset(
        "mixed",
        2,
        2,
        1,
        1,
        1,
        20,
        30.0,
        -5.0,
        "2 double-trolley STS, 2 ARMG, 2 RTG, 4 vehicles: every kind of crane",
        rtg=2,
        double_trolley=True,
        vehicles=4,
    ),
    "tandem": Preset(
        "tandem",
        2,
        2,
        1,
        1,
        1,
        20,
        30.0,
        -5.0,
        "2 STS with two spreaders each, 2 ARMG: tandem and quad lifts",
        tandem=True,
    ),
}
"""Chancay: docs/sources.md; its gate lanes are assumed."""
