"""A slow reading of the rules in docs/quarantine.md and docs/signals.md, written down again: which samples are good.

Of the code under test it uses the table of signals only. It is about device `d1` of terminal `pechy`.
"""

import calendar
import json
import math
import re
from decimal import Decimal
from typing import Any

from infra.clock import now_us
from processing.streams import STREAMS

NOW_MS = now_us() // 1000
DAY_MS = 86_400_000
TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)


class BadError(Exception):
    """The rules refuse it."""


def rules(payload: bytes, stream: str) -> tuple[list[tuple[int, int]], int]:
    """Time and seq of each sample that is good by the rules, and how many refusals there must be."""
    try:
        value = json.loads(payload.decode("utf-8", "strict"))
    except (ValueError, RecursionError):
        return [], 1
    samples = value if isinstance(value, list) else [value]
    if not samples or deep(value) > 8 or len(payload) > 1024 * 1024 or len(samples) > 10_000:
        return [], 1
    good = []
    for sample in samples:
        try:
            good.append(one(sample, stream))
        except BadError:
            continue
    return good, len(samples) - len(good)


def deep(value: Any) -> int:
    """Levels of lists and objects."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(deep, value), default=0) if isinstance(value, list) else 0


def one(sample: Any, stream: str) -> tuple[int, int]:
    """Time and seq of a good sample."""
    need(isinstance(sample, dict))
    own = {"device": "d1", "device_id": "d1", "terminal": "pechy", "stream": stream}
    for key, value in sample.items():
        if key in own:
            need(value == own[key])
        elif key == "boot":
            need(value is None or short(value))
        elif key in STREAMS[stream].by_name:
            need(value is None or fits(STREAMS[stream].by_name[key].kind, value))
        elif key not in ("ts", "seq"):
            need(clean([key, value]))
    seq = sample.get("seq")
    need(seq is None or (type(seq) is int and 0 <= seq < 2**63))
    time_ms = instant(sample.get("ts"))
    need(NOW_MS - 30 * DAY_MS <= time_ms <= NOW_MS + 60_000)
    return time_ms, seq or 0


def need(holds: object) -> None:
    """A rule."""
    if not holds:
        raise BadError


def fits(kind: str, value: Any) -> bool:
    """Whether a signal of a kind may have a value, plausible or not."""
    number = type(value) in (int, float)
    whole = number and (type(value) is int or not math.isfinite(value) or value.is_integer())
    listed = type(value) is list and all(short(item) for item in value)
    return {
        "float": number,
        "int": whole,
        "bool": type(value) is bool,
        "enum": type(value) is str and clean(value),
        "text": short(value),
        "texts": listed,
    }[kind]


def short(value: Any) -> bool:
    """Whether it is a text that can be stored."""
    return type(value) is str and len(value) <= 256 and clean(value)


def clean(value: Any) -> bool:
    """Whether no text in it holds U+0000 or half a surrogate pair."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return all(map(clean, value))
    return not isinstance(value, str) or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


def instant(ts: Any) -> int:
    """Milliseconds since 1970."""
    if type(ts) is float:
        need(math.isfinite(ts) and ts.is_integer())
        return int(ts)
    if type(ts) is int:
        return ts
    need(type(ts) is str)
    found = TIME.fullmatch(ts)
    need(found)
    assert found is not None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    need(year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1])
    need(hour < 24 and minute < 60 and second <= 60)
    offset_min = 0
    if found[8] not in "zZ":
        hours, minutes = int(found[8][1:3]), int(found[8][-2:])
        need(hours < 24 and minutes < 60)
        offset_min = (hours * 60 + minutes) * (-1 if found[8][0] == "-" else 1)
    whole = calendar.timegm((year, month, day, hour, minute, second)) - offset_min * 60
    return whole * 1000 + round(Decimal(f"0{found[7] or ''}") * 1_000_000) // 1000  # rounded to whole µs
