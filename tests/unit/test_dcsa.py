"""Events of boxes in the form of DCSA: what is sent, updated and retracted."""

from dataclasses import replace
from typing import Any
from uuid import uuid5

import pytest

from infra.site_file.reader import SiteError, read
from processing.containers.facts import ContainerEvent
from processing.dcsa.documents import DcsaEvent, plain
from processing.dcsa.events import NAMESPACE, Known, Last, Reading, Sender, due, sent
from processing.dcsa.party import Party
from processing.model.times import HOUR_US

AT_US = 1_763_906_400_250_000  # 2025-11-23T14:00:00.250Z
BOX, OTHER = "CSQU3054383", "MSKU9070323"
GATE_IN = ContainerEvent(
    "pechy", "gate_transaction", "in1", "gate_in", 0, AT_US, BOX, AT_US, "gate", "in1", 0.99, True, BOX
)
PLUGGED = replace(GATE_IN, source="reefer_plug_change", device="r1-01", event="plugged", stream="reefer", place="r1-01")
PARTY = Party("Pechy Terminal", "SVP", "PCHY", "SMDG", "PECHY", "PCT", "SMDG")
SENDER = Sender(PARTY, -5 * HOUR_US, "2025-11-23T14:00:01.000Z")
LATER = replace(SENDER, created="2025-11-23T15:00:00.000Z")
KEYS = "name, code, un_location, facility, role, code_list, facility_list"
WRONG = 'code = "TOO LONG"\nun_location = "Lima"\nrole = "SMD"\nplace = 1\n'
GATE_NAME = "pechy/CSQU3054383/gate_transaction/in1/gate_in/0/1763906400250000"
STATED = (
    '{"eventClassifierCode":"ACT","eventDateTime":"2025-11-23T09:00:00.250-05:00","equipmentReference":"CSQU3054383",'
    '"quaystream":{"event":"gate_in","device":"in1","confidence":0.99,"place":"%s"},"equipmentEventTypeCode":"GTIN",'
    '"facilityTypeCode":"POTE","eventLocation":{"locationType":"FACI","locationName":"Pechy Terminal",'
    '"UNLocationCode":"PECHY","facilityCode":"PCT","facilityCodeListProvider":"SMDG"}}'
)
"""What is stated of it, with the lane as its place."""
GATE_ID, OTHER_LANE_ID = (str(uuid5(NAMESPACE, f"{GATE_NAME} {STATED % lane}")) for lane in ("in1", "in2"))


def shown(events: list[DcsaEvent]) -> list[Any]:
    return [plain(one) for one in events]


def last_of(event: DcsaEvent) -> Last:
    payload = None if event.payload is None else plain(event.payload)
    return Last(event.metadata.retracted_event_id or event.metadata.event_id, event.metadata.event_type, payload)


def test_a_gate_passage() -> None:
    known = Known("45R1", "LADEN", "transshipment", passage="in1/4711", plate="ABC123")
    (found,) = shown(due("pechy", GATE_IN, known, None, SENDER))
    assert [found] == [
        {
            "metadata": {
                "eventID": found["metadata"]["eventID"],
                "eventCreatedDateTime": "2025-11-23T14:00:01.000Z",
                "eventType": "EQUIPMENT",
                "publisher": {
                    "partyName": "Pechy Terminal",
                    "carrierCode": "PCHY",
                    "carrierCodeListProvider": "SMDG",
                },
                "publisherRole": "SVP",
            },
            "payload": {
                "eventClassifierCode": "ACT",
                "eventDateTime": "2025-11-23T09:00:00.250-05:00",
                "equipmentReference": BOX,
                "quaystream": {"event": "gate_in", "device": "in1", "confidence": 0.99, "place": "in1"},
                "equipmentEventTypeCode": "GTIN",
                "ISOEquipmentCode": "45R1",
                "emptyIndicatorCode": "LADEN",
                "isTransshipmentMove": True,
                "facilityTypeCode": "POTE",
                "eventLocation": {
                    "locationType": "FACI",
                    "locationName": "Pechy Terminal",
                    "UNLocationCode": "PECHY",
                    "facilityCode": "PCT",
                    "facilityCodeListProvider": "SMDG",
                },
                "transportCall": {
                    "transportCallReference": "in1/4711",
                    "modeOfTransport": "TRUCK",
                    "licencePlate": "ABC123",
                },
            },
        }
    ]


