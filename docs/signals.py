"""Documents of streams and their signals: the list of all, and the JSON Schema of what a device sends."""

import json
from typing import Any

from docs.markdown import DOCS, NOTE, table
from ingest.decode.row_types import MAX_TEXT
from processing.model.signal import Signal
from processing.model.stream import Stream
from processing.streams import STREAMS

SAME_TIME = """
Samples of one device with the same `ts`:

- With `seq`, each is a sample of its own, in the order of their seqs. The same `ts` and `seq` once more is a duplicate,
  and the first one stays.
- Without `seq`, what a sample holds numbers it: the same once more is a duplicate; one with other signals is stored
  beside it, and both count as one sample where facts are found. So a device may send the signals of one moment in
  parts, in any order. Parts that arrive together cost nothing; of a part that arrives later the facts are recomputed,
  within seconds.
- Without `seq`, with different values of one signal: both are stored, and each value beyond the first is counted as a
  conflict of that signal (`conflicts_by_signal` of `/api/v1/devices`, `v_device_cause_count`). Facts are found from
  both, one after the other, always in the same order. Send `seq` where a signal can change twice within the resolution
  of `ts`.

In the tables, `seq` is below 0 where the device sent none.
"""


def signals() -> str:
    """The streams and their signals."""
    parts = [NOTE.format("processing/*/signals.py"), "# Streams and signals\n\n"]
    parts.append(
        "Any signal may be absent from a sample: absent is NULL in the database. Values outside the range, NaN and "
        "unknown words are left out and counted; the sample is kept. A key that is no signal is kept in `extra`.\n"
    )
    parts.append(SAME_TIME)
    for stream in STREAMS.values():
        parts.append(
            f"\n## {stream.name}: `port/{{terminal}}/{stream.name}/{{device}}/telemetry` → `{stream.table}`\n\n"
        )
        if (DOCS / f"{stream.name}s.md").exists():
            parts.append(f"What follows from them: [{stream.name}s.md]({stream.name}s.md).\n\n")
        parts += contradictions(stream)
        rows = [[f"`{s.name}`", s.unit, kind(s), plausible(s), s.tic, s.text] for s in stream.signals]
        parts.append(table(["signal", "unit", "type", "plausible", "TIC4.0", "meaning"], rows))
    return "".join(parts)


def contradictions(stream: Stream) -> list[str]:
    """What is counted as contradictory."""
    if not stream.contradictions:
        return []
    listed = "; ".join(f"{one.text} (`{one.name}`)" for one in stream.contradictions)
    return [f"Stored as it is, and counted as contradictory: {listed}.\n\n"]


def kind(signal: Signal) -> str:
    """The type as a sender writes it."""
    words = {"float": "number", "int": "whole number", "bool": "true, false", "text": "text", "texts": "list of text"}
    return " · ".join(f'"{value}"' for value in signal.values) if signal.kind == "enum" else words[signal.kind]


def plausible(signal: Signal) -> str:
    """The plausible range."""
    if signal.kind not in ("float", "int"):
        return ""
    return ", ".join(signal.values) or f"{signal.low:g} … {signal.high:g}"


def schema(stream: Stream) -> str:
    """JSON Schema of a stream's telemetry payload."""
    sample: dict[str, Any] = {
        "type": "object",
        "required": ["ts"],
        "properties": {
            "ts": {
                "description": "RFC 3339 with offset, or milliseconds since 1970 UTC",
                "oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}],
            },
            "seq": {"type": "integer", "minimum": 0, "description": "counts up per device"},
            "boot": {"type": "string", "maxLength": MAX_TEXT, "description": "new after each restart of the counter"},
            **{signal.name: signal_schema(signal) for signal in stream.signals},
        },
        "additionalProperties": True,
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{stream.name} telemetry",
        "oneOf": [sample, {"type": "array", "minItems": 1, "maxItems": 10_000, "items": sample}],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def signal_schema(signal: Signal) -> dict[str, Any]:
    """JSON Schema of one signal."""
    types = {
        "float": "number",
        "int": "integer",
        "bool": "boolean",
        "enum": "string",
        "text": "string",
        "texts": "array",
    }
    found: dict[str, Any] = {
        "type": [types[signal.kind], "null"],
        "description": signal.text + (f" [{signal.unit}]" if signal.unit else ""),
    }
    if signal.kind == "texts":
        found["items"] = {"type": "string", "maxLength": MAX_TEXT}
    elif signal.kind == "text":
        found["maxLength"] = MAX_TEXT
    elif signal.kind == "enum":
        found["enum"] = [*signal.values, None]
    elif signal.kind == "int" and signal.values:
        found["enum"] = [*map(int, signal.values), None]
    elif signal.kind in ("float", "int"):
        found |= {"minimum": signal.low, "maximum": signal.high}
    return found
