"""Events as DCSA has them: metadata, and a payload unless the event retracts another one.

Only what can be filled in is here. Source: DCSA event domain 3.2 (T&T v3.0.0-Beta-1, Reefer v1.0.0-Beta-1);
`powerStatus`: T&T 3.0.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

EventType = Literal["EQUIPMENT", "REEFER"]
EquipmentCode = Literal["GTIN", "GTOT", "LOAD", "DISC"]
ReeferCode = Literal["MEAS"]
PowerStatus = Literal["POWER_ON", "POWER_OFF", "UNKNOWN"]
PublisherRole = Literal["CA", "AG", "VSP", "SVP"]
_NAMES: Final = {
    "event_id": "eventID",
    "retracted_event_id": "retractedEventID",
    "un_location_code": "UNLocationCode",
    "iso_equipment_code": "ISOEquipmentCode",
}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return _NAMES.get(name, first + "".join(part.title() for part in others))


class Part(Struct, frozen=True, omit_defaults=True, rename=_camel):
    """What documents are made of: fields in DCSA's spelling; what is not known is absent."""


class Publisher(Part, frozen=True):
    """Who sends the event."""

    party_name: str
    carrier_code: str | None = None
    carrier_code_list_provider: Literal["SMDG", "NMFTA"] | None = None


class Metadata(Part, frozen=True):
    """What is not about the business."""

    event_id: str
    event_created_date_time: str
    event_type: EventType
    publisher: Publisher
    publisher_role: PublisherRole
    retracted_event_id: Annotated[
        str | None, Meta(description="event that holds no more; then there is no payload")
    ] = None


class Location(Part, frozen=True):
    """The terminal."""

    location_type: Literal["FACI", "UNLO"]
    location_name: str
    un_location_code: str | None = None
    facility_code: str | None = None
    facility_code_list_provider: Literal["SMDG", "BIC"] | None = None


class Vessel(Part, frozen=True):
    """A ship; its IMO number is not known here."""

    name: str


class TransportCall(Part, frozen=True):
    """The vessel call, or the truck's passage, to which a box belongs."""

    transport_call_reference: str
    mode_of_transport: Literal["VESSEL", "TRUCK"]
    vessel: Vessel | None = None
    licence_plate: str | None = None


class Measurements(Part, frozen=True):
    """What a reefer measured."""

    temperature: Annotated[float | None, Meta(description="return air, else supply air")] = None
    ambient_temperature: float | None = None
    temperature_unit: Literal["CEL"] | None = None
    o2: float | None = None
    co2: float | None = None
    humidity: float | None = None


class Setpoints(Part, frozen=True):
    """What a reefer is set to."""

    temperature: float
    temperature_unit: Annotated[str, Meta(description="CEL")]


class Origin(Part, frozen=True):
    """What this terminal knows beyond the standard."""

    event: Annotated[str, Meta(description="as in the container's timeline, such as excursion_began")]
    device: str
    confidence: Annotated[float, Meta(description="that it happened to this box, 0 to 1")]
    place: str | None = None


class Payload(Part, frozen=True):
    """What happened."""

    event_classifier_code: Annotated[str, Meta(description="ACT: it has happened")]
    event_date_time: Annotated[str, Meta(description="in the terminal's local time, with offset")]
    equipment_reference: str
    quaystream: Annotated[Origin, Meta(description="not of the standard")]
    equipment_event_type_code: EquipmentCode | None = None
    reefer_event_type_code: ReeferCode | None = None
    iso_equipment_code: str | None = None
    empty_indicator_code: Literal["EMPTY", "LADEN"] | None = None
    is_transshipment_move: bool | None = None
    facility_type_code: Literal["POTE"] | None = None
    event_location: Location | None = None
    transport_call: TransportCall | None = None
    measurements: Measurements | None = None
    setpoints: Setpoints | None = None
    power_status: Annotated[PowerStatus | None, Meta(description="of T&T 3.0")] = None


class DcsaEvent(Part, frozen=True):
    """One event of DCSA."""

    metadata: Metadata
    payload: Payload | None = None


def plain(part: Part) -> Any:
    """A part as it reads from JSON."""
    return msgspec.to_builtins(part)
