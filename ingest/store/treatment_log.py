"""The log of cold treatments: stored rows of containers under treatment enter a chain of hashes, in order of arrival.

A batch enters what it stores in its own transaction, so no row is ever stored without its entry. Rows of other
containers cost a look into a set. A late row enters when it arrives; its entry names its event time.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.store.failures import CONTENT
from processing.model.samples import Samples
from processing.model.tracker import text_or_none
from processing.reefers.signals import REEFER
from processing.treatments.chain import before_the_first, chain_hash, row_hash

log = logging.getLogger(__name__)
SQL = {name: text.format(table=REEFER.table) for name, text in blocks(__file__, "treatment_log.sql").items()}

RowKey = tuple[int, datetime, int]
"""Device, time and seq of a stored row."""
Held = tuple[RowKey, str]
"""A stored row, and which container its plug held."""


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
        self._containers: frozenset[str] | None = None
        self._plugs: set[int] = set()
        self._holds: dict[int, str] = {}  # by plug, the container in its newest row that is committed
        self._held: dict[int, str] = {}  # the same with the transaction under way
        self._is_open = False  # whether it is not known of the last transaction that it is committed

    async def load(self, connection: Connection) -> None:
        """Learn which containers are under treatment, and which plugs have held one."""
        plugs = {row["device_id"] for row in await connection.fetch(SQL["plugs"])}
        self._containers = frozenset(row["container_id"] for row in await connection.fetch(SQL["containers"]))
        self._plugs, self._holds, self._held = plugs, {}, {}

    async def enter(self, connection: Connection, stored: Sequence[Stored]) -> None:
        """Enter rows that the transaction of a connection has stored; those of other containers are left out."""
        of_reefers = [one for one in stored if one.samples.stream is REEFER]
        if self._is_open:  # it may be committed all the same
            self._holds = {}
        self._is_open = True
        if of_reefers and self._containers is None:
            await self.load(connection)
        self._held = dict(self._holds)
        if not self._containers:
            return
        found: list[Held] = []
        for one in of_reefers:
            found += await self._under_treatment(connection, one, self._containers)
        await _enter_or_leave_out(connection, found)

    def committed(self) -> None:
        """Note that the transaction of the last `enter` is committed."""
        self._holds, self._is_open = self._held, False

    async def _under_treatment(self, connection: Connection, stored: Stored, containers: frozenset[str]) -> list[Held]:
        """Rows of plugs that hold a container under treatment."""
        ahead = stored.only is None
        found: list[Held] = []
        nameless: list[RowKey] = []
        for (device_id, time_us, seq), named in self._watched(stored, containers):
            key = device_id, from_us(time_us), seq
            container = named or (self._held.get(device_id) if ahead else None)
            if container is None:
                nameless.append(key)
                continue
            found.append((key, container))
            if ahead:
                self._held[device_id] = container
        for key, container in await _looked_up(connection, nameless):
            found.append((key, container))
            self._held.setdefault(key[0], container)
        if not ahead:  # one of them may be the newest of its plug
            for (device_id, _, _), _ in found:
                self._held.pop(device_id, None)
        return [(key, container) for key, container in found if container in containers]

    def _watched(self, stored: Stored, containers: frozenset[str]) -> Iterator[tuple[tuple[int, int, int], str | None]]:
        """Rows of plugs that hold, or have held, a container under treatment, and the container that each names."""
        samples = stored.samples
        keys = zip(samples.device_id.tolist(), samples.time_us.tolist(), samples.seq.tolist(), strict=True)
        for key, value in zip(keys, samples.texts["container_id"], strict=True):
            if stored.only is not None and key not in stored.only:
                continue
            named = text_or_none(value)
            if named in containers:
                self._plugs.add(key[0])
            if key[0] in self._plugs:
                yield key, named


async def _enter_or_leave_out(connection: Connection, found: Sequence[Held]) -> None:
    """Enter rows; a log that the database does not let go on must not keep samples from being stored.

    Rows that are left out are found by `quaystream verify`, which names them.
    """
    if not found:
        return
    try:
        async with connection.transaction():
            await enter_rows(connection, found)
    except CONTENT:
        log.exception("%d readings are stored without an entry in the log of their treatment", len(found))


async def _looked_up(connection: Connection, nameless: Sequence[RowKey]) -> list[Held]:
    """Rows that name no container, with the one that their plug named last; without those whose plug never did."""
    if not nameless:
        return []
    rows = await connection.fetch(SQL["held"], *map(list, zip(*nameless, strict=True)))
    return [((row["device_id"], row["time"], row["seq"]), row["container_id"]) for row in rows]


async def enter_rows(connection: Connection, found: Iterable[Held]) -> int:
    """Enter stored rows into the logs of their containers, within a transaction.

    Args:
        connection: inside the transaction.
        found: rows, and which container the plug held; those that belong to no treatment are left out.

    Returns: how many entered.
    """
    columns = list(zip(*((*key, container) for key, container in found), strict=True))
    if not columns:
        return 0
    rows = await connection.fetch(SQL["rows"], *map(list, columns))
    names = sorted({(row["terminal"], row["container_id"]) for row in rows})
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
        number, before = heads[name]
        hashed = row_hash(row["canonical"])
        chained = chain_hash(before or before_the_first(*name), hashed)
        heads[name] = number + 1, chained
        entries.append((*name, number + 1, row["device_id"], row["time"], row["seq"], hashed, chained))
    await connection.executemany(SQL["entry"], entries)
    await connection.executemany(SQL["head"], [(*name, *head) for name, head in heads.items()])
    return len(entries)
