"""Samples whose values cannot be true together."""

from collections import Counter

from ingest.decode.address import Address
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.protocol import Inbound
from processing.streams import STREAMS

NOW_US = 1_795_000_000_000_000


def counted(stream: str, *samples: str) -> Counter[tuple[int, str]]:
    """By device and signals, how many of these samples of one device are counted; none is left out."""
    topic = f"port/demo/{stream}/d1/telemetry"
    sent = [Inbound(topic, b'{"ts": 1795000000000, %s}' % one.encode(), NOW_US, None, False) for one in samples]
    done = Assembler(CODECS).assemble(sent)
    ids = {Address("telemetry", "demo", stream, "d1"): 7}
    checked = to_columns(STREAMS[stream], done.streams[stream], ids, NOW_US, Limits(30, 60))
    assert (len(checked.samples), done.rejects, checked.rejects) == (len(samples), [], [])
    return checked.contradictory


def test_a_plug_that_reports_two_things_is_counted_by_its_signals() -> None:
    """Free and drawing, without power and running; what a modem draws, or a plug with power and no box, is none."""
    assert counted(
        "reefer",
        '"plugged": false, "powered": true, "power_kw": 0.2',
        '"plugged": false, "power_kw": 3.1',
        '"plugged": false, "power_kw": 0.3, "compressor_on": true',
        '"powered": false, "compressor_on": true',
        '"power_kw": 3.1, "compressor_on": true',
        '"plugged": true, "powered": true, "power_kw": 3.1, "compressor_on": true',
    ) == {(7, "plugged, power_kw"): 2, (7, "plugged, compressor_on"): 1, (7, "powered, compressor_on"): 1}


def test_twistlocks_are_not_locked_and_unlocked() -> None:
    """Neither, or one that is not reported, is no contradiction."""
    assert counted(
        "crane",
        '"twistlock_locked": true, "twistlock_unlocked": true',
        '"twistlock_locked": false, "twistlock_unlocked": false',
        '"twistlock_locked": true',
    ) == {(7, "twistlock_locked, twistlock_unlocked"): 1}


def test_contradictions_are_of_the_stream_s_own_numbers() -> None:
    """Each names two signals at least, none twice."""
    for stream in STREAMS.values():
        for one in stream.contradictions:
            names = [signal for signal, _, _ in one.ranges]
            assert len(names) == len(set(names)) >= 2
            assert set(names) <= set(stream.numeric_index)
