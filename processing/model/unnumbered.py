"""Samples that their device sends without `seq`: what they hold numbers them.

The same sample, sent or delivered twice, gets the same number, and is stored once. Another one of the same time gets
another number, and is stored beside it, in whatever order, batches or runs of the worker they come. Detectors see
samples of one time as one, as long as no two of them have different values of a signal.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from processing.model.samples import Samples

Hashes = NDArray[np.uint64]


def seqs(samples: Samples) -> NDArray[np.int64]:
    """A number below 0 for each sample, made of its signals, boot and extra keys; shape (n,).

    It depends on names and values alone: not on the order of keys, nor on signals that the stream has beside.
    """
    keys = np.array([_word("", signal.name) for signal in samples.stream.numeric], np.uint64)
    bits = (samples.numbers + 0.0).view(np.uint64)  # -0 is 0
    hashed = np.where(np.isnan(samples.numbers), np.uint64(0), _mixed(bits ^ keys[:, None]))
    total = hashed.sum(axis=0, dtype=np.uint64)
    for name, column in samples.texts.items():
        total += _words(name, column)
    total += _words("boot", samples.boot) + _words("extra", [_sorted(one) for one in samples.extra])
    return np.asarray(-1 - (total >> np.uint64(1)).astype(np.int64))


def _mixed(values: Hashes) -> Hashes:
    """Hashes of numbers. Source: SplitMix64; Steele, Lea, Flood: Fast splittable pseudorandom number generators."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _words(name: str, column: Sequence[object]) -> Hashes:
    """Hashes of texts, or lists of text, 0 where absent."""
    hashed = {value: 0 if value is None else _word(name, value) for value in set(column)}
    return np.array([hashed[value] for value in column], np.uint64)


def _word(name: str, value: object) -> int:
    return int.from_bytes(blake2b(msgspec.json.encode([name, value]), digest_size=8).digest())


def _sorted(extra: bytes | None) -> bytes | None:
    if extra is None:
        return None
    try:
        return msgspec.json.encode(msgspec.json.decode(extra), order="sorted")
    except (msgspec.MsgspecError, OverflowError):  # a number with hundreds of digits: the order of keys counts
        return extra


def merged(samples: Samples, names: Collection[str]) -> Samples:
    """Samples in order, those of one device and time that have no `seq` as one; the last one's number stays.

    Where two have different values of a signal among `names`, which are those that are read, both stay, in their order.
    """
    alike = np.zeros(len(samples), bool)
    alike[1:] = (samples.seq[1:] < 0) & (samples.time_us[1:] == samples.time_us[:-1])
    alike[1:] &= samples.device_id[1:] == samples.device_id[:-1]
    if not alike.any():
        return samples
    whole = replace(samples, numbers=samples.numbers.copy(), texts={n: list(c) for n, c in samples.texts.items()})
    stays = np.ones(len(samples), bool)
    for row in np.flatnonzero(alike).tolist():
        if not _differ(whole, row - 1, row, names):
            _fill(whole, row, row - 1)
            stays[row - 1] = False
    return whole.take(np.flatnonzero(stays))


def _differ(samples: Samples, one: int, other: int, names: Collection[str]) -> bool:
    for name in names:
        values: Sequence[object] | NDArray[np.float64]
        values = samples.number(name) if name in samples.stream.numeric_index else samples.texts[name]
        a, b = values[one], values[other]
        if a != b and not any(value is None or value != value for value in (a, b)):  # noqa: PLR0124 - NaN is absent
            return True
    return False


def _fill(samples: Samples, row: int, other: int) -> None:
    """Give a row what another one has and it has not."""
    numbers = samples.numbers
    numbers[:, row] = np.where(np.isnan(numbers[:, row]), numbers[:, other], numbers[:, row])
    for column in samples.texts.values():
        column[row] = column[other] if column[row] is None else column[row]
