"""The fact of energy: what a device took from the grid in a quarter of an hour."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, FactKind, Key, Seen

Equipment = Literal["crane", "reefer", "vehicle"]
EQUIPMENT: tuple[Equipment, ...] = get_args(Equipment)
PER_BOX: FactKind = "box_energy"
"""KPIs call so what changes with energy and with boxes."""
ENERGY_KINDS: frozenset[FactKind] = frozenset({"energy", PER_BOX})
"""What KPIs call what is made from energy."""
MWH_PER_KWH = 1_000_000
"""[1e-3 Wh per kWh]"""


@dataclass(frozen=True, slots=True)
class EnergyUse(DeviceFact):
    """What a device took from the grid in a quarter of an hour, where that is not 0. Times in µs since 1970 UTC."""

    device_id: int
    began_us: Annotated[int, "beginning of the quarter, by UTC"]
    ended_us: Annotated[int, "its end"]
    equipment: Annotated[Equipment, "kind of equipment: the stream of the device"]
    energy_kwh: Annotated[float, "to the milliwatt-hour; less than 0 where it fed back more than it took [kWh]"]
    measured_s: Annotated[int, "how long of the quarter its consumption is known; of a vehicle how long it charged [s]"]

    key = Key("device_id", "ended_us")
    seen = Seen("span", "began_us", "ended_us")

    @property
    def energy_mwh(self) -> int:
        """The same in whole numbers. [1e-3 Wh]."""
        return round(self.energy_kwh * MWH_PER_KWH)


ENERGY = FactType("energy_use", "energy_use", EnergyUse)
