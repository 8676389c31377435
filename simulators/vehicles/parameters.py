"""Parameters of driverless electric trucks. Published figures were not found: all of them are assumed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VehicleParameters:
    """How a vehicle drives, and what it takes.

    Attributes:
        period_ms: time between samples. [ms]
        cruise_mps: lowest and highest speed of a drive. [m/s]
        near_mps: speed of short moves below a crane. [m/s]
        acceleration_mps2: of both ramps. [m/s²]
        empty_t, box_t: mass without and of a box. [t]
        rolling: resistance as a share of the weight.
        efficiency: of the drive train.
        aux_kw: computers, sensors and cooling, always. [kW]
        battery_kwh: usable. [kWh]
        low_share, full_share: charge below which it goes to a charger, and at which it leaves.
        charger_kw: [kW]
        vehicles_a_charger: as many share one.
        plug_s: from standing at the charger to charging. [s]
        service_median_s, service_sigma: a yard crane serves it at a block, lognormal. [s]
        stop_share, stop_s: drives with a stop in traffic, and how long it is. [s]
        fault_share, fault_median_s: drives with a breakdown, and how long it is, lognormal. [s]
        start_s: from knowing where to go to moving. [s]
        noise_m, noise_mps: of position and speed while it moves. [m; m/s]
    """

    period_ms: int = 1_000
    cruise_mps: tuple[float, float] = (5.0, 6.0)
    near_mps: float = 2.5
    acceleration_mps2: float = 0.5
    empty_t: float = 16.0
    box_t: float = 18.0
    rolling: float = 0.012
    efficiency: float = 0.85
    aux_kw: float = 4.0
    battery_kwh: float = 280.0
    low_share: float = 0.3
    full_share: float = 0.9
    charger_kw: float = 150.0
    vehicles_a_charger: int = 5
    plug_s: float = 20.0
    service_median_s: float = 75.0
    service_sigma: float = 0.4
    stop_share: float = 0.25
    stop_s: tuple[float, float] = (4.0, 40.0)
    fault_share: float = 0.002
    fault_median_s: float = 420.0
    start_s: tuple[float, float] = (3.0, 6.0)
    noise_m: float = 0.02
    noise_mps: float = 0.02


TRUCK = VehicleParameters()
