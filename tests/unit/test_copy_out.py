"""What the server sends in a binary COPY becomes the samples that were stored, whatever each of them holds."""

import struct

import numpy as np
import pytest

from ingest.recompute.copy_out import Layout
from ingest.store.copy_in import HEADER, POSTGRES_EPOCH_US, TRAILER, text_array
from processing.cranes.signals import CRANE
from processing.cranes.tracker import CraneTracker
from processing.gates.signals import GATE
from processing.gates.tracker import GateTracker
from processing.model.signal import Signal
from processing.model.stream import Stream

NAN = float("nan")
AT_US = 1_795_000_000_000_000


def row(device_id: int, time_us: int, seq: int, codes: int, floats: list[float], texts: list[bytes | None]) -> bytes:
    """A row as the server writes it: key, codes, floats, texts, each after its length."""
    fields = [
        struct.pack(">i", device_id),
        struct.pack(">q", time_us - POSTGRES_EPOCH_US),
        struct.pack(">q", seq),
        struct.pack(">q", codes),
        *(struct.pack(">d", value) for value in floats),
        *texts,
    ]
    sent = [struct.pack(">i", -1) if field is None else struct.pack(">i", len(field)) + field for field in fields]
    return struct.pack(">h", len(fields)) + b"".join(sent)


def test_rows_come_in_order_of_device_time_and_seq() -> None:
    layout = Layout(CRANE, ("load_t",))
    rows = [(2, 1, 1, 5.0), (1, 7, 2, 4.0), (1, 7, 1, 3.0), (1, 3, 9, 2.0)]
    data = b"".join(row(device, AT_US + at, seq, 0, [load], []) for device, at, seq, load in rows)
    samples = layout.samples(HEADER + data + TRAILER)
    assert samples.device_id.tolist() == [1, 1, 1, 2]
    assert samples.time_us.tolist() == [AT_US + 3, AT_US + 7, AT_US + 7, AT_US + 1]
    assert samples.seq.tolist() == [9, 1, 2, 1]
    assert samples.number("load_t").tolist() == [2.0, 3.0, 4.0, 5.0]
    assert np.isnan(samples.number("hoist_height_m")).all()


def test_codes_are_taken_apart_and_the_highest_number_is_absent() -> None:
    layout = Layout(CRANE, ("twistlock_locked", "state", "landed"))
    sent = [1 | 3 << 2 | 0 << 5, 0 | 4 << 2 | 1 << 5, 3 | 7 << 2 | 3 << 5]  # bits: 2, 3 (five words), 2
    data = b"".join(row(1, AT_US + at, 0, codes, [], []) for at, codes in enumerate(sent))
    samples = layout.samples(HEADER + data + TRAILER)
    np.testing.assert_array_equal(samples.number("twistlock_locked"), [1, 0, NAN])
    np.testing.assert_array_equal(samples.number("state"), [3, 4, NAN])  # working, fault
    np.testing.assert_array_equal(samples.number("landed"), [0, 1, NAN])


@pytest.mark.parametrize("every", [1, 3, 70, 1_000])
def test_texts_of_any_length_stand_in_any_row(every: int) -> None:
    layout = Layout(CRANE, ("load_t", "container_ids"))
    ids = [("MSKU1234565",) * (at % 3) if at % every == 0 else None for at in range(500)]
    data = b"".join(
        row(1, AT_US - at, 0, 0, [float(at)], [None if sent is None else text_array(sent)])
        for at, sent in enumerate(ids)
    )
    samples = layout.samples(HEADER + data + TRAILER)
    assert samples.number("load_t").tolist() == [float(at) for at in reversed(range(500))]
    assert samples.texts["container_ids"] == list(reversed(ids))


def test_several_texts_in_a_row() -> None:
    layout = Layout(GATE, ("event", "visit_id", "plate", "container_ids"))
    texts = [(b"v1", None, text_array(("MSKU1234565", "x"))), (None, "Ñ-1".encode(), None), (b"", b"B", None)]
    data = b"".join(row(1, AT_US + at, 0, at, [], list(sent)) for at, sent in enumerate(texts))
    samples = layout.samples(HEADER + data + TRAILER)
    assert samples.texts["visit_id"] == ["v1", None, ""]
    assert samples.texts["plate"] == [None, "Ñ-1", "B"]
    assert samples.texts["container_ids"] == [("MSKU1234565", "x"), None, None]
    assert samples.texts["iso_codes"] == [None] * 3


def test_no_rows_are_no_samples() -> None:
    for tracker, stream in ((CraneTracker, CRANE), (GateTracker, GATE)):
        assert len(Layout(stream, tracker.READ).samples(HEADER + TRAILER)) == 0


def test_too_many_codes_for_one_integer_are_a_defect() -> None:
    flags = tuple(Signal(f"s{n}", "", "bool") for n in range(16))
    with pytest.raises(ValueError, match="do not fit"):
        Layout(Stream("many", "many", flags), [flag.name for flag in flags])
