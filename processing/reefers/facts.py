"""Facts of reefers: excursions, spans without power, silence, boxes that are plugged in and out."""

from dataclasses import dataclass
from typing import Annotated

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, FactKind, Key, Seen


@dataclass(frozen=True, slots=True)
class ReeferExcursion(DeviceFact):
    """A span in which a box on a plug was out of range for longer than its profile allows."""

    device_id: int
    container_id: str | None
    probe: str
    began_us: int
    ended_us: Annotated[int | None, "null while it lasts"]
    setpoint_degc: float
    worst_degc: Annotated[float, "largest distance from the setpoint, signed [°C]"]

    key = Key("device_id", "probe", "began_us")
    seen = Seen("span", "began_us", "ended_us", "excursion", ("container_id", "setpoint_degc", "worst_degc"))


@dataclass(frozen=True, slots=True)
class ReeferOffPower(DeviceFact):
    """A span in which a box was on a plug without power. Times in µs since 1970 UTC."""

    device_id: int
    container_id: str | None
    began_us: Annotated[int, "first sample without power"]
    ended_us: Annotated[int | None, "first sample with power, or without the box; NULL while it lasts"]

    key = Key("device_id", "began_us")
    seen = Seen("span", "began_us", "ended_us", "off_power", ("container_id",))


@dataclass(frozen=True, slots=True)
class ReeferSilence(DeviceFact):
    """A gap in the reports about a box that is too long to know what was between. Times in µs since 1970 UTC."""

    device_id: int
    container_id: str | None
    began_us: Annotated[int, "last sample before it"]
    ended_us: Annotated[int, "first sample after it"]

    key = Key("device_id", "began_us")
    seen = Seen("span", "began_us", "ended_us", "silence", ("container_id",))


@dataclass(frozen=True, slots=True)
class PlugChange(DeviceFact):
    """A box of which the number is known was plugged in or out: which box a plug holds follows from these alone."""

    device_id: int
    plugged: Annotated[bool, "plugged in; false: out"]
    container_id: str
    time_us: Annotated[int, "first sample with the number on the plug; first one without the box, or with another one"]

    key = Key("device_id", "plugged", "time_us")


REEFER_TIME: FactKind = "reefer_time"
"""What KPIs call that excursions, silence, or boxes on plugs changed: shares of time are made of all three."""
EXCURSION = FactType("reefer_excursion", "reefer_excursion", ReeferExcursion)
OFF_POWER = FactType("reefer_off_power", "reefer_off_power", ReeferOffPower)
SILENCE = FactType("reefer_silence", "reefer_silence", ReeferSilence)
PLUG_CHANGE = FactType("reefer_plug_change", "reefer_plug_change", PlugChange)
