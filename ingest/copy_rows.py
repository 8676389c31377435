"""Binary COPY rows straight from columns.

Every field is laid out at its greatest width for all rows at once, and a mask drops what a row does not have, so that
no Python runs per value. Texts are few distinct words in a batch (boot ids, states), so they go through a table of
their encodings. Source: PostgreSQL, COPY, binary format; fields are big-endian, each after its 4-byte length.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.samples import Samples
from processing.signals import Signal

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
POSTGRES_EPOCH_US = 946_684_800_000_000
TEXT_OID = 25
WIDE_BYTES = 256
"""Rows with longer texts are laid out one by one, or a single long text would widen every row."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A column: bytes of shape (n, width), of which the first `used` of each row count; -1 is NULL."""

    data: NDArray[np.uint8]
    used: NDArray[np.int32]


def column_names(samples: Samples) -> list[str]:
    """Columns of the stream's table in the order in which `encode` writes them."""
    return ["time", "device_id", "seq", "received_at", "boot", *(s.name for s in samples.stream.signals), "extra"]


def encode(samples: Samples) -> bytes:
    """The rows as one binary COPY stream."""
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


def _block(samples: Samples) -> bytes:
    fields = [
        _big_endian(samples.time_us - POSTGRES_EPOCH_US, ">i8"),
        _big_endian(samples.device_id, ">i4"),
        _big_endian(samples.seq, ">i8"),
        _big_endian(samples.received_us - POSTGRES_EPOCH_US, ">i8"),
        _words(samples.boot),
        *(_signal(samples, signal) for signal in samples.stream.signals),
        _words([None if value is None else b"\x01" + value for value in samples.extra]),
    ]
    return _join(fields, len(samples))


def _join(fields: list[_Field], n: int) -> bytes:
    """Rows from fields: a 2-byte field count, then each field after its length."""
    width = 2 + sum(4 + field.data.shape[1] for field in fields)
    rows = np.empty((n, width), np.uint8)
    keep = np.empty((n, width), bool)
    rows[:, :2] = np.frombuffer(struct.pack(">h", len(fields)), np.uint8)
    keep[:, :2] = True
    at = 2
    for field in fields:
        rows[:, at : at + 4] = field.used.astype(">i4").view(np.uint8).reshape(n, 4)
        keep[:, at : at + 4] = True
        at += 4
        wide = field.data.shape[1]
        rows[:, at : at + wide] = field.data
        keep[:, at : at + wide] = np.arange(wide) < field.used[:, None]
        at += wide
    return rows[keep].tobytes()


def _big_endian(values: NDArray[np.generic], dtype: str, absent: NDArray[np.bool_] | None = None) -> _Field:
    packed = np.ascontiguousarray(values.astype(dtype))
    data = packed.view(np.uint8).reshape(len(values), packed.itemsize)
    used = np.full(len(values), data.shape[1], np.int32)
    if absent is not None:
        used[absent] = -1
    return _Field(data, used)


def _signal(samples: Samples, signal: Signal) -> _Field:
    if not signal.numeric:
        return _words(samples.texts[signal.name])
    column = samples.number(signal.name)
    absent = np.isnan(column)
    if signal.kind == "float":
        return _big_endian(column, ">f8", absent)
    whole = np.where(absent, 0, column)
    if signal.kind == "bool":
        return _big_endian(whole.astype(np.uint8), "u1", absent)
    if signal.kind == "int":
        return _big_endian(whole.astype(np.int64), ">i8", absent)
    table = _table([word.encode() for word in signal.values])
    codes = whole.astype(np.intp)
    return _Field(table.data[codes], np.where(absent, -1, table.used[codes]).astype(np.int32))


def _words(values: Sequence[object]) -> _Field:
    """Texts, lists of text and bytes, through a table of the distinct ones."""
    if not any(value is not None for value in values):
        return _Field(np.empty((len(values), 0), np.uint8), np.full(len(values), -1, np.int32))
    codes: dict[object, int] = {}
    places = np.array([codes.setdefault(value, len(codes)) for value in values])
    table = _table([_bytes(value) for value in codes])
    return _Field(table.data[places], table.used[places])


def _table(words: Sequence[bytes | None]) -> _Field:
    width = max(len(word or b"") for word in words)
    data = np.frombuffer(b"".join((word or b"").ljust(width, b"\0") for word in words), np.uint8)
    used = np.array([-1 if word is None else len(word) for word in words], np.int32)
    return _Field(data.reshape(len(words), width), used)


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
