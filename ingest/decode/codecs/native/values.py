"""Fields of a sample of the native encoding, each taken out of what is left of its object, and checked."""

import math
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ingest.decode.codecs.native.texts import SampleError, short, shown, storable
from processing.model.payloads import MAX_SEQ
from processing.model.signal import Signal
from processing.model.times import RFC_3339

_EXPECTED = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "enum": "one of its words",
    "text": "text",
    "texts": "a list of text",
}


def time_of(rest: dict[str, Any]) -> datetime | int:
    """The sample's time; whole numbers are milliseconds since 1970 UTC."""
    ts = rest.pop("ts", None)
    if ts is None:
        raise SampleError("ts_missing", 'add "ts": RFC 3339 with offset, or milliseconds since 1970')
    advice = "send RFC 3339 with offset, such as 2026-11-23T06:15:00.250Z, or whole milliseconds since 1970"
    if isinstance(ts, str):
        try:
            parsed = _rfc3339(ts)
        except (ValueError, OverflowError, msgspec.ValidationError):
            raise SampleError("ts_invalid", f"ts {shown(ts)} is no time; {advice}") from None
        if parsed.tzinfo is None:
            raise SampleError("ts_invalid", f"ts {shown(ts)} has no offset; {advice}")
        return parsed
    if isinstance(ts, bool) or not isinstance(ts, int | float) or not math.isfinite(ts) or ts != int(ts):
        raise SampleError("ts_invalid", f"ts is {shown(ts)}; {advice}")
    return int(ts)


def _rfc3339(text: str) -> datetime:
    """RFC 3339 with leap seconds, which count as the first instant after them."""
    if not RFC_3339.fullmatch(text):
        raise ValueError(text)
    if text[17:19] == "60":
        return msgspec.convert(text[:17] + "59" + text[19:], datetime) + timedelta(seconds=1)
    return msgspec.convert(text, datetime)  # rounds beyond microseconds, as the fast way does


def seq_of(rest: dict[str, Any]) -> int | None:
    """The device's counter."""
    seq = rest.pop("seq", None)
    if seq is None:
        return None
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= MAX_SEQ:
        raise SampleError("wrong_type", f"seq must be a whole number from 0 to 2^63-1, got {shown(seq)}")
    return seq


def boot_of(rest: dict[str, Any]) -> str | None:
    """The id of a run of that counter."""
    boot = rest.pop("boot", None)
    if boot is not None and not isinstance(boot, str):
        raise SampleError("wrong_type", f"boot must be text, got {shown(boot)}")
    return None if boot is None else short("boot", boot)


def value_of(signal: Signal, value: Any) -> Any:
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
        raise SampleError(
            "wrong_type", f"{signal.name} must be {_EXPECTED[signal.kind]}{unit}{words}, got {shown(value)}"
        )
    if signal.kind == "texts":
        return tuple(short(signal.name, item) for item in value)
    if signal.kind == "text":
        return short(signal.name, value)
    if isinstance(value, str):
        return storable(signal.name, value)
    if not math.isfinite(value):
        return math.inf
    return float(value) if signal.kind == "float" else value
