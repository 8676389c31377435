"""The native JSON encoding: a fast typed decoder, and a patient one that finds out what is wrong.

Nearly every message takes the fast way: msgspec straight into a struct of the stream's signals. What it refuses is read
again by the patient way, sample by sample, so that good samples of a bad message are kept and the sender is told what
to change.
"""

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from ingest.decode.topics import Address
from processing.model.signal import Signal
from processing.model.stream import Stream
from processing.streams import STREAMS

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 8
MAX_SAMPLES = 10_000
IDENTITY = ("device", "device_id", "terminal", "stream")
NUL_ESCAPE = b"\\u0000"
MAX_SEQ = 2**63 - 1
_FORM = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
"""RFC 3339, offsets without colon too; readers of times take more than that: week dates, text after a U+0000."""
EXACT_DIGITS = 300
"""Integers up to so long are kept as they are in keys that are no signals; longer ones take quadratic time to read."""

MAX_TEXT = 256
"""Characters of one text: visits and plates stand in indexes, which take at most 2,700 bytes a row."""

_TEXT = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
_TYPES: dict[str, Any] = {
    "float": float | None,
    "bool": bool | None,
    "int": int | None,
    "enum": str | None,
    "text": _TEXT | None,
    "texts": tuple[_TEXT, ...] | None,
}


def plain(stream: Stream) -> list[Signal]:
    """Signals that are numbers or booleans; they stand side by side in a row, from `FIRST_PLAIN` on."""
    return [signal for signal in stream.numeric if signal.kind != "enum"]


def _row_type(stream: Stream) -> type[Any]:
    """A struct with one field a signal; numbers that are absent are NaN, as in the columns that are made of them."""
    aware = Annotated[datetime, msgspec.Meta(tz=True)]
    natural = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
    fields: list[Any] = [("ts", aware | int), ("seq", natural | None, None), ("boot", _TEXT | None, None)]
    numbers = plain(stream)
    fields += [(signal.name, _TYPES[signal.kind], math.nan) for signal in numbers]
    fields += [(signal.name, _TYPES[signal.kind], None) for signal in stream.signals if signal not in numbers]
    # gc=False: rows hold no reference to a row, and there are tens of thousands of them for the collector to walk over.
    return msgspec.defstruct(
        f"{stream.name.title()}Sample", fields, forbid_unknown_fields=True, omit_defaults=True, gc=False
    )


FIRST_PLAIN = 3
ROW_TYPES: dict[str, type[Any]] = {name: _row_type(stream) for name, stream in STREAMS.items()}


def _one_or_many(row: Any) -> Any:
    return row | list[row]


_FAST: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(_one_or_many(row)) for name, row in ROW_TYPES.items()
}


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: reason code, what to change, JSON of the sample (None: the whole message), index, seq and boot."""

    reason: str
    detail: str
    sample: bytes | None = None
    place: int = -1
    seq: int | None = None
    boot: str | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """Rows of a stream's row type, for each JSON of the keys that are no signals, or None, and what was refused."""

    rows: list[Any]
    extra: list[bytes | None]
    refused: list[Refused]


def decode(payload: bytes, address: Address) -> Any:
    """Rows and refusals of one telemetry payload; never raises for what a device may send.

    Returns: one row, or a list of rows, where there is nothing more to say; else `Decoded`.
    """
    if len(payload) <= MAX_BYTES and NUL_ESCAPE not in payload:
        try:
            got = _FAST[address.stream].decode(payload)
        except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
            return _Patient(address).decode(payload)
        if got.__class__ is not list or 0 < len(got) <= MAX_SAMPLES:
            return got
    return _Patient(address).decode(payload)


class _SampleError(Exception):
    """A sample is refused: reason code and detail."""


