"""Facts are made of the signals in `READ` of a tracker alone: when they are recomputed, it gets no others."""

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.samples import Samples, groups
from processing.model.signal import Signal
from processing.streams import BY_NAME, ROWS, StreamRow

AT_US = 1_795_000_000_000_000
SAMPLES, EACH_S = 600, 30
WORDS: tuple[object, ...] = ("x", "MSKU1234565", None)
LISTS: tuple[object, ...] = (("CSQU3054383",), ("MSKU1234565", "CSQU3054383"), None)


def values(signal: Signal, chance: random.Random) -> list[object]:
    """Of a signal in every sample of a device: each holds for a while, some are absent."""
    low, high = max(signal.low, -100.0), min(signal.high, 100.0)
    words: Iterable[object]
    if signal.kind in ("text", "texts"):
        words = signal.values or (WORDS if signal.kind == "text" else LISTS)
    elif signal.kind == "bool":
        words = 0.0, 1.0
    elif signal.kind == "enum":
        words = map(float, range(len(signal.values)))
    elif signal.kind == "int":
        words = map(float, signal.values or range(round(max(low, 0)), 9))
    else:
        words = low, (low + high) / 2, high, max(low, 0.0)
    choices = list(words)
    made: list[object] = []
    while len(made) < SAMPLES:
        made += [chance.choice(choices)] * chance.choice((1, 3, 9))
    return [None if chance.random() < 0.2 else value for value in made[:SAMPLES]]


def some(row: StreamRow) -> Samples:
    """Samples of one device with all signals, half a minute apart."""
    chance = random.Random(7)
    made = {signal.name: values(signal, chance) for signal in row.stream.signals}
    numbers = [[np.nan if one is None else one for one in made[signal.name]] for signal in row.stream.numeric]
    times_us = AT_US + np.arange(SAMPLES, dtype=np.int64) * EACH_S * 1_000_000
    return Samples(
        row.stream,
        np.ones(SAMPLES, np.int32),
        times_us,
        np.zeros(SAMPLES, np.int64),
        times_us,
        np.array(numbers, np.float64),
        {signal.name: made[signal.name] for signal in row.stream.textual},
        [None] * SAMPLES,
        [None] * SAMPLES,
    )


def without(samples: Samples, names: set[str]) -> Samples:
    """The same, these signals left out."""
    numbers = samples.numbers.copy()
    for signal in samples.stream.numeric:
        if signal.name in names:
            numbers[samples.stream.numeric_index[signal.name]] = np.nan
    none: list[object] = [None] * SAMPLES
    texts = {name: none if name in names else column for name, column in samples.texts.items()}
    return replace(samples, numbers=numbers, texts=texts)


def facts(row: StreamRow, samples: Samples) -> list[Fact]:
    """What a new tracker finds."""
    device = Device(1, "demo", row.stream.name, "d1", row.type, AT_US)
    return row.tracker(lambda _: device).feed(samples, *groups(samples))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_signals_that_are_not_in_read_change_no_fact(row: StreamRow) -> None:
    samples = some(row)
    unread = set(row.stream.by_name) - set(row.tracker.READ)
    found = facts(row, samples)
    assert found, f"no fact of {row.stream.name} follows from these values: draw such that one does"
    assert [name for name in unread if facts(row, without(samples, {name})) != found] == []
    assert facts(row, without(samples, unread)) == found


@pytest.mark.parametrize(
    ("stream", "name"), [("crane", "load_t"), ("gate", "plate"), ("reefer", "power_kw"), ("vehicle", "container_ids")]
)
def test_the_samples_show_when_a_signal_is_read(stream: str, name: str) -> None:
    """The control."""
    row = BY_NAME[stream]
    assert name in row.tracker.READ
    assert facts(row, without(some(row), {name})) != facts(row, some(row))
