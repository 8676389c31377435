"""Charging sessions of one vehicle."""

from dataclasses import replace

from processing.vehicles.facts import VehicleCharge
from processing.vehicles.segments import Segment

MJ_PER_KWH = 3_600_000_000
"""[1e-3 J per kWh]"""


class ChargeDetector:
    """Follows one vehicle, segment by segment; silence ends a session with the last sample before it.

    Args:
        device_id: the vehicle.
    """

    __slots__ = ("_battery_pct", "_charged_mj", "_dark", "_known", "_last_us", "_open", "device_id")

    def __init__(self, device_id: int) -> None:
        self.device_id = device_id
        self._open: VehicleCharge | None = None
        self._charged_mj = 0
        self._dark = False
        self._battery_pct: float | None = None
        self._last_us = 0
        self._known = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the vehicle's first sample had been seen."""
        return self._known

    @property
    def final_us(self) -> int | None:
        """Sessions that began earlier are final; None: all are. [µs since 1970 UTC]."""
        return None if self._open is None else self._open.began_us

    def feed(self, segment: Segment) -> list[VehicleCharge]:
        """Advance by one segment; of sessions with the same key the last one counts."""
        charges: list[VehicleCharge] = []
        if segment.gap:
            self._end(self._last_us, self._battery_pct, charges)
        self._charged_mj += segment.charge_mj
        self._dark |= segment.dark
        if segment.charging != 1:
            self._end(segment.time_us, segment.battery_pct[0], charges)
        elif self._open is None:
            self._open = VehicleCharge(self.device_id, segment.time_us, None, segment.battery_pct[0], None, None)
            self._charged_mj, self._dark = segment.charge_mj, segment.dark
            charges.append(self._open)
        self._known |= segment.gap or segment.charging != 1
        self._battery_pct, self._last_us = segment.battery_pct[1], segment.last_us
        return charges

    def _end(self, time_us: int, battery_pct: float | None, charges: list[VehicleCharge]) -> None:
        if self._open is not None:
            energy_kwh = None if self._dark else round(self._charged_mj / MJ_PER_KWH, 6)
            charges.append(replace(self._open, ended_us=time_us, battery_to_pct=battery_pct, energy_kwh=energy_kwh))
            self._open = None
