"""What the WebSocket sends: one Struct per frame; the field `type` distinguishes them."""

from msgspec import Struct

from api.alarms.answers import Alarm
from api.devices.answers import Device, Latest
from api.excursions.answers import Excursion
from api.health.answers import Readiness
from api.http.rows import Time
from api.kpis.answers import KpiValue
from api.moves.answers import Move
from api.visits.answers import Visit


class Frame(Struct, frozen=True, tag_field="type"):
    """Any frame."""


class Snapshot(Frame, frozen=True, tag="snapshot"):
    """Everything a page needs to start; a later one replaces everything."""

    terminal: str
    now: Time
    kpis: list[KpiValue]
    devices: list[Device]
    latest: list[Latest]
    moves: list[Move]
    quarantine_total: int


class KpiFrame(Frame, frozen=True, tag="kpi"):
    """KPI values that changed, at most five frames a second."""

    values: list[KpiValue]


class LatestFrame(Frame, frozen=True, tag="latest"):
    """Devices with a new sample: those that move each second, others each five."""

    latest: list[Latest]


class MovesFrame(Frame, frozen=True, tag="moves"):
    """Crane moves not sent before, or changed since."""

    moves: list[Move]


class VisitsFrame(Frame, frozen=True, tag="visits"):
    """Truck visits not sent before, or completed since."""

    visits: list[Visit]


class ExcursionsFrame(Frame, frozen=True, tag="excursions"):
    """Excursions that began or ended."""

    excursions: list[Excursion]


class AlarmsFrame(Frame, frozen=True, tag="alarms"):
    """Alarms that were raised or cleared, or about which somebody did something; ids of active ones that are none."""

    alarms: list[Alarm]
    retracted: list[str]


class HealthFrame(Frame, frozen=True, tag="health"):
    """Devices whose counters or state changed, each two seconds."""

    devices: list[Device]
    quarantine_total: int
    ready: Readiness


LiveFrame = Snapshot | KpiFrame | LatestFrame | MovesFrame | VisitsFrame | ExcursionsFrame | AlarmsFrame | HealthFrame
