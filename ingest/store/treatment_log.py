"""The log of cold treatments: stored rows of containers under treatment enter a chain of hashes, in order of arrival.

A batch enters what it stores in its own transaction, so no row is ever stored without its entry. Rows of other
containers cost a look into a set. A late row enters when it arrives; its entry names its event time. Which box a row is
of follows from the facts of its plug (`held` in `infra/sql/treatments.sql`), so these are stored first; where they
change for rows that are stored already, treatments take their rows in once more.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.sql import blocks
from infra.treatments import PIECES
from ingest.store.failures import CONTENT
from processing.containers import iso6346
from processing.model.facts import Fact, Retracted
from processing.model.samples import Samples, groups
from processing.model.tracker import text_or_none
from processing.reefers.facts import PlugChange
from processing.reefers.signals import REEFER
from processing.treatments.chain import before_the_first, chain_hash, row_hash

log = logging.getLogger(__name__)
SQL = {name: text.format_map(PIECES) for name, text in blocks(__file__, "treatment_log.sql").items()}

RowKey = tuple[int, datetime, int]
"""Device, time and seq of a stored row."""
Held = tuple[RowKey, str]
"""A stored row, and which container it is of."""
Name = tuple[str, str]
"""Terminal and container of a treatment."""
number = lru_cache(100_000)(iso6346.normalise)
"""A container number as it is compared; the same ones come again and again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Samples that a transaction has stored.

    Attributes:
        samples: in order of device, time, seq.
        only: device, time in µs and seq of those that were not there before; None: all, ahead of the watermarks.
    """

    samples: Samples
    only: Collection[tuple[int, int, int]] | None = None


class TreatmentLog:
    """Enters rows; `load` must be called while no batch is being written, once more for each new treatment."""

    def __init__(self) -> None:
        self._until_us: dict[str, int] | None = None  # by container, until when readings belong to a treatment
        self._plugs: dict[int, int] = {}  # by plug that holds or has held one, the same

    async def load(self, connection: Connection) -> None:
        """Learn which containers are under treatment, and which plugs have held one."""
        plugs = {row["device_id"]: to_us(row["until_at"]) for row in await connection.fetch(SQL["plugs"])}
        rows = await connection.fetch(SQL["containers"])
        self._until_us = {row["container_id"]: to_us(row["until_at"]) for row in rows}
        self._plugs = plugs

    async def enter(self, connection: Connection, stored: Sequence[Stored], facts: Iterable[Fact]) -> None:
        """Enter rows that the transaction of a connection has stored; those of other containers are left out.

        Args:
            connection: inside the transaction, which has stored the facts too.
            stored: samples.
            facts: new, changed and retracted ones.
        """
        of_reefers = [one for one in stored if one.samples.stream is REEFER]
        changes = [change for fact in facts if (change := _plug_change(fact)) is not None]
        if (of_reefers or changes) and self._until_us is None:
            await self.load(connection)
        until_us = self._until_us
        if not until_us:
            return
        keys = [key for one in of_reefers for key in self._watched(one, until_us)]
        changed = [key for key in map(_changed_at, changes) if key[2] in until_us or key[0] in self._plugs]
        if keys or changed:
            since_us = _ahead_since_us(of_reefers) if changed else {}
            behind = [key for key in changed if key[1] < since_us.get(key[0], key[1] + 1)]
            await _enter_or_leave_out(connection, keys, behind)

    def _watched(self, stored: Stored, until_us: dict[str, int]) -> Iterator[RowKey]:
        """Rows of plugs that hold, or have held, a container under treatment, while readings belong to it."""
        samples = stored.samples
        keys = zip(samples.device_id.tolist(), samples.time_us.tolist(), samples.seq.tolist(), strict=True)
        for key, value in zip(keys, samples.texts["container_id"], strict=True):
            if stored.only is not None and key not in stored.only:
                continue
            device_id, time_us, seq = key
            named = text_or_none(value)
            treated_us = None if named is None else until_us.get(number(named))
            if treated_us is not None:
                self._plugs[device_id] = max(treated_us, self._plugs.get(device_id, treated_us))
            if time_us <= self._plugs.get(device_id, time_us - 1):
                yield device_id, from_us(time_us), seq


def _plug_change(fact: Fact) -> PlugChange | None:
    """What is stored of a box that is plugged in or out, or no more; None: another fact."""
    about = fact.fact if isinstance(fact, Retracted) else fact
    return about if isinstance(about, PlugChange) else None


def _changed_at(change: PlugChange) -> tuple[int, int, str]:
    """The plug, since when it holds another box, and which one came or went. [µs since 1970 UTC]."""
    return change.device_id, change.time_us, number(change.container_id)


def _ahead_since_us(stored: Iterable[Stored]) -> dict[int, int]:
    """By plug, since when all its rows are those of this transaction. [µs since 1970 UTC]."""
    found: dict[int, int] = {}
    for samples in (one.samples for one in stored if one.only is None):
        starts, _ = groups(samples)
        found |= dict(zip(samples.device_id[starts].tolist(), samples.time_us[starts].tolist(), strict=True))
    return found


async def _enter_or_leave_out(
    connection: Connection, keys: Sequence[RowKey], changed: Sequence[tuple[int, int, str]]
) -> None:
    """Enter rows; a log that the database does not let go on must not keep samples from being stored.

    Rows that are left out are found by `quaystream verify`, which names them.
    """
    try:
        async with connection.transaction():
            relying = await _relying(connection, changed)
            await enter_rows(connection, await _held(connection, keys), relying)
    except CONTENT:
        log.exception("%d readings are stored without an entry in the log of their treatment", len(keys))


async def _held(connection: Connection, keys: Sequence[RowKey]) -> list[Held]:
    """Rows with the box that they are of; without those of none."""
    if not keys:
        return []
    rows = await connection.fetch(SQL["held"], *map(list, zip(*keys, strict=True)))
    return [((row["device_id"], row["time"], row["seq"]), row["number"]) for row in rows]


async def _relying(connection: Connection, changed: Sequence[tuple[int, int, str]]) -> set[Name]:
    """Treatments for which facts have changed of which box rows are that are stored already."""
    if not changed:
        return set()
    devices, times_us, numbers = zip(*changed, strict=True)
    rows = await connection.fetch(SQL["relying"], list(devices), [*map(from_us, times_us)], list(numbers))
    return {(row["terminal"], row["container_id"]) for row in rows}


async def enter_rows(connection: Connection, found: Iterable[Held], relying: Collection[Name] = ()) -> int:
    """Enter stored rows into the logs of their containers, within a transaction.

    Args:
        connection: inside the transaction.
        found: rows, and which container they are of; those that belong to no treatment are left out.
        relying: treatments that are to take in rows once more.

    Returns: how many entered.
    """
    columns = list(zip(*((*key, container) for key, container in found), strict=True))
    rows = await connection.fetch(SQL["rows"], *map(list, columns)) if columns else []
    names = sorted({*relying, *((row["terminal"], row["container_id"]) for row in rows)})
    if not names:
        return 0
    heads = {
        (row["terminal"], row["container_id"]): (row["entries"], row["head"])
        for row in await connection.fetch(SQL["heads"], *map(list, zip(*names, strict=True)))
    }
    entries = []
    for row in rows:
        name = row["terminal"], row["container_id"]
        if name not in heads:  # the treatment was removed meanwhile
            continue
        entry, before = heads[name]
        hashed = row_hash(row["canonical"])
        chained = chain_hash(before or before_the_first(*name), hashed)
        heads[name] = entry + 1, chained
        entries.append((*name, entry + 1, row["device_id"], row["time"], row["seq"], hashed, chained))
    await connection.executemany(SQL["entry"], entries)
    await connection.executemany(SQL["head"], [(*name, *head) for name, head in heads.items()])
    await connection.executemany(SQL["take_in"], sorted(relying))
    return len(entries)