class _Patient:
    """Reads what the fast way refused."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._signals = STREAMS[address.stream].by_name
        self._row = ROW_TYPES[address.stream]

    def decode(self, payload: bytes) -> Decoded:
        try:
            samples = self._samples(payload)
        except _SampleError as error:
            return Decoded([], [], [Refused(*error.args)])
        rows: list[Any] = []
        extra: list[bytes | None] = []
        refused: list[Refused] = []
        for place, sample in enumerate(samples):
            try:
                row, rest = self._sample(sample)
            except _SampleError as error:
                original = json.dumps(sample).encode() if len(samples) > 1 else None
                refused.append(Refused(error.args[0], error.args[1], original, place, *_counter(sample)))
            else:
                rows.append(row)
                extra.append(rest)
        return Decoded(rows, extra, refused)

    def _samples(self, payload: bytes) -> list[Any]:
        if len(payload) > MAX_BYTES:
            raise _SampleError("too_large", f"{len(payload)} bytes; send at most {MAX_BYTES} in one message")
        got = _parse(payload)
        if _deeper_than(got, MAX_DEPTH):
            raise _SampleError("too_deep", f"send JSON nested at most {MAX_DEPTH} levels deep")
        if isinstance(got, dict):
            return [got]
        if not isinstance(got, list):
            raise _SampleError("not_object", f"send a JSON object or an array of objects, not {_say(got)}")
        if not got:
            raise _SampleError("empty", "the array is empty; send at least one sample")
        if len(got) > MAX_SAMPLES:
            raise _SampleError("too_many_samples", f"{len(got)} samples; send at most {MAX_SAMPLES} in one message")
        return got

    def _sample(self, sample: Any) -> tuple[Any, bytes | None]:
        if not isinstance(sample, dict):
            raise _SampleError("not_object", f"each element of the array must be an object, this one is {_say(sample)}")
        rest = dict(sample)
        self._check_identity(rest)
        fields: dict[str, Any] = {"ts": _timestamp(rest), "seq": _seq(rest), "boot": _boot(rest)}
        for name in [name for name in rest if name in self._signals]:
            fields[name] = _value(self._signals[name], rest.pop(name))
        return self._row(**fields), _extra(rest)

    def _check_identity(self, rest: dict[str, Any]) -> None:
        expected = {
            "device": self._address.device,
            "device_id": self._address.device,
            "terminal": self._address.terminal,
            "stream": self._address.stream,
        }
        for key in IDENTITY:
            if key in rest and rest.pop(key) != expected[key]:
                raise _SampleError(
                    "wrong_device",
                    f"{key!r} in the payload differs from the topic's {expected[key]!r}; publish to the device's own "
                    "topic, or leave the key out",
                )


def _parse(payload: bytes) -> Any:
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _SampleError("not_json", f"byte {error.start} is no UTF-8; send JSON text in UTF-8") from None
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        raise _SampleError("too_deep", f"send JSON nested at most {MAX_DEPTH} levels deep") from None
    except ValueError as error:
        raise _SampleError("not_json", f"no JSON: {error}") from None


def _whole(digits: str) -> int | float:
    """Integers as they are told; what no double can hold is out of every range."""
    return int(digits) if len(digits) <= EXACT_DIGITS else float(digits)


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _say(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."


def _timestamp(rest: dict[str, Any]) -> datetime | int:
    ts = rest.pop("ts", None)
    if ts is None:
        raise _SampleError("ts_missing", 'add "ts": RFC 3339 with offset, or milliseconds since 1970')
    advice = "send RFC 3339 with offset, such as 2026-11-23T06:15:00.250Z, or whole milliseconds since 1970"
    if isinstance(ts, str):
        try:
            parsed = _rfc3339(ts)
        except (ValueError, OverflowError, msgspec.ValidationError):
            raise _SampleError("ts_invalid", f"ts {_say(ts)} is no time; {advice}") from None
        if parsed.tzinfo is None:
            raise _SampleError("ts_invalid", f"ts {_say(ts)} has no offset; {advice}")
        return parsed
    if isinstance(ts, bool) or not isinstance(ts, int | float) or not math.isfinite(ts) or ts != int(ts):
        raise _SampleError("ts_invalid", f"ts is {_say(ts)}; {advice}")
    return int(ts)


def _rfc3339(text: str) -> datetime:
    """RFC 3339 with leap seconds, which count as the first instant after them."""
    if not _FORM.fullmatch(text):
        raise ValueError(text)
    if text[17:19] == "60":
        return msgspec.convert(text[:17] + "59" + text[19:], datetime) + timedelta(seconds=1)
    return msgspec.convert(text, datetime)  # rounds beyond microseconds, as the fast way does


def _counter(sample: Any) -> tuple[int | None, str | None]:
    """Seq and boot of a refused sample, where it tells them rightly."""
    if not isinstance(sample, dict):
        return None, None
    try:
        return _seq(dict(sample)), _boot(dict(sample))
    except _SampleError:
        return None, None


def _seq(rest: dict[str, Any]) -> int | None:
    seq = rest.pop("seq", None)
    if seq is None:
        return None
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= MAX_SEQ:
        raise _SampleError("wrong_type", f"seq must be a whole number from 0 to 2^63-1, got {_say(seq)}")
    return seq


def _boot(rest: dict[str, Any]) -> str | None:
    boot = rest.pop("boot", None)
    if boot is not None and not isinstance(boot, str):
        raise _SampleError("wrong_type", f"boot must be text, got {_say(boot)}")
    return None if boot is None else _short("boot", boot)


_WANTED = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "enum": "one of its words",
    "text": "text",
    "texts": "a list of text",
}


def _value(signal: Signal, value: Any) -> Any:
    """The signal's value; None is absent, a number that is none (NaN) too large for any range."""
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "float": number,
        "int": number and (not math.isfinite(value) or value == int(value)),
        "bool": isinstance(value, bool),
        "enum": isinstance(value, str),
        "text": isinstance(value, str),
        "texts": isinstance(value, list) and all(isinstance(item, str) for item in value),
    }[signal.kind]
    if not fits:
        unit = f" [{signal.unit}]" if signal.unit else ""
        words = f": {', '.join(signal.values)}" if signal.kind == "enum" else ""
        raise _SampleError(
            "wrong_type", f"{signal.name} must be {_WANTED[signal.kind]}{unit}{words}, got {_say(value)}"
        )
    if signal.kind == "texts":
        return tuple(_short(signal.name, item) for item in value)
    if signal.kind == "text":
        return _short(signal.name, value)
    if isinstance(value, str):
        return _storable(signal.name, value)
    if not math.isfinite(value):
        return math.inf
    return float(value) if signal.kind == "float" else value


def _short(name: str, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise _SampleError("bad_text", f"{name} has {len(text)} characters; send at most {MAX_TEXT}")
    return _storable(name, text)


def _storable(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _SampleError("bad_text", f"{name} holds half a surrogate pair; send valid Unicode") from None
    if "\0" in text:
        raise _SampleError("bad_text", f"{name} holds U+0000; leave it out")
    return text


def _extra(rest: dict[str, Any]) -> bytes | None:
    if not rest:
        return None
    text = json.dumps(_without_nan(rest), ensure_ascii=False)
    _storable("a key that is no signal", text + "\0" * holds_nul(text))
    return text.encode()


def holds_nul(text: str) -> bool:
    """Whether JSON text holds U+0000, which is more than a backslash before `u0000`."""
    return re.search(r"(?<!\\)(?:\\\\)*\\u0000", text) is not None


def _without_nan(value: Any) -> Any:
    """JSON at rest knows no NaN: such numbers become their names."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return value
