"""A bound on what is logged: the same line again and again is counted, not written.

One that was malformed once comes in thousands: each line more hides others, and fills the disk.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

BURST: Final = 20
"""Lines of one kind that are written in a row."""
PERIOD_S: Final = 10.0
"""For so long, from the first of them on, those beyond are counted only. [s]"""
MOST_KINDS: Final = 1_000
LONGEST: Final = 4_000
"""Of a message; what is longer is cut. [characters]"""


@dataclass(slots=True)
class _Kind:
    """Lines from one place of the code: since when they are counted, how many, and how many were left out."""

    began_s: float
    count: int = 0
    left_out: int = 0


class FloodFilter(logging.Filter):
    """Passes on some lines of each kind, which is a logger and an unformatted message; the next one names the rest.

    Args:
        now: a clock that never goes back. [s]
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._kinds: dict[tuple[str, object], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written; malformed requests take one line each, without a traceback."""
        kind = self._kind(record)
        kind.count += 1
        if kind.count > BURST:
            kind.left_out += 1
            return False
        text = record.getMessage()
        if record.name == "aiohttp.server" and record.exc_info is not None and _malformed(record.exc_info[1]):
            text, record.exc_info = f"{text}: {' '.join(str(record.exc_info[1]).split())}", None
        if kind.left_out:
            text += f" ({kind.left_out} more of this kind were left out)"
            kind.left_out = 0
        record.msg, record.args = text if len(text) <= LONGEST else f"{text[:LONGEST]}…", None
        return True

    def _kind(self, record: logging.LogRecord) -> _Kind:
        key, now_s = (record.name, record.msg), self._now()
        kind = self._kinds.get(key)
        if kind is None:
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
            self._kinds[key] = kind = _Kind(now_s)
        elif now_s - kind.began_s >= PERIOD_S:
            kind.began_s, kind.count = now_s, 0
        return kind


def _malformed(error: BaseException | None) -> bool:
    """Whether a client has sent what is no HTTP; known by its name, so that programs without a server load none."""
    return any(kind.__name__ == "HttpProcessingError" for kind in type(error).__mro__)
