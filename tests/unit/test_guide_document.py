"""The document of docs/guides/add-a-document.md goes the way that the guide describes."""

from typing import Any

import pytest

from infra.clock import from_us
from ingest.store import documents
from processing.containers import announcement
from processing.documents import BY_NAME, BY_TOPIC
from processing.model.document import DocumentKind
from tests.guides import blocks, module
from tests.unit.test_refusals import NOW_US, understood

RECORD, ROW = blocks("add-a-document")
release: Any = module("release", RECORD)
TOPIC = "port/pechy/container/msku-907032-3/release"
SIX_US = 1_795_413_600_000_000
"""2026-11-23T06:00:00Z."""


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> DocumentKind:
    """The row, in the registry."""
    source = "row = " + ROW
    made: Any = module("document_row", source, DocumentKind=DocumentKind, announcement=announcement, release=release)
    kind: DocumentKind = made.row
    monkeypatch.setitem(BY_TOPIC, ("container", "release"), kind)
    monkeypatch.setitem(BY_NAME, "release", kind)
    monkeypatch.setitem(documents.STORED, "release", release.RELEASE)
    return kind


def test_a_release_is_read_and_written(row: DocumentKind) -> None:
    assert row.topic("pechy", "MSKU9070323") == "port/pechy/container/MSKU9070323/release"
    sent = {"collector": "Transportes Sur", "ends_at": "2026-11-23T06:00:00Z"}
    (found,) = understood(sent, TOPIC)[0].documents
    assert found.content == release.Release("pechy", "MSKU9070323", "Transportes Sur", None, SIX_US)
    columns = ("pechy", "MSKU9070323", "Transportes Sur", None, from_us(SIX_US))
    assert documents.rows([found]) == {
        "release_stored": [(*columns, found.payload, from_us(NOW_US))],
        "document_topic": [("release", "pechy", "MSKU9070323", TOPIC)],
    }


def test_an_empty_one_withdraws() -> None:
    assert documents.rows(understood(b"", TOPIC)[0].documents) == {
        "release_withdrawn": [("pechy", "MSKU9070323")],
        "document_topic_cleared": [("release", "pechy", "MSKU9070323", TOPIC)],
    }


def test_a_wrong_one_is_refused_with_every_field() -> None:
    done, _ = understood({"deposit_usd": -1}, TOPIC)
    assert [(reject.reason, reject.detail) for reject in done.rejects] == [
        ("bad_release", "collector: is missing; deposit_usd: -1 must be a number from 0 to 100000")
    ]
