"""Facts of vehicles: trips, charging sessions."""

from dataclasses import dataclass
from typing import Annotated

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen


@dataclass(frozen=True, slots=True)
class VehicleTrip(DeviceFact):
    """A vehicle's way from where it stood to where it stands next. Times in µs since 1970 UTC."""

    device_id: int
    began_us: Annotated[int, "departure"]
    ended_us: Annotated[int, "arrival: it stands"]
    served_us: Annotated[
        int | None, "when its load was put on or taken off, or it left; NULL while it waits, or unseen"
    ]
    from_zone: str | None
    to_zone: str | None
    from_x_m: float | None
    from_y_m: float | None
    to_x_m: float | None
    to_y_m: float | None
    laden: Annotated[bool | None, "whether it carried a container"]
    distance_m: Annotated[float | None, "NULL where neither positions nor speeds show it [m]"]
    energy_kwh: Annotated[float | None, "NULL where the counter is unknown or restarted [kWh]"]
    container_ids: Annotated[tuple[str, ...], "on it at arrival, as far as known"]

    key = Key("device_id", "began_us")
    seen = Seen("span", "began_us", "ended_us", "trip", ("from_x_m", "from_y_m", "to_x_m", "to_y_m", "container_ids"))


@dataclass(frozen=True, slots=True)
class VehicleCharge(DeviceFact):
    """A charging session of a vehicle's battery. Times in µs since 1970 UTC."""

    device_id: int
    began_us: int
    ended_us: Annotated[int | None, "NULL while it lasts"]
    battery_from_pct: float | None
    battery_to_pct: Annotated[float | None, "NULL while it lasts"]
    energy_kwh: Annotated[float | None, "charged; NULL while it lasts, or where the power is unknown [kWh]"]

    key = Key("device_id", "began_us")
    seen = Seen("span", "began_us", "ended_us", "charge")


TRIP = FactType("vehicle_trip", "vehicle_trip", VehicleTrip)
CHARGE = FactType("vehicle_charge", "vehicle_charge", VehicleCharge)
