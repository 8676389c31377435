"""From decoded rows to columns, with the checks that columns make cheap: time and plausible range."""

import struct
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain, starmap
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ingest.decode.address import Address
from ingest.decode.assembly import Rows
from ingest.decode.rejects import Reject
from ingest.decode.row_types import FIRST_PLAIN, plain
from processing.model import unnumbered
from processing.model.samples import Samples
from processing.model.signal import Signal
from processing.model.stream import Stream
from processing.model.times import DAY_US, SECOND_US
from processing.streams import STREAMS

YEAR_1_MS, YEAR_9999_MS = -62_135_596_800_000, 253_402_300_799_000
AT_ONCE = 500
"""Rows that are turned into columns together: all signals of few rows stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far from the clock a sample's time may be."""

    retention_days: int
    future_s: int


@dataclass(slots=True)
class Checked:
    """What is left of rows.

    Attributes:
        samples: in order of arrival.
        rejects: what was refused.
        out_of_range: how many values were left out, by device id and signal.
        contradictory: how many of the samples contradict themselves, by device id and `Contradiction.name`.
    """

    samples: Samples
    rejects: list[Reject]
    out_of_range: Counter[tuple[int, str]]
    contradictory: Counter[tuple[int, str]]


def to_columns(stream: Stream, rows: Rows, ids: dict[Address, int], now_us: int, limits: Limits) -> Checked:
    """Columns of a stream's rows; see `in_steps`."""
    steps = in_steps(stream, rows, ids, now_us, limits)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            checked: Checked = end.value
            return checked


def in_steps(
    stream: Stream, rows: Rows, ids: dict[Address, int], now_us: int, limits: Limits
) -> Generator[None, None, Checked]:
    """Columns of a stream's rows, made in steps of a millisecond or two: in between the caller may do something else.

    Args:
        stream: the stream.
        rows: its rows.
        ids: device id of every address in `rows`.
        now_us: the clock. [µs since 1970 UTC]
        limits: bounds of event time.
    """
    found, n = rows.rows, len(rows.rows)
    extra: list[bytes | None] = [None] * n
    for i, text in rows.extra.items():
        extra[i] = text
    numbers, places = yield from _numbers(stream, found)
    seq, without = _seqs([row.seq for row in found])
    samples = Samples(
        stream,
        np.array([ids[address] for address in rows.addresses], np.int32)[rows.devices],
        _times_us([row.ts for row in found]),
        seq,
        np.array([message.received_us for message in rows.messages], np.int64),
        numbers,
        {signal.name: list(map(attrgetter(signal.name), found)) for signal in stream.textual},
        [row.boot for row in found],
        extra,
    )
    if len(without):
        samples.seq[without] = unnumbered.seqs(samples.take(without))
    counts = Counter((int(samples.device_id[place]), stream.numeric[signal].name) for signal, place in places)
    future = samples.time_us > now_us + limits.future_s * SECOND_US
    old = samples.time_us < now_us - limits.retention_days * DAY_US
    if not (future.any() or old.any()):
        return Checked(samples, [], counts, _contradictory(samples))
    rejects = [_time_reject(rows, int(i), bool(future[i]), now_us, limits) for i in np.flatnonzero(future | old)]
    left = samples.take(np.flatnonzero(~(future | old)))
    return Checked(left, rejects, counts, _contradictory(left))


def _contradictory(samples: Samples) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for one in samples.stream.contradictions:
        rows = one.rows(samples.numbers, samples.stream.numeric_index)
        found.update((device_id, one.name) for device_id in samples.device_id[rows].tolist())
    return found


def _times_us(times: Sequence[datetime | int]) -> NDArray[np.int64]:
    try:
        whole = np.array(times, np.int64)  # nearly always all of them are whole milliseconds
    except (TypeError, ValueError, OverflowError):
        return np.array([_time_us(ts) for ts in times], np.int64)
    return np.clip(whole, YEAR_1_MS, YEAR_9999_MS) * 1000


def _time_us(ts: datetime | int) -> int:
    if isinstance(ts, int):
        return min(max(ts, YEAR_1_MS), YEAR_9999_MS) * 1000
    return round(ts.timestamp() * 1e6)


