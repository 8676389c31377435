"""From events of boxes to events of DCSA: which are sent, under which id, and which are retracted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any, Final, Literal
from uuid import UUID, uuid5

import msgspec

from processing.containers.facts import ContainerEvent, EventName
from processing.containers.tos_report import TOS_REPORT
from processing.dcsa.documents import (
    DcsaEvent,
    EquipmentCode,
    EventType,
    Measurements,
    Metadata,
    Origin,
    Payload,
    PowerStatus,
    Setpoints,
    TransportCall,
    Vessel,
    plain,
)
from processing.dcsa.party import Party
from processing.model.times import from_us

NAMESPACE: Final = UUID("6f1d0a52-5a3e-4c1b-9a57-3c2e7f0b8d41")
"""Of the ids of events; it must never change."""
EQUIPMENT: Final[Mapping[EventName, EquipmentCode]] = {
    "gate_in": "GTIN",
    "gate_out": "GTOT",
    "loaded": "LOAD",
    "discharged": "DISC",
}
"""Moves inside the terminal have no code: PICK and DROP are a haulier's."""
REEFER: Final[frozenset[EventName]] = frozenset({"plugged", "unplugged", "excursion_began", "excursion_ended"})
"""The standard has readings and adjustments only: what happened stands beside the reading of that time."""
UNIT: Literal["CEL"] = "CEL"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reefer reported last before an event; what is None it did not report. [°C, %]."""

    setpoint_degc: float | None = None
    supply_degc: float | None = None
    return_degc: float | None = None
    ambient_degc: float | None = None
    o2_pct: float | None = None
    co2_pct: float | None = None
    humidity_pct: float | None = None
    powered: bool | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside an event.

    Attributes:
        iso_code: size and type of the box.
        empty_indicator: whether it is empty.
        category: which way it goes through the terminal.
        call_id, vessel: the vessel call that it was loaded for or discharged from.
        passage, plate: the truck's passage, and its plate.
        reading: of the reefer.
    """

    iso_code: str | None = None
    empty_indicator: Literal["EMPTY", "LADEN"] | None = None
    category: str | None = None
    call_id: str | None = None
    vessel: str | None = None
    passage: str | None = None
    plate: str | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends events, and when.

    Attributes:
        party: the terminal as DCSA names it.
        offset_us: local time less UTC at the time of the event. [µs]
        created: when events are made, RFC 3339.
    """

    party: Party
    offset_us: int
    created: str


@dataclass(frozen=True, slots=True)
class Last:
    """What was sent last about an event of a box.

    Attributes:
        event_id: of DCSA's event.
        event_type: of it.
        payload: as it reads from JSON; None: it was retracted.
    """

    event_id: str
    event_type: EventType
    payload: Any


def sent(event: ContainerEvent) -> bool:
    """Whether an event is sent: of a number that was read right, seen here, and of a kind that DCSA has.

    The terminal operating system knows what it has stated itself.
    """
    kind = event.event in EQUIPMENT or event.event in REEFER
    return kind and event.check_ok and event.source != TOS_REPORT.name


def event_id(event: ContainerEvent, payload: Payload) -> str:
    """The id of an event: the same whenever the same is stated because of the same fact, else another one."""
    names = "/".join(map(str, (event.terminal, event.container_id, *event.key[1:])))
    return str(uuid5(NAMESPACE, f"{names} {msgspec.json.encode(payload).decode()}"))


def due(
    terminal: str, event: ContainerEvent | None, known: Known, last: Last | None, sender: Sender
) -> list[DcsaEvent]:
    """What has to be sent so that the receiver knows an event as it is now.

    What is stated otherwise than before is retracted, and stated as it is now under another id.

    Args:
        terminal: whose event it is.
        event: as it is now; None: it is none.
        known: beside it.
        last: what was sent last about it; None: nothing.
        sender: who sends.
    """
    now = _event(event, known, sender) if event is not None and sent(event) else None
    stated = None if last is None else last.payload
    if now is not None and now.payload is not None and stated == plain(now.payload):
        return []
    retracted = [] if last is None or stated is None else [_retraction(terminal, last, sender)]
    return retracted + ([] if now is None else [now])


def _event(event: ContainerEvent, known: Known, sender: Sender) -> DcsaEvent:
    kind: EventType = "EQUIPMENT" if event.event in EQUIPMENT else "REEFER"
    party = sender.party
    zone = timezone(timedelta(microseconds=sender.offset_us))
    common: dict[str, Any] = {
        "event_classifier_code": "ACT",
        "event_date_time": from_us(event.time_us).astimezone(zone).isoformat(timespec="milliseconds"),
        "equipment_reference": event.container_id,
        "quaystream": Origin(event.event, event.device, event.confidence, event.place),
    }
    own = _equipment(event, known, party) if kind == "EQUIPMENT" else _reefer(event, known.reading)
    payload = Payload(**common, **own)
    publisher = party.publisher(event.terminal)
    return DcsaEvent(Metadata(event_id(event, payload), sender.created, kind, publisher, party.role), payload)


def _retraction(terminal: str, last: Last, sender: Sender) -> DcsaEvent:
    own_id = str(uuid5(NAMESPACE, f"{last.event_id}/retracted/{sender.created}"))
    party = sender.party
    publisher = party.publisher(terminal)
    return DcsaEvent(Metadata(own_id, sender.created, last.event_type, publisher, party.role, last.event_id))


def _equipment(event: ContainerEvent, known: Known, party: Party) -> dict[str, Any]:
    return {
        "equipment_event_type_code": EQUIPMENT[event.event],
        "iso_equipment_code": known.iso_code,
        "empty_indicator_code": known.empty_indicator,
        "is_transshipment_move": None if known.category is None else known.category == "transshipment",
        "facility_type_code": "POTE",
        "event_location": party.location(event.terminal),
        "transport_call": _transport(known),
    }


def _transport(known: Known) -> TransportCall | None:
    if known.call_id is not None:
        return TransportCall(known.call_id, "VESSEL", None if known.vessel is None else Vessel(known.vessel))
    if known.passage is not None:
        return TransportCall(known.passage, "TRUCK", licence_plate=known.plate)
    return None


def _reefer(event: ContainerEvent, reading: Reading | None) -> dict[str, Any]:
    reading = reading or Reading()
    inside = reading.supply_degc if reading.return_degc is None else reading.return_degc
    unit = None if inside is None and reading.ambient_degc is None else UNIT
    measured = Measurements(inside, reading.ambient_degc, unit, reading.o2_pct, reading.co2_pct, reading.humidity_pct)
    setpoint = reading.setpoint_degc
    return {
        "reefer_event_type_code": "MEAS",
        "measurements": measured,
        "setpoints": None if setpoint is None else Setpoints(setpoint, UNIT),
        "power_status": _power(event, reading),
    }


def _power(event: ContainerEvent, reading: Reading) -> PowerStatus:
    if event.event == "unplugged":
        return "POWER_OFF"
    if reading.powered is None:
        return "UNKNOWN"
    return "POWER_ON" if reading.powered else "POWER_OFF"
