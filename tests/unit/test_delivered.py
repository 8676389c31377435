"""Which seqs are here, and what is acknowledged of them."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.worker.receipts import MOST_MISSING, MOST_RANGES, Delivered, Ranges, Receipt
from processing.model.samples import Samples, empty, groups
from processing.streams import STREAMS
from tests.length import length

Sent = tuple[int, str | None, int]
"""Device id, boot, seq."""


def batch(rows: list[Sent]) -> Samples:
    """Samples in order of device and arrival."""
    rows = sorted(rows, key=lambda row: row[0])
    samples = empty(STREAMS["crane"])
    samples.device_id = np.array([row[0] for row in rows], np.int32)
    samples.time_us = np.arange(len(rows))
    samples.boot = [row[1] for row in rows]
    samples.seq = np.array([row[2] for row in rows], np.int64)
    return samples


def add(delivered: Delivered, rows: list[Sent]) -> dict[int, int]:
    """Take in a batch."""
    samples = batch(rows)
    return delivered.add(samples, *groups(samples))


def test_a_device_that_goes_on_is_acknowledged_from_its_first_to_its_last() -> None:
    delivered = Delivered()
    assert add(delivered, [(1, "a", 5), (1, "a", 6), (2, "z", 1)]) == {}
    assert add(delivered, [(1, "a", 7), (2, "z", 2)]) == {}
    assert sorted(delivered.receipts(), key=lambda r: r.device_id) == [Receipt(1, "a", 5, 7), Receipt(2, "z", 1, 2)]
    assert delivered.receipts() == [], "nothing new since"


def test_ranges_beyond_a_hole_are_acknowledged_apart_until_it_is_filled() -> None:
    delivered = Delivered()
    assert add(delivered, [(1, "a", 1), (1, "a", 2), (1, "a", 5), (1, "a", 6)]) == {1: 2}
    assert delivered.receipts() == [Receipt(1, "a", 1, 2), Receipt(1, "a", 5, 6)]
    assert add(delivered, [(1, "a", 7)]) == {}
    assert delivered.receipts() == [Receipt(1, "a", 5, 7)]
    assert add(delivered, [(1, "a", 4), (1, "a", 3)]) == {1: -2}
    assert delivered.receipts() == [Receipt(1, "a", 1, 7)]


def test_what_goes_on_after_something_odd_is_acknowledged_with_it() -> None:
    delivered = Delivered()
    add(delivered, [(1, "a", 1), (1, "a", 2)])
    add(delivered, [(1, "a", 1)])
    add(delivered, [(1, "a", 3)])
    assert delivered.receipts() == [Receipt(1, "a", 1, 3)]


def test_a_sample_sent_again_is_acknowledged_again() -> None:
    delivered = Delivered()
    add(delivered, [(1, "a", 1), (1, "a", 2)])
    delivered.receipts()
    assert add(delivered, [(1, "a", 1)]) == {}
    assert delivered.receipts() == [Receipt(1, "a", 1, 2)], "its sender has not heard of it yet"


def test_a_new_boot_starts_its_own_count_and_the_old_one_can_still_be_completed() -> None:
    delivered = Delivered()
    add(delivered, [(1, "a", 1), (1, "a", 3)])
    assert add(delivered, [(1, "b", 1), (1, "b", 2)]) == {}
    assert set(delivered.receipts()) == {Receipt(1, "a", 1, 1), Receipt(1, "a", 3, 3), Receipt(1, "b", 1, 2)}
    assert add(delivered, [(1, "a", 2)]) == {1: -1}
    assert set(delivered.receipts()) == {Receipt(1, "a", 1, 3)}
    add(delivered, [(1, "b", 3)])
    assert set(delivered.receipts()) == {Receipt(1, "b", 1, 3)}


def test_quarantined_samples_count_and_samples_without_seq_do_not() -> None:
    delivered = Delivered()
    add(delivered, [(1, "a", 1), (2, None, 0), (2, None, 0)])
    delivered.add_one(1, "a", 2)
    assert delivered.receipts() == [Receipt(1, "a", 1, 2)]


@settings(max_examples=length(100, 2_000))
@given(seed=st.integers(0, 2**32))
def test_receipts_are_those_of_plain_sets(seed: int) -> None:
    """Any devices, boots, orders and batches; the expectation is made with sets."""
    random_ = random.Random(seed)
    delivered, seen = Delivered(), dict[tuple[int, str | None], set[int]]()
    missing = 0
    for _ in range(random_.randint(1, 8)):
        rows: list[Sent] = []
        for _ in range(random_.randint(1, 12)):
            device_id, boot = random_.randint(1, 3), random_.choice(["a", "b", None])
            start = random_.randint(1, 12)
            rows += [(device_id, boot, seq) for seq in range(start, start + random_.randint(1, 4))]
        missing += sum(add(delivered, rows).values())
        for device_id, boot, seq in rows:
            seen.setdefault((device_id, boot), set()).add(seq)
        expected = {Receipt(device_id, boot, *_around(seq, seen[device_id, boot])) for device_id, boot, seq in rows}
        assert set(delivered.receipts()) == expected
    assert missing == sum(max(s) - min(s) + 1 - len(s) for s in seen.values())


def _around(seq: int, seqs: set[int]) -> tuple[int, int]:
    """The longest run of a set that a member is in."""
    first = last = seq
    while first - 1 in seqs:
        first -= 1
    while last + 1 in seqs:
        last += 1
    return first, last


def test_ranges_are_bounded() -> None:
    ranges = Ranges()
    for n in range(3 * MOST_RANGES):
        ranges.add(2 * n, 2 * n)
    assert len(ranges.ends) == MOST_RANGES
    assert ranges.ends[-1] == (6 * MOST_RANGES - 2, 6 * MOST_RANGES - 2)


def test_what_a_jump_counts_as_missing_is_bounded() -> None:
    """The sum over boots must stay within the database's integers."""
    delivered = Delivered()
    boots = [f"b{n:03}" for n in range(100)]
    added = sum(add(delivered, [(1, boot, 1), (1, boot, 2**63 - 1)]).get(1, 0) for boot in boots)
    assert added == 100 * MOST_MISSING < 2**63
    assert add(delivered, [(1, "b000", 2)]) == {}, "a hole is counted as one until it is smaller than that"
