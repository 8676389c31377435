"""Lists as commands print them."""

from collections.abc import Sequence
from datetime import datetime


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts, the first one the head, each column as wide as its widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def minute(time: datetime | None) -> str:
    """A time to the minute, `-` where there is none."""
    return "-" if time is None else f"{time:%Y-%m-%dT%H:%MZ}"
