"""Samples without seq: the same one is one, another one of the same time is merged with it or stands beside it."""

import json
from hashlib import blake2b
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.protocol import Inbound
from processing.cranes.signals import CRANE
from processing.engine import Engine
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.samples import Samples, joined
from processing.model.unnumbered import merged
from processing.site.configuration import Sites

NOW_US = 1_800_000_000_000_000
READ = ("hoist_height_m", "load_t", "landed", "container_ids")


def columns(*payloads: dict[str, Any]) -> Samples:
    """Samples as the worker makes them, in order of arrival, at the clock's time unless they have one."""
    messages = [
        Inbound("port/t/crane/sts1/telemetry", json.dumps({"ts": NOW_US // 1000} | one).encode(), NOW_US, None, False)
        for one in payloads
    ]
    rows = Assembler(CODECS).assemble(messages).streams["crane"]
    ids = dict.fromkeys(rows.addresses, 1)
    return to_columns(CRANE, rows, ids, NOW_US, Limits(30, 300)).samples


def held(samples: Samples) -> list[dict[str, Any]]:
    """What each sample holds."""
    names = [signal.name for signal in CRANE.signals if signal.numeric]
    return [
        {name: float(samples.number(name)[i]) for name in names if not np.isnan(samples.number(name)[i])}
        | {name: column[i] for name, column in samples.texts.items() if column[i] is not None}
        for i in range(len(samples))
    ]


def seq(payload: dict[str, Any]) -> int:
    """The number of a sample."""
    return int(columns(payload).seq[0])


def test_what_a_sample_holds_numbers_it() -> None:
    assert seq({"load_t": 1.5, "landed": True}) == seq({"landed": True, "load_t": 1.5}) < 0
    assert seq({"load_t": 1}) == seq({"load_t": 1.0})
    assert seq({"load_t": 0}) == seq({"load_t": -0.0})
    assert seq({"load_t": 1e9, "landed": True}) == seq({"landed": True})  # out of range is not stored
    assert seq({"x": 1, "y": {"b": 1, "a": 2}}) == seq({"y": {"a": 2, "b": 1}, "x": 1})
    different: list[dict[str, Any]] = [
        {},
        {"load_t": 1.5},
        {"hoist_height_m": 1.5},
        {"load_t": 1.5, "hoist_height_m": 2.5},
        {"load_t": 2.5, "hoist_height_m": 1.5},
        {"load_t": 1.5, "boot": "a"},
        {"container_ids": ["A", "B"]},
        {"container_ids": ["AB"]},
        {"container_ids": ["B", "A"]},
        {"x": 1},
        {"x": 2},
        {"x": 10**290},
        {"x": 10**290 + 1},
        {"landed": True},
        {"twin": True},
        {"landed": False},
        {"state": "idle"},
    ]
    assert len({seq(one) for one in different}) == len(different)


def test_these_numbers_never_change() -> None:
    """What was stored before an update is found after it: by hand, with other code."""
    assert seq({}) == -1
    mask = 2**64 - 1
    key = int.from_bytes(blake2b(b'["","load_t"]', digest_size=8).digest())
    x = 0x3FF8000000000000 ^ key  # 1.5
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & mask
    assert seq({"load_t": 1.5}) == -1 - ((x ^ x >> 31) >> 1)


def test_seqs_that_are_sent_stay() -> None:
    assert columns({"seq": 0, "load_t": 1}, {"seq": 7}, {"load_t": 1}).seq.tolist()[:2] == [0, 7]


def test_parts_of_one_time_are_one() -> None:
    parts = columns(
        {"load_t": 1.5}, {"hoist_height_m": 20}, {"container_ids": ["MSKU1"]}, {"load_t": 1.5, "landed": False}
    )
    assert held(merged(parts.in_order(), READ)) == [
        {"hoist_height_m": 20.0, "load_t": 1.5, "landed": 0.0, "container_ids": ("MSKU1",)}
    ]


def test_different_values_stay_beside_each_other() -> None:
    both = merged(columns({"load_t": 1.5}, {"load_t": 2.5}).in_order(), READ)
    assert sorted(one["load_t"] for one in held(both)) == [1.5, 2.5]
    texts = merged(columns({"container_ids": ["A"]}, {"container_ids": ["B"]}).in_order(), READ)
    assert len(texts) == 2


def test_what_nobody_reads_keeps_nothing_apart() -> None:
    """Detectors that get their samples from the database do not get it."""
    assert len(merged(columns({"wind_speed_mps": 1, "load_t": 2}, {"wind_speed_mps": 3}).in_order(), READ)) == 1


def test_samples_with_a_seq_are_not_merged() -> None:
    assert len(merged(columns({"seq": 1, "load_t": 1}, {"seq": 2, "landed": True}).in_order(), READ)) == 2


def test_other_times_and_devices_are_not_merged() -> None:
    later = NOW_US // 1000 + 1
    assert len(merged(columns({"load_t": 1}, {"ts": later, "landed": True}).in_order(), READ)) == 2
    one, other = columns({"load_t": 1}), columns({"landed": True})
    other.device_id[:] = 2
    assert len(merged(joined(CRANE, [one, other]).in_order(), READ)) == 2


PARTS = st.fixed_dictionaries(
    {"ts": st.integers(NOW_US // 1000 - 2, NOW_US // 1000)},
    optional={
        "load_t": st.sampled_from([1.0, 2.0]),
        "hoist_height_m": st.sampled_from([10.0, 20.0]),
        "landed": st.booleans(),
        "container_ids": st.sampled_from([["A"], ["B"]]),
        "seq": st.integers(0, 2),
    },
)


@given(st.lists(PARTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same(parts: list[dict[str, Any]], random: Any) -> None:
    once = [one for n, one in enumerate(parts) if one not in parts[:n] and (one.get("seq") is None)]
    again = [*once, *random.choices(once, k=3)] if once else []
    random.shuffle(again)
    if once:
        expected, found = columns(*once).in_order(), columns(*again).in_order()
        assert found.seq.tolist() == expected.seq.tolist()
        assert held(found) == held(expected)
        assert held(merged(found, READ)) == held(merged(expected, READ))


def facts(*batches: Samples) -> tuple[list[Fact], list[bool]]:
    """What an engine finds, and which samples it did not take because they are behind."""
    engine = Engine(Sites())
    engine.register(Device(1, "t", "crane", "sts1", "STS", first_us=NOW_US))
    found: list[Fact] = []
    late: list[bool] = []
    for batch in batches:
        behind = engine.watermarks.behind(batch)
        late += behind.tolist()
        found += engine.feed(batch.take(np.flatnonzero(~behind)), NOW_US)
    return found, late


def test_the_rest_of_a_time_that_comes_later_is_behind() -> None:
    """Its facts are recomputed from all of the time, whichever part came first."""
    one, other = columns({"load_t": 1}), columns({"landed": True})
    assert facts(one, other)[1] == facts(other, one)[1] == [False, True]
