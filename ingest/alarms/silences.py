"""Sees which devices have become silent: no batch has a note about what is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.alarms.derivation import Place
from processing.alarms.condition import Condition, SilenceSpans
from processing.model.device import NEVER_US
from processing.model.times import MINUTE_US, SECOND_US

SQL = blocks(__file__, "silences.sql")
LEAST_STEP_US, LONGEST_STEP_US = SECOND_US // 2, MINUTE_US
"""Between two looks at all devices of a stream, which may be thousands. [µs]"""


class SilenceWatch:
    """Of all terminals. It looks at a stream when the device could be silent that has sent longest ago."""

    def __init__(self) -> None:
        self._next_us: dict[tuple[str, str], int] = {}
        self._stored_us = NEVER_US
        self._known: dict[tuple[str, str], dict[int, int]] = {}

    def stored(self, oldest_us: int) -> None:
        """Samples were stored, none of them from before this time. [µs since 1970 UTC].

        Where they are older than what a look waits for, another device may be silent, or since another time.
        """
        self._stored_us = min(self._stored_us, oldest_us)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Around a transaction, which sees all that was stored before: where that fails, all is found once more."""
        stored_us, self._stored_us = self._stored_us, NEVER_US
        for key, next_us in self._next_us.items():
            if stored_us < next_us:
                self._next_us[key] = 0
        try:
            yield
        except BaseException:
            self._next_us.clear()
            self._known.clear()
            raise

    async def look(self, connection: Connection, place: Place, now_us: int) -> list[tuple[Condition, str, int]]:
        """Devices that became silent since the last look, or are so no more: condition, device, its last sample then.

        Times in µs since 1970 UTC.
        """
        found: list[tuple[Condition, str, int]] = []
        for condition in place.conditions.values():
            source = condition.source
            if isinstance(source, SilenceSpans) and condition.enabled:
                least_us = max(source.least_us, condition.delay_us)
                silent = await self._silent(connection, place, source.stream, condition.id, now_us - least_us)
                found += [(condition, place.devices[number], last_us) for number, last_us in silent]
        return found

    async def _silent(
        self, connection: Connection, place: Place, stream: str, name: str, latest_us: int
    ) -> list[tuple[int, int]]:
        key = place.terminal, name
        if latest_us < self._next_us.get(key, 1):
            return []
        rows = await connection.fetch(SQL["silent"], place.terminal, stream, from_us(latest_us))
        next_at = await connection.fetchval(SQL["next"], place.terminal, stream, from_us(latest_us))
        soon_us = latest_us + LONGEST_STEP_US if next_at is None else min(latest_us + LONGEST_STEP_US, to_us(next_at))
        self._next_us[key] = max(latest_us + LEAST_STEP_US, soon_us)
        known, self._known[key] = self._known.get(key, {}), {row["device_id"]: to_us(row["last_time"]) for row in rows}
        # Who is silent no more may have left no fact of it: samples came later that leave only short gaps.
        changed = {number: last_us for number, last_us in known.items() if number not in self._known[key]}
        changed |= {number: last_us for number, last_us in self._known[key].items() if known.get(number) != last_us}
        return [(number, last_us) for number, last_us in changed.items() if number in place.devices]
