"""Samples from binary COPY rows, without Python per value: the counterpart of `copy_rows`.

The server leaves no number NULL (`'NaN'` instead) and packs what has few values into one integer, so the numbers of all
rows stand at the same places, whatever a sample holds. Texts come last; rows that follow one another nearly always have
the same lengths there, and are taken together.
Source: PostgreSQL, COPY, binary format; fields are big-endian, each after its 4-byte length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infra.sql import blocks
from ingest.store.copy_in import HEADER, POSTGRES_EPOCH_US, TRAILER
from processing.model.samples import Samples
from processing.model.signal import Signal
from processing.model.stream import Stream

SQL = blocks(__file__, "copy_out.sql")
KEYS = (("device_id", ">i4"), ("time", ">i8"), ("seq", ">i8"))
FEW = 64
"""So many rows are looked at together after one with other lengths, twice as many each time all were alike."""


@dataclass(frozen=True, slots=True)
class _Code:
    """A signal with few values: its bits in the packed integer; the highest number that fits stands for absent."""

    signal: Signal
    shift: int
    bits: int

    @property
    def absent(self) -> int:
        return (1 << self.bits) - 1


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows of the same length, one after the other: where the first begins, how many, and the lengths of its texts."""

    at: int
    count: int
    stride: int
    texts: tuple[int, ...]