@pytest.mark.parametrize(
    ("event", "code"), [("gate_in", "GTIN"), ("gate_out", "GTOT"), ("loaded", "LOAD"), ("discharged", "DISC")]
)
def test_codes_of_moves(event: Any, code: str) -> None:
    known = Known(call_id="b1-007", vessel="ANDEAN STAR")
    (found,) = shown(due("pechy", replace(GATE_IN, event=event), known, None, replace(SENDER, party=Party())))
    assert found["payload"]["equipmentEventTypeCode"] == code
    assert found["payload"]["transportCall"] == {
        "transportCallReference": "b1-007",
        "modeOfTransport": "VESSEL",
        "vessel": {"name": "ANDEAN STAR"},
    }
    assert "eventLocation" not in found["payload"]  # the terminal has no code
    assert found["metadata"]["publisher"] == {"partyName": "pechy"}


def test_readings_of_a_reefer() -> None:
    reading = Reading(-18.0, -17.5, -16.9, 24.0, None, None, 61.0, powered=True)
    (found,) = shown(due("pechy", PLUGGED, Known(reading=reading), None, SENDER))
    assert found["metadata"]["eventType"] == "REEFER"
    assert found["payload"] == {
        "eventClassifierCode": "ACT",
        "eventDateTime": "2025-11-23T09:00:00.250-05:00",
        "equipmentReference": BOX,
        "quaystream": {"event": "plugged", "device": "r1-01", "confidence": 0.99, "place": "r1-01"},
        "reeferEventTypeCode": "MEAS",
        "measurements": {"temperature": -16.9, "ambientTemperature": 24.0, "temperatureUnit": "CEL", "humidity": 61.0},
        "setpoints": {"temperature": -18.0, "temperatureUnit": "CEL"},
        "powerStatus": "POWER_ON",
    }
    unplugged = replace(PLUGGED, event="unplugged")
    (found,) = shown(due("pechy", unplugged, Known(reading=reading), None, SENDER))
    assert found["payload"]["powerStatus"] == "POWER_OFF"
    (found,) = shown(due("pechy", replace(PLUGGED, event="excursion_began"), Known(), None, SENDER))
    assert (found["payload"]["measurements"], found["payload"]["powerStatus"]) == ({}, "UNKNOWN")


@pytest.mark.parametrize(
    "event",
    [
        replace(GATE_IN, check_ok=False),  # of which box it is, nobody knows
        replace(GATE_IN, event="picked"),  # moves inside the terminal have no code
        replace(GATE_IN, event="treatment_done"),
        replace(GATE_IN, source="tos_report"),  # the terminal operating system knows what it has stated
    ],
)
def test_what_is_not_sent(event: ContainerEvent) -> None:
    assert not sent(event)
    assert due("pechy", event, Known(), None, SENDER) == []


