"""What the worker measures of the system itself and of what devices send, kept where it becomes high, or low again."""

import asyncio
import logging
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from infra.clock import from_us, now_us
from infra.connection import Connection
from infra.database import Link
from infra.sql import blocks
from ingest.alarms.derivation import Place
from ingest.alarms.places import Places
from ingest.store.failures import AWAY
from ingest.store.time_limit import within
from processing.alarms.condition import MeasuredSpans
from processing.alarms.system import BAD_SHARE, DISK
from processing.model.times import MINUTE_US

log = logging.getLogger(__name__)
SQL = blocks(__file__, "measurements.sql")
EVERY_S = 5.0
LIMIT_S = 30.0
QUALITY_EVERY_US, QUALITY_OVER_US = MINUTE_US, 10 * MINUTE_US
LEAST_SAMPLES = 20
"""A share of fewer samples says little."""
Counts = Mapping[int, tuple[int, int]]
"""By device id: samples received, and those rejected or values out of range."""


def bad_shares(before: Counts, after: Counts) -> dict[int, float]:
    """Share of what each device sent between two counts that was bad, where it sent enough. [%]."""
    found: dict[int, float] = {}
    for device_id, (received, bad) in after.items():
        received_before, bad_before = before.get(device_id, (0, 0))
        if received - received_before >= LEAST_SAMPLES:
            found[device_id] = min(100.0, 100 * (bad - bad_before) / (received - received_before))
    return found


def disk_used_pct(folder: Path) -> float | None:
    """How full the disk of a folder is; None where there is no such folder. [%]."""
    if not folder.is_dir():
        return None
    usage = shutil.disk_usage(folder)
    return 100 * usage.used / (usage.used + usage.free)  # what is kept for the superuser is neither


class Measurements:
    """Measures every few seconds.

    Args:
        link: to the database, its own.
        places: terminals with their conditions.
        folder: of database and broker, where they are on this machine.
        broker: what the broker reports of itself, by name.
    """

    def __init__(
        self, link: Link, places: Places, folder: Path, broker: Callable[[], Mapping[str, float]] = dict
    ) -> None:
        self._link = link
        self._places = places
        self._folder = folder
        self._broker = broker
        self._high: dict[tuple[str, str, str], bool] | None = None
        self._counts: deque[tuple[int, Counts]] = deque()

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            try:
                await within(LIMIT_S, self._step(), self._link)
            except AWAY as error:
                log.warning("what is measured waits for the database: %s: %s", type(error).__name__, error)
                self._link.drop()
            await asyncio.sleep(EVERY_S)

    async def _step(self) -> None:
        connection, time_us = await self._link.get(), now_us()
        if self._high is None:
            self._high = {}
            for row in await connection.fetch(SQL["last"]):
                self._high[row["terminal"], row["name"], row["subject"]] = row["high"]
        system = dict(self._broker())
        used_pct = disk_used_pct(self._folder)
        if used_pct is not None:
            system[DISK] = used_pct
        shares = await self._shares(connection, time_us)
        for terminal in self._places.terminals:
            place = self._places.of(terminal)
            for source, subject, devices, value in _readings(place, system, shares):
                await self._take(connection, (terminal, source, subject, devices), value, time_us)

    async def _shares(self, connection: Connection, time_us: int) -> dict[int, float]:
        """Bad shares since about ten minutes ago, once a minute."""
        if self._counts and time_us - self._counts[-1][0] < QUALITY_EVERY_US:
            return {}
        counts = {row["device_id"]: (row["received"], row["bad"]) for row in await connection.fetch(SQL["counts"])}
        self._counts.append((time_us, counts))
        while len(self._counts) > 1 and time_us - self._counts[1][0] >= QUALITY_OVER_US:
            self._counts.popleft()
        return bad_shares(self._counts[0][1], counts)

    async def _take(
        self,
        connection: Connection,
        about: tuple[str, MeasuredSpans, str, list[int]],
        value: float,
        time_us: int,
    ) -> None:
        """Keep a value where it lies on the other side of a limit than the one before."""
        terminal, source, subject, devices = about
        if self._high is None:
            return
        key = terminal, source.name, subject
        was = self._high.get(key, False)
        high = value >= (source.off if was else source.on)
        if high == was:
            return
        async with connection.transaction():
            at = from_us(time_us)
            await connection.execute(SQL["keep"], terminal, source.name, subject, at, value)
            await connection.execute(SQL["note"], terminal, source.fact, devices, at)
        self._high[key] = high


def _readings(
    place: Place, system: Mapping[str, float], shares: Mapping[int, float]
) -> Iterator[tuple[MeasuredSpans, str, list[int], float]]:
    """What was measured for the conditions of a terminal: source, subject, device and value."""
    for condition in place.conditions.values():
        source = condition.source
        if not isinstance(source, MeasuredSpans) or not condition.enabled:
            continue
        if source.name == BAD_SHARE:
            for device_id in shares.keys() & place.devices.keys():
                yield source, place.devices[device_id], [device_id], shares[device_id]
        elif source.name in system:
            yield source, "system", [], system[source.name]
