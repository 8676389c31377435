"""Samples as columns: what codecs make and detectors read."""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from processing.model.carry import group_starts
from processing.model.stream import Stream

T = TypeVar("T")


@dataclass(slots=True)
class Samples:
    """Samples of one stream; row i of every column belongs together.

    Attributes:
        stream: whose signals these are.
        device_id: shape (n,), int32.
        time_us: event time, shape (n,). [µs since 1970 UTC]
        seq: shape (n,); below 0 where the device sends none, see `unnumbered`.
        received_us: when the worker read the message, shape (n,). [µs since 1970 UTC]
        numbers: shape (number of `stream.numeric`, n), float64, NaN is absent.
        texts: for each of `stream.textual` a list of n: text, tuple of text, or None.
        boot: n, the device's counter generation or None.
        extra: n, JSON object of keys that are no signals, or None.
    """

    stream: Stream
    device_id: NDArray[np.int32]
    time_us: NDArray[np.int64]
    seq: NDArray[np.int64]
    received_us: NDArray[np.int64]
    numbers: NDArray[np.float64]
    texts: dict[str, list[object]] = field(default_factory=dict)
    boot: list[str | None] = field(default_factory=list)
    extra: list[bytes | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.time_us)

    def number(self, name: str) -> NDArray[np.float64]:
        """The column of one numeric signal, shape (n,), NaN is absent."""
        return np.asarray(self.numbers[self.stream.numeric_index[name]])

    def take(self, rows: NDArray[np.intp]) -> "Samples":
        """The same samples, only these rows, in this order."""
        listed = rows.tolist()
        return Samples(
            self.stream,
            self.device_id[rows],
            self.time_us[rows],
            self.seq[rows],
            self.received_us[rows],
            self.numbers.take(rows, axis=1),
            {name: _take(column, listed) for name, column in self.texts.items()},
            _take(self.boot, listed),
            _take(self.extra, listed),
        )

    def between(self, first: int, end: int) -> "Samples":
        """The same samples from a row on up to another one, which is not among them."""
        rows = slice(first, end)
        return Samples(
            self.stream,
            self.device_id[rows].copy(),
            self.time_us[rows].copy(),
            self.seq[rows].copy(),
            self.received_us[rows].copy(),
            self.numbers[:, rows].copy(),
            {name: column[rows] for name, column in self.texts.items()},
            self.boot[rows],
            self.extra[rows],
        )

    def in_order(self) -> "Samples":
        """Sorted by device, time and seq, each (device, time, seq) once: the first one received stays."""
        order = np.lexsort((self.seq, self.time_us, self.device_id))
        device, time, seq = self.device_id[order], self.time_us[order], self.seq[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (device[1:] != device[:-1]) | (time[1:] != time[:-1]) | (seq[1:] != seq[:-1])
        return self.take(order[fresh])


def _take(column: list[T], rows: list[int]) -> list[T]:
    """A column's values at these rows; most columns hold one value only, nearly always None."""
    if column and column.count(column[0]) == len(column):
        return column[:1] * len(rows)
    return [column[i] for i in rows]


def groups(samples: Samples) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last row of each device; the rows of a device stand together."""
    starts = group_starts(samples.device_id)
    ends = np.empty_like(starts)
    ends[:-1] = starts[1:] - 1
    ends[-1:] = len(samples) - 1
    return starts, ends


def empty(stream: Stream) -> Samples:
    """No samples of a stream."""
    return Samples(
        stream,
        np.empty(0, np.int32),
        np.empty(0, np.int64),
        np.empty(0, np.int64),
        np.empty(0, np.int64),
        np.empty((len(stream.numeric), 0)),
        {signal.name: [] for signal in stream.textual},
    )


def joined(stream: Stream, parts: list[Samples]) -> Samples:
    """Samples of one stream, one part after the other."""
    if not parts:
        return empty(stream)
    return Samples(
        stream,
        device_id=np.concatenate([part.device_id for part in parts]),
        time_us=np.concatenate([part.time_us for part in parts]),
        seq=np.concatenate([part.seq for part in parts]),
        received_us=np.concatenate([part.received_us for part in parts]),
        numbers=np.concatenate([part.numbers for part in parts], axis=1),
        texts={name: [value for part in parts for value in part.texts[name]] for name in parts[0].texts},
        boot=[boot for part in parts for boot in part.boot],
        extra=[extra for part in parts for extra in part.extra],
    )
