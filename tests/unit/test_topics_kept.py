"""What the worker keeps of topics is bounded in bytes; of those that it refuses it keeps nothing."""

import tracemalloc

import pytest

from ingest.decode import assembly
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.source.protocol import Inbound

TOPICS = 3_000


def kept(form: str) -> int:
    """What is kept after messages with so many topics. [bytes]."""
    assembler = Assembler(CODECS)
    assembler.assemble([Inbound("port/t/crane/first/telemetry", b"{}", 1, None, False)])
    tracemalloc.start()
    for number in range(TOPICS):
        assembler.assemble([Inbound(form.format(number), b"{}", 1, None, False)])
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def test_topics_that_are_refused_are_not_kept() -> None:
    assert kept("port/t/crane/" + "x" * 1000 + "{}") < 100_000


def test_topics_of_devices_are_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """3,000 take 2.4 MB."""
    assert kept("port/t/crane/c{}/telemetry") > 1_200_000
    monkeypatch.setattr(assembly, "ROUTES_BYTES", 300_000)
    assert kept("port/t/crane/c{}/telemetry") < 600_000