def test_an_event_is_sent_once_corrected_and_retracted() -> None:
    (first,) = due("pechy", GATE_IN, Known(), None, SENDER)
    assert first.metadata.event_id == GATE_ID
    assert due("pechy", GATE_IN, Known(), last_of(first), LATER) == []

    correction, update = due("pechy", replace(GATE_IN, place="in2"), Known(), last_of(first), LATER)
    assert (correction.payload, correction.metadata.retracted_event_id) == (None, GATE_ID)
    assert (update.metadata.event_id, update.metadata.event_created_date_time) == (OTHER_LANE_ID, LATER.created)
    assert due("pechy", GATE_IN, Known(), last_of(update), SENDER)[1] == first  # as it was stated at first

    (retraction,) = due("pechy", None, Known(), last_of(first), LATER)
    assert plain(retraction) == {
        "metadata": {
            "eventID": retraction.metadata.event_id,
            "eventCreatedDateTime": LATER.created,
            "eventType": "EQUIPMENT",
            "publisher": plain(PARTY.publisher("pechy")),
            "publisherRole": "SVP",
            "retractedEventID": GATE_ID,
        }
    }
    assert retraction.metadata.event_id != GATE_ID
    assert due("pechy", None, Known(), last_of(retraction), LATER) == []
    assert due("pechy", None, Known(), None, LATER) == []
    assert due("pechy", GATE_IN, Known(), last_of(retraction), SENDER) == [first]  # it holds again


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [
        (GATE_IN, Known(), Known(iso_code="45R1")),
        (GATE_IN, Known(empty_indicator="LADEN"), Known(empty_indicator="EMPTY")),
        (GATE_IN, Known(category="import"), Known(category="transshipment")),
        (GATE_IN, Known(passage="in1/1", plate="A1"), Known(passage="in1/1", plate="A7")),
        (replace(GATE_IN, event="loaded"), Known(call_id="b1-007"), Known(call_id="b1-007", vessel="ANDEAN STAR")),
        (replace(GATE_IN, event="loaded"), Known(call_id="b1-007"), Known()),
        (PLUGGED, Known(), Known(reading=Reading(powered=True))),
    ],
)
def test_what_becomes_known_later_is_a_retraction_and_another_event(
    event: ContainerEvent, before: Known, after: Known
) -> None:
    """Whenever the same is known the event has the same id."""
    (first,) = due("pechy", event, before, None, SENDER)
    retraction, second = due("pechy", event, after, last_of(first), LATER)
    assert (retraction.payload, retraction.metadata.retracted_event_id) == (None, first.metadata.event_id)
    assert second.metadata.event_id != first.metadata.event_id
    assert due("pechy", event, before, last_of(second), LATER)[1].metadata.event_id == first.metadata.event_id
    assert due("pechy", event, after, None, SENDER)[0].metadata.event_id == second.metadata.event_id


def test_a_number_that_was_misread_is_retracted_and_sent_for_the_right_box() -> None:
    (first,) = due("pechy", GATE_IN, Known(), None, SENDER)
    right = replace(GATE_IN, container_id=OTHER)
    retraction, other = due("pechy", right, Known(), last_of(first), LATER)
    assert retraction.metadata.retracted_event_id == GATE_ID
    assert other.payload is not None
    assert other.payload.equipment_reference == OTHER
    assert other.metadata.event_id not in (GATE_ID, OTHER_LANE_ID)
    wrong = replace(GATE_IN, container_id="CSQU3054384", check_ok=False)
    (retraction,) = due("pechy", wrong, Known(), last_of(first), LATER)
    assert retraction.metadata.retracted_event_id == GATE_ID


def test_the_party_of_a_terminal_stands_in_the_site_file() -> None:
    text = """[default.dcsa]
role = "VSP"
[terminal.pechy.dcsa]
name = "Pechy Terminal"
code = "PCHY"
code_list = "SMDG"
un_location = "PECHY"
facility = "PCT"
facility_list = "SMDG"
"""
    sites = read(text, "site.toml")
    assert (sites.of("pechy").party, sites.of("demo").party) == (PARTY, Party(role="VSP"))
    assert sites.of("demo").party.location("demo") is None
    with pytest.raises(SiteError) as error:
        read('[terminal.pechy.dcsa]\ncode = "TOO LONG"\nun_location = "Lima"\nrole = "SMD"\nplace = 1\n', "site.toml")
    problems = str(error.value).split("\n  ")[1:]
    assert problems == [
        "site.toml, line 2: terminal.pechy.dcsa.code: 'TOO LONG' must be 1 to 4 characters without blanks",
        "site.toml, line 2: terminal.pechy.dcsa.code: code and code_list stand together",
        "site.toml, line 3: terminal.pechy.dcsa.un_location: 'Lima' must be a UN/LOCODE of 5 characters, such as PECHY",
        "site.toml, line 4: terminal.pechy.dcsa.role: 'SMD' is not known; known are CA, AG, VSP, SVP",
        f"site.toml, line 5: terminal.pechy.dcsa.place: this key is not known here; known are {KEYS}",
    ]
