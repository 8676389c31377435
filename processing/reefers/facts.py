"""Facts of reefers: excursions."""

from dataclasses import dataclass

from processing.model.facts import DeviceFact


@dataclass(frozen=True, slots=True)
class ReeferExcursion(DeviceFact):
    """A span in which a reefer was out of range for longer than its delay; key: device, probe and beginning.

    `worst_degc` is the largest distance from the setpoint, signed; `ended_us` is None while it lasts.
    """

    device_id: int
    probe: str
    began_us: int
    ended_us: int | None
    container_id: str | None
    setpoint_degc: float
    worst_degc: float

    @property
    def key(self) -> tuple[int, str, int]:
        """Natural key."""
        return self.device_id, self.probe, self.began_us
