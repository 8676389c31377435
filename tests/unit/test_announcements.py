"""Announcements of expected boxes: what cannot be is refused with every field named, what is odd is flagged."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.clock import from_us
from ingest.decode.protocol import Document
from ingest.decode.rejects import REASONS
from ingest.store.documents import rows
from processing.containers.announcement import Announcement, identify, problems, read, remarks
from processing.documents import BY_NAME, BY_TOPIC, ROWS
from processing.model.document import DocumentKind
from processing.model.errors import DocumentError
from processing.model.fact_type import FactType
from processing.model.facts import Announced, Key
from processing.model.reading import EXAMPLE, record
from processing.streams import STREAMS
from tests.unit.test_refusals import NOW_US, understood

TOPIC = "port/pechy/container/MSKU9070323/announcement"
SIX_US = 1_795_413_600_000_000
"""2026-11-23T06:00:00Z."""
WHOLE: dict[str, Any] = {
    "iso_code": "45r1",
    "category": "export",
    "empty_indicator": "LADEN",
    "line": "MSK",
    "call_in": "b1-001",
    "vessel_in": "ANDEAN STAR",
    "call_out": "b2-007",
    "vessel_out": "QUAY PIONEER",
    "gross_weight_kg": 31_250,
    "reefer_setpoint_degc": -0.5,
    "reefer_cargo": "blueberries",
    "un_numbers": ["UN1263", "3082"],
    "imdg_classes": ["3", "9", "2.1", "1.4S"],
    "appointment": "A-4711",
    "expected_at": "2026-11-23T01:00:00-05:00",
}
EXPECTED = Announcement(
    "pechy",
    "MSKU9070323",
    "45R1",
    "export",
    "LADEN",
    "MSK",
    "b1-001",
    "ANDEAN STAR",
    "b2-007",
    "QUAY PIONEER",
    31_250.0,
    -0.5,
    "blueberries",
    ("1263", "3082"),
    ("3", "9", "2.1", "1.4S"),
    "A-4711",
    SIX_US,
)
UNKNOWN: Any = [*[None] * 11, (), (), None, None]
NOTHING = Announcement("pechy", "MSKU9070323", *UNKNOWN)


def announced(number: str = "MSKU9070323", **fields: Any) -> Announcement:
    return read("pechy", number, fields)


def test_an_announcement_is_read() -> None:
    assert read("pechy", "MSKU9070323", WHOLE) == EXPECTED
    assert (problems(EXPECTED), remarks(WHOLE)) == ([], [])


@pytest.mark.parametrize("payload", [{}, dict.fromkeys(WHOLE)])
def test_everything_may_be_left_out(payload: dict[str, Any]) -> None:
    assert read("pechy", "MSKU9070323", payload) == NOTHING


def test_every_problem_is_reported_with_its_field() -> None:
    payload = {
        "iso_code": 45,
        "category": "Import",
        "empty_indicator": "full",
        "call_in": "Call 1",
        "vessel_in": "",
        "gross_weight_kg": -1,
        "reefer_setpoint_degc": "-18",
        "un_numbers": ["126"],
        "imdg_classes": "3",
        "expected_at": "2026-11-23T06:00:00",
    }
    with pytest.raises(DocumentError) as error:
        read("pechy", "MSKU9070323", payload)
    assert error.value.problems == (
        "iso_code: 45 must be a size-type code such as 45R1",
        "category: 'Import' must be one of import, export, transshipment, storage",
        "empty_indicator: 'full' must be one of EMPTY, LADEN",
        "call_in: 'Call 1' must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case",
        "vessel_in: '' must be text of 1 to 256 characters",
        "gross_weight_kg: -1 must be a number from 0 to 100000",
        "reefer_setpoint_degc: '-18' must be a number from -80 to 40",
        "un_numbers: '126' must be a UN number of four digits, as text, such as 1263",
        "imdg_classes: '3' must be a list of at most 64",
        f"expected_at: 2026-11-23T06:00:00 has no offset from UTC; write {EXAMPLE}",
    )


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            announced("CSQU3054384"),
            "container_id: CSQU3054384 fails ISO 6346: the check digit of CSQU305438 is 3, not 4",
        ),
        (announced("TANK01"), "container_id: TANK01 is no container number: 3 letters, then U, J or Z, then 7 digits"),
        (announced(iso_code="99X9"), "iso_code: 99X9: length '9' and type 'X9' not known"),
        (announced(iso_code="45G1", reefer_setpoint_degc=-18), "reefer_setpoint_degc, reefer_cargo: 45G1 is no reefer"),
        (
            announced(empty_indicator="EMPTY", gross_weight_kg=21_000.5),
            "gross_weight_kg: 21000.5 kg is too heavy for an empty box",
        ),
        (
            announced(empty_indicator="EMPTY", reefer_cargo="fish"),
            "reefer_setpoint_degc, reefer_cargo: an empty box has no cargo to cool",
        ),
        (announced(call_in="c1", call_out="c1"), "call_out: c1 is the call that brings it"),
    ],
)
def test_what_is_odd_is_flagged(one: Announcement, expected: str) -> None:
    assert problems(one) == [expected]


def test_keys_that_mean_nothing_are_remarked_on() -> None:
    assert remarks({"categry": "import", "line": "MSK"}) == ["categry: this key means nothing here; it is kept"]


@pytest.mark.parametrize("text", ["msku 907032-3", "MSKU9070323", "MSKU907032/3"])
def test_ids_are_normalised(text: str) -> None:
    assert identify(text) == "MSKU9070323"


@pytest.mark.parametrize("text", ["", "MSK", "MSKU90703*3", "MSKÜ9070323", "M" * 18])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be 4 to 17 letters and digits, such as MSKU9070323"):
        identify(text)


def test_an_announcement_is_kept_as_sent() -> None:
    sent = WHOLE | {"booking": "B-17"}
    (document,) = understood(sent, "port/pechy/container/msku-907032-3/announcement")[0].documents
    assert (document.content, json.loads(document.payload or "")) == (EXPECTED, sent)
    assert (document.address.kind, document.address.device) == ("announcement", "MSKU9070323")


def test_an_empty_message_withdraws() -> None:
    (document,) = understood(b"", TOPIC)[0].documents
    assert (document.content, document.payload, document.address.device) == (None, None, "MSKU9070323")


def test_a_refused_one_names_every_field() -> None:
    done, _ = understood({"gross_weight_kg": "heavy", "category": "x"}, TOPIC)
    ((reason, detail),) = [(reject.reason, reject.detail) for reject in done.rejects]
    assert (reason, done.documents) == ("bad_announcement", [])
    assert detail == (
        "category: 'x' must be one of import, export, transshipment, storage; "
        "gross_weight_kg: 'heavy' must be a number from 0 to 100000"
    )


@dataclass(frozen=True, slots=True)
class Release(Announced):
    """A document with a field that must be there."""

    terminal: str
    container_id: str
    by: str
    ready_us: int | None

    key = Key("terminal", "container_id")


def test_a_field_that_must_be_there_is_missed() -> None:
    of, key = FactType("release", "release", Release), ("pechy", "MSKU9070323")
    assert record(of, key, {"by": "MSK"}, {}) == Release("pechy", "MSKU9070323", "MSK", None)
    for payload, problem in (
        ({"by": None}, "by: is missing"),
        ({"by": 5}, "by: 5 must be text of 1 to 256 characters"),
    ):
        with pytest.raises(DocumentError) as error:
            record(of, key, payload, {})
        assert error.value.problems == (problem,)


def document(number: str, payload: dict[str, Any] | None) -> Document:
    """As it is decoded."""
    raw = b"" if payload is None else json.dumps(payload).encode()
    (found,) = understood(raw, f"port/pechy/container/{number}/announcement")[0].documents
    return found


def test_of_documents_about_the_same_the_last_one_is_written() -> None:
    batch = [
        document("MSKU9070323", {"line": "A"}),
        document("CSQU3054383", None),
        document("msku9070323", {"line": "B"}),
    ]
    found = rows([*batch, document("APZU4812090", {}), document("APZU4812090", None)])
    assert found["announcement_withdrawn"] == [("pechy", "APZU4812090"), ("pechy", "CSQU3054383")]
    (row,) = found["announcement_stored"]
    assert (row[:2], row[5], row[-2:]) == (("pechy", "MSKU9070323"), "B", ('{"line": "B"}', from_us(NOW_US)))


@given(
    st.lists(st.tuples(st.sampled_from(["CSQU3054383", "MSKU9070323"]), st.sampled_from([None, "A", "B"])), max_size=8),
    st.data(),
)
def test_any_batch_split_leaves_the_same(sent: list[tuple[str, str | None]], data: st.DataObject) -> None:
    """Rows written batch by batch leave what the last message about each box announces."""
    cut = data.draw(st.integers(0, len(sent)))
    table: dict[str, str] = {}
    for part in (sent[:cut], sent[cut:], sent[cut:]):
        found = rows([document(number, None if line is None else {"line": line}) for number, line in part])
        for row in found.get("announcement_withdrawn", ()):
            table.pop(row[1], None)
        table.update((row[1], row[5]) for row in found.get("announcement_stored", ()))
    assert table == {number: line for number, line in dict(sent).items() if line is not None}


def test_calls_have_statements_of_their_own() -> None:
    (call,) = understood({}, "port/pechy/vessel/c1/call")[0].documents
    assert rows([call]) == {}


def test_no_two_kinds_of_documents_get_mixed_up() -> None:
    assert len(BY_NAME) == len(BY_TOPIC) == len({row.reason for row in ROWS}) == len(ROWS)
    assert not BY_NAME.keys() & {"telemetry", "status"}


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.name)
def test_a_kind_is_read_off_its_own_topic_and_off_no_stream(kind: DocumentKind) -> None:
    (found,) = understood(b"", kind.topic("pechy", "x123"))[0].documents
    assert found.address.kind == kind.name
    assert (kind.family not in STREAMS, kind.reason in REASONS) == (True, True)
