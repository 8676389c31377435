"""The state of all plugs of a terminal, and of what stands on them. Arrays have shape (n,)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulators.containers import REEFER_OWNERS, container_id
from simulators.reefers.parameters import (
    AWAY_MIN,
    CARGOES,
    DEFROST_EVERY_H,
    EMPTY_SHARE,
    INTERVALS_MIN,
    PLUGS_A_RACK,
    RATES,
    RIPPLE_MIN,
    VENDORS,
    WRONG_SETPOINT_MEDIAN_MIN,
    WRONG_SETPOINT_SHARE,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
SETPOINTS_DEGC = np.array([cargo.setpoint_degc for cargo in CARGOES])
SHARES = np.array([cargo.share for cargo in CARGOES])
WARM_K = np.array([cargo.warm_k for cargo in CARGOES])


@dataclass(slots=True)
class Plugs:
    """All plugs.

    Attributes:
        rack: number of the rack, from 0.
        interval_min: time between reports. [min]
        cargo: number in `CARGOES`.
        setpoint_degc, booked_degc: asked for, and booked. [°C]
        plugged: whether a box is there.
        air_degc, pulp_degc: the controlled air, which is supply or return air, and the cargo. [°C]
        supply_k, return_k: distance of supply and return air to the controlled air. [K]
        left_min: minutes left of what befalls a unit, by name; 0: nothing does. [min]
        rack_min: minutes left without power, of each rack. [min]
        wrong_min: minutes until a wrong setpoint is put right. [min]
        alarm_min: minutes left of an alarm without consequence. [min]
        defrost_min, next_defrost_min: minutes left of a defrost, and until the next. [min]
        away_min: minutes until the next box comes. [min]
        drift_k: what the recording probe reads too much in the end. [K]
        ripple_min, phase: of the swing around the setpoint. [min; rad]
        vendor: number in `VENDORS`.
        treated_min: minutes left of a cold treatment, after which the box may leave. [min]
        containers: number of each box.
    """

    rack: IntArray
    interval_min: IntArray
    cargo: IntArray
    setpoint_degc: FloatArray
    booked_degc: FloatArray
    plugged: BoolArray
    air_degc: FloatArray
    pulp_degc: FloatArray
    supply_k: FloatArray
    return_k: FloatArray
    left_min: dict[str, FloatArray]
    rack_min: FloatArray
    wrong_min: FloatArray
    alarm_min: FloatArray
    defrost_min: FloatArray
    next_defrost_min: FloatArray
    away_min: FloatArray
    drift_k: FloatArray
    ripple_min: FloatArray
    phase: FloatArray
    vendor: IntArray
    treated_min: FloatArray
    containers: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rack)

    @property
    def frozen(self) -> BoolArray:
        """Whether return air is controlled, else supply air."""
        return np.asarray(self.setpoint_degc <= -10)

    @property
    def powered(self) -> BoolArray:
        """Whether a plug has power."""
        return np.asarray((self.left_min["power"] <= 0) & (self.rack_min[self.rack] <= 0))

    @property
    def running(self) -> BoolArray:
        """Whether the machinery cools, or defrosts."""
        return np.asarray(self.plugged & self.powered & (self.left_min["cooling"] <= 0))

    @property
    def supply_degc(self) -> FloatArray:
        """Air leaving the unit. [°C]."""
        return np.asarray(self.air_degc + self.supply_k)

    @property
    def return_degc(self) -> FloatArray:
        """Air coming back to it. [°C]."""
        return np.asarray(self.air_degc + self.return_k)


def names(count: int) -> list[str]:
    """Ids of so many plugs: rack, `-`, number in the rack, from 1."""
    per_rack = _per_rack(count)
    return [f"r{n // per_rack + 1:02d}-{n % per_rack + 1:02d}" for n in range(count)]


def _per_rack(count: int) -> int:
    racks = max(1, -(-count // PLUGS_A_RACK))
    return max(1, -(-count // racks))


def plugs(count: int, rng: Generator) -> Plugs:
    """A yard of reefers in their usual state."""
    rack = np.arange(count) // _per_rack(count)
    plugged = rng.random(count) >= EMPTY_SHARE
    made = Plugs(
        rack=rack,
        interval_min=np.array(INTERVALS_MIN)[rack % len(INTERVALS_MIN)],
        cargo=np.zeros(count, np.int64),
        setpoint_degc=np.zeros(count),
        booked_degc=np.zeros(count),
        plugged=plugged,
        air_degc=np.zeros(count),
        pulp_degc=np.zeros(count),
        supply_k=np.zeros(count),
        return_k=np.zeros(count),
        left_min={name: np.zeros(count) for name in RATES},
        rack_min=np.zeros(int(rack.max(initial=0)) + 1),
        wrong_min=np.zeros(count),
        alarm_min=np.zeros(count),
        defrost_min=np.zeros(count),
        next_defrost_min=np.zeros(count),
        away_min=np.where(plugged, 0.0, rng.uniform(*AWAY_MIN, count)),
        drift_k=np.zeros(count),
        ripple_min=np.ones(count),
        phase=np.zeros(count),
        vendor=np.zeros(count, np.int64),
        treated_min=np.zeros(count),
        containers=[""] * count,
    )
    arrive(made, np.arange(count), rng)
    made.air_degc = made.setpoint_degc + rng.normal(0, 0.1, count)
    made.pulp_degc = made.setpoint_degc + rng.uniform(0, 0.3, count)
    return made


def arrive(p: Plugs, at: NDArray[np.intp], rng: Generator) -> None:
    """Other boxes come to these plugs."""
    n = len(at)
    cargo = rng.choice(len(CARGOES), n, p=SHARES)
    wrong = rng.random(n) < WRONG_SETPOINT_SHARE
    off_k = np.round(rng.uniform(2, 8, n)) * rng.choice([-1, 1], n)
    p.cargo[at], p.booked_degc[at] = cargo, SETPOINTS_DEGC[cargo]
    p.setpoint_degc[at] = SETPOINTS_DEGC[cargo] + np.where(wrong, off_k, 0)
    p.wrong_min[at] = np.where(wrong, rng.lognormal(np.log(WRONG_SETPOINT_MEDIAN_MIN), 0.7, n), 0)
    p.pulp_degc[at] = SETPOINTS_DEGC[cargo] + rng.uniform(0.2, 1, n) * WARM_K[cargo]
    p.air_degc[at] = p.pulp_degc[at] + rng.uniform(0, 1, n)
    p.supply_k[at] = p.return_k[at] = 0
    p.next_defrost_min[at] = rng.uniform(60, 60 * DEFROST_EVERY_H[1], n)
    p.defrost_min[at] = p.alarm_min[at] = 0
    p.ripple_min[at], p.phase[at] = rng.uniform(*RIPPLE_MIN, n), rng.uniform(0, 2 * np.pi, n)
    p.vendor[at] = rng.integers(len(VENDORS), size=n)
    for i in at.tolist():
        p.containers[i] = container_id(rng, REEFER_OWNERS)
