"""Binary COPY rows straight from columns, without Python per value.

Rows that have the same fields with the same lengths have the same layout: they are one structured array, whose dtype is
the layout, filled column by column. A batch of periodic samples has few layouts. One of samples that hold few signals
each has many: its rows are laid out at the greatest width of every field, and a mask drops what a row does not have.
Texts are few distinct words in a batch (boot ids, states), so they go through a table of their encodings.
Source: PostgreSQL, COPY, binary format; fields are big-endian, each after its 4-byte length.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing.model.samples import Samples
from processing.model.signal import Signal

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
POSTGRES_EPOCH_US = 946_684_800_000_000
TEXT_OID = 25
WIDE_BYTES = 256
"""Rows with longer texts are laid out one by one, or a single long text would widen every row."""
ROWS_PER_LAYOUT = 50
"""With fewer rows of a layout than this on average, the mask is faster. Measured."""
NULL = -1
_Rows = NDArray[np.intp] | slice


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A column of numbers; `used` is the length of each row's field, or of all; NULL where absent."""

    values: NDArray[Any]
    form: str
    used: NDArray[np.int32] | int

    def typed(self, _used: int) -> str:
        """Dtype of a field of this length."""
        return self.form

    def at(self, rows: _Rows, _used: int) -> NDArray[Any]:
        """Values of rows whose field has this length."""
        return self.values[rows]

    def padded(self) -> NDArray[np.uint8]:
        """Bytes of all rows, shape (n, width)."""
        packed = np.ascontiguousarray(self.values.astype(self.form))
        return packed.view(np.uint8).reshape(len(packed), packed.itemsize)


@dataclass(frozen=True, slots=True)
class _Words:
    """A column of few distinct words; `codes` of shape (n,) point at them, None is NULL."""

    words: list[bytes | None]
    codes: NDArray[np.intp]
    used: NDArray[np.int32] | int

    def typed(self, used: int) -> str:
        """Dtype of a field of this length."""
        return f"V{used}"

    def at(self, rows: _Rows, used: int) -> NDArray[Any]:
        """Words of rows whose field has this length."""
        table = b"".join(word if word is not None and len(word) == used else bytes(used) for word in self.words)
        return np.frombuffer(table, f"V{used}")[self.codes[rows]]

    def padded(self) -> NDArray[np.uint8]:
        """Bytes of all rows, shape (n, width)."""
        width = max((len(word or b"") for word in self.words), default=0)
        table = np.frombuffer(b"".join((word or b"").ljust(width, b"\0") for word in self.words), np.uint8)
        return table.reshape(len(self.words), width)[self.codes]


_Field = _Numbers | _Words


def column_names(samples: Samples) -> list[str]:
    """Columns of the stream's table in the order in which `encode` writes them."""
    return ["time", "device_id", "seq", "received_at", "boot", *(s.name for s in samples.stream.signals), "extra"]


def encode(samples: Samples) -> bytes:
    """The rows as one binary COPY stream."""
    if not len(samples):
        return HEADER + TRAILER
    wide = sorted(_wide(samples))
    if not wide:
        return HEADER + _block(samples) + TRAILER
    narrow = np.setdiff1d(np.arange(len(samples)), wide)
    parts = [_block(samples.take(narrow))] if len(narrow) else []
    parts += [_block(samples.take(np.array([i]))) for i in wide]
    return HEADER + b"".join(parts) + TRAILER


def _wide(samples: Samples) -> set[int]:
    """Rows with a long text. Asked of the distinct words first: nearly always there are few, and none is long."""
    found: set[int] = set()
    columns: list[Sequence[object]] = [samples.extra, samples.boot, *samples.texts.values()]
    for column in columns:
        long = {word for word in set(column) if _length(word) > WIDE_BYTES}
        if long:
            found |= {i for i, word in enumerate(column) if word in long}
    return found


def _length(value: object) -> int:
    if isinstance(value, tuple):
        return sum(8 + len(item) for item in value)
    return len(value) if isinstance(value, str | bytes) else 0


