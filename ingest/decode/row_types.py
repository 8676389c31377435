"""The rows that every codec decodes samples to: for each stream a struct with one field a signal."""

import math
from datetime import datetime
from typing import Annotated, Any

import msgspec

from processing.model.payloads import Seq
from processing.model.signal import Signal
from processing.model.stream import Stream
from processing.streams import STREAMS

MAX_TEXT = 256
"""Characters of one text: visits and plates stand in indexes, which take at most 2,700 bytes a row."""

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
_TYPES: dict[str, Any] = {
    "float": float | None,
    "bool": bool | None,
    "int": int | None,
    "enum": str | None,
    "text": Text | None,
    "texts": tuple[Text, ...] | None,
}


def plain(stream: Stream) -> list[Signal]:
    """Signals that are numbers or booleans; they stand side by side in a row, from `FIRST_PLAIN` on."""
    return [signal for signal in stream.numeric if signal.kind != "enum"]


def _row_type(stream: Stream) -> type[Any]:
    """A struct with one field a signal; numbers that are absent are NaN, as in the columns that are made of them."""
    aware = Annotated[datetime, msgspec.Meta(tz=True)]
    fields: list[Any] = [("ts", aware | int), ("seq", Seq | None, None), ("boot", Text | None, None)]
    numbers = plain(stream)
    fields += [(signal.name, _TYPES[signal.kind], math.nan) for signal in numbers]
    fields += [(signal.name, _TYPES[signal.kind], None) for signal in stream.signals if signal not in numbers]
    # gc=False: rows hold no reference to a row, and there are tens of thousands of them for the collector to walk over.
    return msgspec.defstruct(
        f"{stream.name.title()}Sample", fields, forbid_unknown_fields=True, omit_defaults=True, gc=False
    )


FIRST_PLAIN = 3
ROW_TYPES: dict[str, type[Any]] = {name: _row_type(stream) for name, stream in STREAMS.items()}