def _seqs(seqs: Sequence[int | None]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Seqs as they are sent, and which rows have none."""
    try:
        return np.array(seqs, np.int64), np.empty(0, np.intp)
    except TypeError:
        without = np.array([i for i, seq in enumerate(seqs) if seq is None], np.intp)
        return np.array([seq or 0 for seq in seqs], np.int64), without


def _numbers(stream: Stream, rows: list[Any]) -> Generator[None, None, tuple[NDArray[np.float64], list[list[int]]]]:
    """Numeric columns, shape (signals, n), with implausible values left out, and where they were: signal and row."""
    numbers = np.empty((len(stream.numeric), len(rows)))
    left_out: list[list[int]] = []
    plain, words = _places(stream.name)
    for begin in range(0, len(rows), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        block = numbers[:, part]
        block[plain] = _floats(rows[part], len(plain))
        for at in words:
            block[at] = _codes(stream.numeric[at], list(map(attrgetter(stream.numeric[at].name), rows[part])))
        bad = _implausible(stream, block)
        if bad.any():
            block[bad] = np.nan
            left_out += [[signal, begin + row] for signal, row in np.argwhere(bad).tolist()]
        yield
    return numbers, left_out


@cache
def _places(stream: str) -> tuple[list[int], list[int]]:
    """Places of plain numbers among a stream's numeric signals, and of words."""
    numbers = plain(STREAMS[stream])
    numeric = STREAMS[stream].numeric
    words = [at for at, signal in enumerate(numeric) if signal not in numbers]
    return [numeric.index(signal) for signal in numbers], words


def _codes(signal: Signal, raw: list[Any]) -> list[float]:
    """Words as their places in the table, infinity where a word is none of them."""
    codes: dict[str | None, float] = {word: float(code) for code, word in enumerate(signal.values)}
    codes[None] = np.nan
    return [codes.get(word, np.inf) for word in raw]


def _floats(rows: Sequence[Any], signals: int) -> NDArray[np.float64]:
    """Numbers and booleans of all rows, NaN where absent, shape (signals, n)."""
    some = itemgetter(slice(FIRST_PLAIN, FIRST_PLAIN + signals))
    values = map(some, map(msgspec.structs.astuple, rows))
    try:
        # A third faster than `np.fromiter`, which asks for each value apart.
        flat = np.frombuffer(b"".join(starmap(_doubles(signals).pack, values)), np.float64)
    except (struct.error, OverflowError):  # a null, or a whole number of hundreds of digits
        values = map(some, map(msgspec.structs.astuple, rows))
        flat = np.array([_float(value) for value in chain.from_iterable(values)], np.float64)
    return flat.reshape(len(rows), signals).T


@cache
def _doubles(count: int) -> struct.Struct:
    """So many numbers side by side, as numpy holds them."""
    return struct.Struct(f"={count}d")


def _float(value: float | None) -> float:
    if value is None:
        return np.nan
    return np.inf if isinstance(value, int) and abs(value) > 2**64 else float(value)


def _implausible(stream: Stream, block: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where values are none that the signal can have, shape (signals, n)."""
    low, high, listed = _bounds(stream.name)
    bad: NDArray[np.bool_] = (block < low) | (block > high)
    for at, values in listed:
        bad[at] |= ~np.isnan(block[at]) & np.logical_and.reduce([block[at] != value for value in values])
    return bad


@cache
def _bounds(stream: str) -> tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[int, list[float]]]]:
    """Least and largest value of each numeric signal, shape (signals, 1), and those of which only some are right."""
    signals = STREAMS[stream].numeric
    most = np.finfo(np.float64).max  # infinity is never right
    low = np.clip([signal.low for signal in signals], -most, most)[:, None]
    high = np.clip([signal.high for signal in signals], -most, most)[:, None]
    whole = [(at, signal) for at, signal in enumerate(signals) if signal.kind == "int" and signal.values]
    return low, high, [(at, [float(value) for value in signal.values]) for at, signal in whole]


def _time_reject(rows: Rows, i: int, future: bool, now_us: int, limits: Limits) -> Reject:
    message, row = rows.messages[i], rows.rows[i]
    away_us = abs(_time_us(row.ts) - now_us)
    away_s = away_us / SECOND_US
    if future:
        reason = "ts_future"
        detail = f"ts is {away_s:.0f} s ahead of this clock, {limits.future_s} s are allowed; set the device's clock"
    else:
        reason = "ts_too_old"
        detail = f"ts is {away_us / DAY_US:.1f} days old, raw samples are kept {limits.retention_days}; check the clock"
    place = rows.place(i)
    payload, extra = message.payload, rows.extra.get(i)
    if place >= 0:
        sample = msgspec.to_builtins(row) | (msgspec.json.decode(extra) if extra is not None else {})
        payload = msgspec.json.encode(sample)
    return Reject(message, payload, reason, detail, rows.addresses[rows.devices[i]], place, row.seq, row.boot)
