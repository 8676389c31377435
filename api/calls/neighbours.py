"""What a call is seen beside, so that what is odd about it shows."""

import asyncio
from collections.abc import Sequence

from api.calls.queries import SQL
from api.database.database import Database
from infra.clock import from_us
from infra.history import vessel_call
from processing.calls.call import OPEN_CALL_US, VesselCall
from processing.calls.flags import Flag, flags

MOST_NEIGHBOURS = 10_000


class Neighbours:
    """What a call is seen beside: the terminal's cranes, and its calls at the same time.

    Args:
        cranes: terminal and crane.
        calls: of all terminals asked for.
    """

    def __init__(self, cranes: Sequence[tuple[str, str]], calls: Sequence[VesselCall]) -> None:
        self._cranes: dict[str, set[str]] = {}
        for terminal, crane in cranes:
            self._cranes.setdefault(terminal, set()).add(crane)
        self._spans = [(call.terminal, *_lasts(call), call) for call in calls]

    def flags(self, call: VesselCall) -> list[Flag]:
        """What is odd about a call."""
        begin_us, end_us = _lasts(call)
        others = [
            other
            for terminal, begin, end, other in self._spans
            if terminal == call.terminal and max(begin, begin_us) < min(end, end_us)
        ]
        return flags(call, self._cranes.get(call.terminal, set()), others)


def _lasts(call: VesselCall) -> tuple[int, int]:
    """From when until when a call is of interest to others. [µs since 1970 UTC]."""
    begin_us = call.begin_us or 0
    ends = [one.until_us for one in call.assignments if one.until_us is not None]
    end_us = begin_us + OPEN_CALL_US if call.last_line_us is None else call.last_line_us
    return begin_us, max(end_us, *ends) if ends else end_us


async def neighbours(database: Database, terminal: str | None, found: Sequence[VesselCall]) -> Neighbours:
    """What calls are seen beside; `terminal` None: calls of any."""
    spans = [_lasts(one) for one in found] or [(0, 0)]
    begin, end = from_us(min(begin for begin, _ in spans)), from_us(max(end for _, end in spans))
    cranes, rows = await asyncio.gather(
        database.fetch(SQL["cranes_seen"], terminal),
        database.fetch(SQL["calls"], terminal, begin, end, MOST_NEIGHBOURS),
    )
    return Neighbours([(row["terminal"], row["device"]) for row in cranes], [vessel_call(row) for row in rows])