def _block(samples: Samples) -> bytes | bytearray:
    fields: list[_Field] = [
        _Numbers(samples.time_us - POSTGRES_EPOCH_US, ">i8", 8),
        _Numbers(samples.device_id, ">i4", 4),
        _Numbers(samples.seq, ">i8", 8),
        _Numbers(samples.received_us - POSTGRES_EPOCH_US, ">i8", 8),
        _words(samples.boot),
        *_signals(samples),
        _words(_jsonb(samples.extra)),
    ]
    n = len(samples)
    layout = _layouts(fields, n)
    if not layout.any():
        return _same_layout(fields, slice(None), n, 0)
    order = np.argsort(layout, kind="stable")
    ordered = layout[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    if len(first) * ROWS_PER_LAYOUT > n:
        return _by_mask(fields, n)
    ends = np.append(first[1:], n)
    groups = [order[begin:end] for begin, end in zip(first.tolist(), ends.tolist(), strict=True)]
    return b"".join(_same_layout(fields, rows, len(rows), int(rows[0])) for rows in groups)


def _jsonb(extra: list[bytes | None]) -> Sequence[bytes | None]:
    """JSON texts with the version in front that PostgreSQL's jsonb takes."""
    if extra.count(None) == len(extra):
        return extra
    return [None if value is None else b"\x01" + value for value in extra]


def _layouts(fields: list[_Field], n: int) -> NDArray[np.int64]:
    """A number for every row, the same where all fields have the same lengths; 0 for all where all rows have."""
    layout = np.zeros(n, np.int64)
    kinds = 1
    for field in fields:
        used = field.used
        if isinstance(used, int):
            continue
        low, high = int(used.min()), int(used.max())
        if low == high:
            continue
        if kinds > 2**40:
            names, layout = np.unique(layout, return_inverse=True)
            kinds = len(names)
        span = high - low + 1
        layout = layout * span + (used - low)
        kinds *= span
    return layout


def _same_layout(fields: list[_Field], rows: _Rows, n: int, sample: int) -> bytearray:
    """Rows that have the same fields with the same lengths, those of row `sample`."""
    used = [field.used if isinstance(field.used, int) else int(field.used[sample]) for field in fields]
    forms = tuple(
        (length, field.typed(length) if length > 0 else "") for length, field in zip(used, fields, strict=True)
    )
    dtype, template = _layout(forms)
    out = np.frombuffer(raw := template * n, dtype)
    for i, (field, length) in enumerate(zip(fields, used, strict=True)):
        if length > 0:
            out[f"d{i}"] = field.at(rows, length)
    return raw


@lru_cache(maxsize=512)
def _layout(forms: tuple[tuple[int, str], ...]) -> tuple[np.dtype[Any], bytearray]:
    """The dtype of a row, and the bytes of one that holds the number of fields and their lengths already."""
    parts: list[tuple[str, str]] = [("count", ">i2")]
    for i, (length, form) in enumerate(forms):
        parts.append((f"l{i}", ">i4"))
        if length > 0:
            parts.append((f"d{i}", form))
    dtype = np.dtype(parts)
    template = np.zeros((), dtype)
    template["count"] = len(forms)
    for i, (length, _) in enumerate(forms):
        template[f"l{i}"] = length
    return dtype, bytearray(template.tobytes())


def _by_mask(fields: list[_Field], n: int) -> bytes:
    """Rows at the greatest width of every field, without what a row does not have."""
    matrices = [field.padded() for field in fields]
    width = 2 + sum(4 + matrix.shape[1] for matrix in matrices)
    rows = np.empty((n, width), np.uint8)
    keep = np.empty((n, width), bool)
    rows[:, :2] = np.frombuffer(struct.pack(">h", len(fields)), np.uint8)
    keep[:, :2] = True
    at = 2
    for field, matrix in zip(fields, matrices, strict=True):
        used = np.broadcast_to(np.asarray(field.used, np.int32), n)
        rows[:, at : at + 4] = used.astype(">i4").view(np.uint8).reshape(n, 4)
        keep[:, at : at + 4] = True
        at += 4
        wide = matrix.shape[1]
        rows[:, at : at + wide] = matrix
        keep[:, at : at + wide] = np.arange(wide) < used[:, None]
        at += wide
    return rows[keep].tobytes()


def _signals(samples: Samples) -> list[_Field]:
    absent = np.isnan(samples.numbers)
    rows_absent: list[int] = np.count_nonzero(absent, axis=1).tolist()
    fields: list[_Field] = []
    for signal in samples.stream.signals:
        if not signal.numeric:
            fields.append(_words(samples.texts[signal.name]))
            continue
        at = samples.stream.numeric_index[signal.name]
        if rows_absent[at] == 0:
            fields.append(_present(signal, samples.numbers[at]))
        elif rows_absent[at] == len(samples):
            fields.append(_Words([None], np.zeros(len(samples), np.intp), NULL))
        else:
            fields.append(_partly(signal, samples.numbers[at], absent[at]))
    return fields


def _partly(signal: Signal, column: NDArray[np.float64], absent: NDArray[np.bool_]) -> _Field:
    """A numeric signal that some rows are without."""
    present = _present(signal, np.where(absent, 0, column))
    used = np.where(absent, NULL, present.used).astype(np.int32)
    return (
        _Words(present.words, present.codes, used)
        if isinstance(present, _Words)
        else _Numbers(present.values, present.form, used)
    )


def _present(signal: Signal, column: NDArray[np.float64]) -> _Field:
    """A numeric signal that no row is without."""
    if signal.kind == "float":
        return _Numbers(column, ">f8", 8)
    if signal.kind == "bool":
        return _Numbers(column, "u1", 1)
    if signal.kind == "int":
        return _Numbers(column, ">i8", 8)
    words: list[bytes | None] = [word.encode() for word in signal.values]
    codes = column.astype(np.intp)
    return _Words(words, codes, _lengths(words)[codes])


def _lengths(words: Sequence[bytes | None]) -> NDArray[np.int32]:
    return np.array([NULL if word is None else len(word) for word in words], np.int32)


def _words(values: Sequence[object]) -> _Words:
    """Texts, lists of text and bytes, through a table of the distinct ones."""
    distinct = dict.fromkeys(values)
    if len(distinct) == 1:
        words = [_bytes(value) for value in distinct]
        return _Words(words, np.zeros(len(values), np.intp), int(_lengths(words)[0]))
    codes = {value: code for code, value in enumerate(distinct)}
    places = np.fromiter(map(codes.__getitem__, values), np.intp, len(values))
    words = [_bytes(value) for value in codes]
    return _Words(words, places, _lengths(words)[places])


def _bytes(value: object) -> bytes | None:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple):
        return text_array(value)
    return value if isinstance(value, bytes) else None


def text_array(items: tuple[str, ...]) -> bytes:
    """A one-dimensional text[]. Source: PostgreSQL, array_send."""
    if not items:
        return struct.pack(">iii", 0, 0, TEXT_OID)
    parts = [struct.pack(">iiiii", 1, 0, TEXT_OID, len(items), 1)]
    for item in items:
        raw = item.encode()
        parts.append(struct.pack(">i", len(raw)) + raw)
    return b"".join(parts)
