"""The energy behind a value: by quarters of an hour, and by devices."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time, rfc3339_us
from processing.energy.facts import MWH_PER_KWH, Equipment
from processing.energy.grid import MG_PER_KG
from processing.kpi.evidence import QuarterOf, UseOf


class QuarterEnergy(Struct, frozen=True):
    """What the subject took in a quarter of an hour."""

    began_at: Time
    ended_at: Time
    energy_kwh: float
    power_kw: Annotated[float, Meta(description="mean")]
    crane_kwh: Annotated[float | None, Meta(description="of a terminal by kind of equipment; null where there is none")]
    reefer_kwh: float | None
    vehicle_kwh: float | None
    kg_co2_per_kwh: Annotated[float | None, Meta(description="grid factor; null where the site file has none")]


class DeviceEnergy(Struct, frozen=True):
    """What a device took in the window."""

    device: str
    equipment: str
    quarters: Annotated[int, Meta(description="quarters of an hour in which it took anything")]
    energy_kwh: float
    hours: Annotated[float, Meta(description="for how long its consumption is known")]


def quarter_energy(one: QuarterOf) -> QuarterEnergy:
    """The answer about a quarter."""
    energy_kwh = one.energy_mwh / MWH_PER_KWH
    return QuarterEnergy(
        began_at=rfc3339_us(one.began_us),
        ended_at=rfc3339_us(one.ended_us),
        energy_kwh=energy_kwh,
        power_kw=4 * energy_kwh,
        crane_kwh=_part(one, "crane"),
        reefer_kwh=_part(one, "reefer"),
        vehicle_kwh=_part(one, "vehicle"),
        kg_co2_per_kwh=None if one.factor is None else one.factor / MG_PER_KG,
    )


def _part(one: QuarterOf, equipment: Equipment) -> float | None:
    return one.parts_mwh[equipment] / MWH_PER_KWH if equipment in one.parts_mwh else None


def device_energy(one: UseOf, names: dict[int, str]) -> DeviceEnergy:
    """The answer about a device, of those with names."""
    energy_kwh, hours = one.energy_mwh / MWH_PER_KWH, round(one.measured_s / 3_600, 6)
    return DeviceEnergy(names[one.device_id], one.equipment, one.quarters, energy_kwh, hours)