class Layout:
    """How the server is asked for some signals of a stream, and how its answer is read.

    Args:
        stream: the stream.
        names: signals that are read; the others are absent from the samples.

    Attributes:
        columns: select list of the COPY's query.
    """

    def __init__(self, stream: Stream, names: Sequence[str]) -> None:
        signals = [stream.by_name[name] for name in names]
        self.stream = stream
        self._codes = _packed([signal for signal in signals if signal.kind in ("bool", "enum")])
        self._floats = [signal for signal in signals if signal.kind in ("float", "int")]
        self._texts = [signal for signal in signals if not signal.numeric]
        fields = [*KEYS, ("codes", ">i8"), *((signal.name, ">f8") for signal in self._floats)]
        parts: list[tuple[str, str]] = [("fields", ">i2")]
        for name, form in fields:
            parts += [(f"length of {name}", ">i4"), (name, form)]
        self._head = np.dtype(parts)
        packed = [SQL["shifted"].format(code=_coded(code), shift=code.shift) for code in self._codes]
        self.columns = ", ".join(
            [
                "device_id, time, seq",
                SQL["packed"].format(codes=" | ".join(packed) or "0"),
                *(SQL["number"].format(column=signal.name) for signal in self._floats),
                *(signal.name for signal in self._texts),
            ]
        )

    def about(self, size: int) -> int:
        """About how many rows so many bytes hold: 0 where it is none, never too few."""
        return -(-(size - len(HEADER) - len(TRAILER)) // self._head.itemsize)

    def samples(self, data: bytes) -> Samples:
        """The samples of one COPY, in order of device, time and seq.

        Args:
            data: all of it, with header and trailer.
        """
        runs = list(self._runs(data))
        rows = self._heads(data, runs)
        order = _order(rows)
        device_id, time_us, seq = (rows[name][order].astype(form[1:]) for name, form in KEYS)
        time_us += POSTGRES_EPOCH_US
        n = len(rows)
        return Samples(
            self.stream,
            device_id,
            time_us,
            seq,
            time_us,
            self._numbers(rows, order),
            self._words(data, runs, order),
            [None] * n,
            [None] * n,
        )

    def _numbers(self, rows: NDArray[Any], order: NDArray[np.intp]) -> NDArray[np.float64]:
        numbers = np.full((len(self.stream.numeric), len(rows)), np.nan)
        index = self.stream.numeric_index
        for signal in self._floats:
            numbers[index[signal.name]] = rows[signal.name][order]
        codes = rows["codes"][order].astype(np.int64)
        for code in self._codes:
            meaning = np.arange(code.absent + 1, dtype=np.float64)
            meaning[code.absent] = np.nan
            numbers[index[code.signal.name]] = meaning[codes >> code.shift & code.absent]
        return numbers

    def _runs(self, data: bytes) -> Iterator[_Run]:
        at, end, most = len(HEADER), len(data) - len(TRAILER), FEW
        while at < end:
            texts, stride = self._lengths(data, at)
            most = min(most, (end - at) // stride)
            count = self._alike(data, _Run(at, most, stride, texts)) if texts else (end - at) // stride
            yield _Run(at, count, stride, texts)
            at += count * stride
            most = 2 * most if count == most else FEW

    def _lengths(self, data: bytes, at: int) -> tuple[tuple[int, ...], int]:
        """Lengths of the texts of a row, -1 is NULL, and that of the row."""
        place, texts = at + self._head.itemsize, []
        for _ in self._texts:
            length = int.from_bytes(data[place : place + 4], signed=True)
            texts.append(length)
            place += 4 + max(length, 0)
        return tuple(texts), place - at

    def _alike(self, data: bytes, run: _Run) -> int:
        """How many of the rows have texts of the same lengths as the first; at least one."""
        differs = np.zeros(run.count, bool)
        place = self._head.itemsize
        for length in run.texts:
            lengths: NDArray[np.int32] = np.ndarray((run.count,), ">i4", data, run.at + place, (run.stride,))
            differs |= lengths != length
            place += 4 + max(length, 0)
        first = int(differs.argmax())
        return first if differs[first] else run.count

    def _heads(self, data: bytes, runs: list[_Run]) -> NDArray[Any]:
        """Keys and numbers of all rows."""
        size = self._head.itemsize
        heads = np.empty((sum(run.count for run in runs), size), np.uint8)
        at = 0
        for run in runs:
            heads[at : at + run.count] = np.ndarray((run.count, size), np.uint8, data, run.at, (run.stride, 1))
            at += run.count
        return heads.view(self._head)[:, 0]

    def _words(self, data: bytes, runs: list[_Run], order: NDArray[np.intp]) -> dict[str, list[object]]:
        n = len(order)
        found: dict[str, list[object]] = {signal.name: [None] * n for signal in self.stream.textual}
        place = [self._head.itemsize] * len(runs)
        for nth, signal in enumerate(self._texts):
            words: list[object] = []
            for i, run in enumerate(runs):
                length = run.texts[nth]
                words += _texts(data, run, place[i] + 4, length, signal) if length >= 0 else [None] * run.count
                place[i] += 4 + max(length, 0)
            if words.count(None) < n:
                found[signal.name] = [words[row] for row in order.tolist()]
        return found


def _packed(signals: list[Signal]) -> list[_Code]:
    codes, shift = [], 0
    for signal in signals:
        values = 2 if signal.kind == "bool" else len(signal.values)
        codes.append(_Code(signal, shift, values.bit_length()))
        shift += values.bit_length()
    if shift > 31:
        raise ValueError(f"codes of {', '.join(signal.name for signal in signals)} do not fit into one integer")
    return codes


def _coded(code: _Code) -> str:
    """The expression of a signal's code."""
    if code.signal.kind == "bool":
        return SQL["flag"].format(column=code.signal.name, absent=code.absent)
    cases = " ".join(SQL["case"].format(word=word, code=n) for n, word in enumerate(code.signal.values))
    return SQL["word"].format(column=code.signal.name, cases=cases, absent=code.absent)


def _order(rows: NDArray[Any]) -> NDArray[np.intp]:
    """Order of the rows by device, time and seq."""
    return np.lexsort((rows["seq"].astype(np.int64), rows["time"].astype(np.int64), rows["device_id"].astype(np.int32)))


def _texts(data: bytes, run: _Run, place: int, length: int, signal: Signal) -> list[object]:
    begins = range(run.at + place, run.at + place + run.count * run.stride, run.stride)
    plain = signal.kind == "text"
    return [data[at : at + length].decode() if plain else _array(data[at : at + length]) for at in begins]


def _array(data: bytes) -> tuple[str, ...]:
    """A text[] of one dimension or none. Source: PostgreSQL, array_send."""
    items, at = [], 20
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        items.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return tuple(items)
