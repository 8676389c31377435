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

        At the first look those that are so no more are the ones with a stored active alarm.
        Times in µs since 1970 UTC.
        """
        found: list[tuple[Condition, str, int]] = []
        for condition in place.conditions.values():
            if isinstance(condition.source, SilenceSpans) and condition.enabled:
                changed = await self._changed(connection, place, condition, condition.source, now_us)
                found += [(condition, place.devices[number], last_us) for number, last_us in changed.items()]
        return found

    async def _changed(
        self, connection: Connection, place: Place, condition: Condition, source: SilenceSpans, now_us: int
    ) -> dict[int, int]:
        key, latest_us = (place.terminal, condition.id), now_us - max(source.least_us, condition.delay_us)
        if latest_us < self._next_us.get(key, 1):
            return {}
        silent = await self._silent(connection, place, condition, source, latest_us)
        known = self._known.get(key)
        before = await _alarmed(connection, place, condition) if known is None else known
        self._known[key] = silent
        # Who is silent no more may have left no fact of it: samples came later that leave only short gaps.
        changed = {number: last_us for number, last_us in before.items() if number not in silent}
        new = silent.items() if known is None else silent.items() - known.items()
        return {number: last_us for number, last_us in (*changed.items(), *new) if number in place.devices}

    async def _silent(
        self, connection: Connection, place: Place, condition: Condition, source: SilenceSpans, latest_us: int
    ) -> dict[int, int]:
        """Devices that have sent nothing since a time, with their last sample; notes when to look again."""
        asked = place.terminal, source.stream, from_us(latest_us)
        rows = await connection.fetch(SQL["silent"], *asked)
        next_at = await connection.fetchval(SQL["next"], *asked)
        soon_us = latest_us + LONGEST_STEP_US if next_at is None else min(latest_us + LONGEST_STEP_US, to_us(next_at))
        self._next_us[place.terminal, condition.id] = max(latest_us + LEAST_STEP_US, soon_us)
        return {row["device_id"]: to_us(row["last_time"]) for row in rows}


async def _alarmed(connection: Connection, place: Place, condition: Condition) -> dict[int, int]:
    """Devices with an active alarm of a condition, and when that began. [µs since 1970 UTC]."""
    rows = await connection.fetch(SQL["alarmed"], place.terminal, list(condition.alarms))
    found = {place.numbers.get(row["device"]): to_us(row["began_at"]) for row in rows}
    return {number: began_us for number, began_us in found.items() if number is not None}
