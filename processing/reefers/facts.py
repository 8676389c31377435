"""Facts of reefers: excursions."""

from dataclasses import dataclass
from typing import Annotated

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen


@dataclass(frozen=True, slots=True)
class ReeferExcursion(DeviceFact):
    """A span in which a reefer was out of range for longer than its profile allows."""

    device_id: int
    container_id: str | None
    probe: str
    began_us: int
    ended_us: Annotated[int | None, "null while it lasts"]
    setpoint_degc: float
    worst_degc: Annotated[float, "largest distance from the setpoint, signed [°C]"]

    key = Key("device_id", "probe", "began_us")
    seen = Seen("span", "began_us", "ended_us", "excursion", ("container_id", "setpoint_degc", "worst_degc"))


EXCURSION = FactType("reefer_excursion", "reefer_excursion", ReeferExcursion)
