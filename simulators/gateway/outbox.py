"""Records that are not known to be in the database, in a file that survives a kill and a power cut."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from processing.model.errors import QuaystreamError

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT, device TEXT, boot TEXT, seq INTEGER, topic TEXT, payload BLOB);
CREATE UNIQUE INDEX IF NOT EXISTS record_key ON record (stream, device, boot, seq);
"""
"""FULL: a batch is on the disk when `put` returns. One commit a batch costs about a millisecond on a solid disk."""


class OutboxError(QuaystreamError):
    """The outbox cannot be written."""


class OutboxFullError(OutboxError):
    """There is no room; the source must wait."""


@dataclass(frozen=True, slots=True)
class Record:
    """A sample as it is published.

    Attributes:
        stream, device, boot, seq: its key, which an `ack/…` message names.
        topic, payload: the message.
    """

    stream: str
    device: str
    boot: str
    seq: int
    topic: str
    payload: bytes


class Outbox:
    """Records in the order in which they came.

    Args:
        path: the file; created where there is none, continued where there is one.
        most: records; beyond that none is accepted.
    """

    def __init__(self, path: Path, most: int = 5_000_000) -> None:
        self._most = most
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.executescript(SCHEMA)
        (self._count,) = self._base.execute("SELECT count(*) FROM record").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def __len__(self) -> int:
        return int(self._count)

    @property
    def room(self) -> int:
        """How many more records fit."""
        return max(self._most - int(self._count), 0)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """All or nothing, and one wait for the disk.

        Raises:
            OutboxFullError: the disk is full.
            OutboxError: another fault of the disk.
        """
        before = self._count
        try:
            self._base.execute("BEGIN")
            yield
            self._base.execute("COMMIT")
        except BaseException as error:
            self._count = before
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            if not isinstance(error, sqlite3.Error):
                raise
            kind = OutboxFullError if error.sqlite_errorcode == sqlite3.SQLITE_FULL else OutboxError
            raise kind(f"the outbox cannot be written: {error}") from None

    def put(self, records: Iterable[Record]) -> None:
        """Accept records; they are on disk when this returns. One that is there already is left as it is.

        Raises:
            OutboxFullError: they do not fit; none was accepted.
        """
        rows = [(r.stream, r.device, r.boot, r.seq, r.topic, r.payload) for r in records]
        if self._count + len(rows) > self._most:
            raise OutboxFullError(
                f"the outbox holds {self._count} records, {self._most} fit: is the broker away, or the worker? "
                "It accepts more once `ack/…` messages arrive; stop reading the source until then"
            )
        with self.at_once():
            before = self._base.total_changes
            self._base.executemany(
                "INSERT OR IGNORE INTO record (stream, device, boot, seq, topic, payload) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
            self._count += self._base.total_changes - before

    def after(self, number: int, most: int) -> list[tuple[int, str, bytes]]:
        """The next records after one, oldest first: number, topic, payload."""
        query = "SELECT id, topic, payload FROM record WHERE id > ? ORDER BY id LIMIT ?"
        return self._base.execute(query, (number, most)).fetchall()

    def oldest(self) -> int | None:
        """Number of the oldest record, None where there is none."""
        (number,) = self._base.execute("SELECT min(id) FROM record").fetchone()
        return None if number is None else int(number)

    def delivered(self, stream: str, device: str, boot: str | None, first: int, last: int) -> int:
        """Drop what an `ack/…` message names: seqs from first to last of a boot. Returns: how many those were."""
        removed = self._base.execute(
            "DELETE FROM record WHERE stream = ? AND device = ? AND boot = ? AND seq BETWEEN ? AND ?",
            (stream, device, boot or "", first, last),
        ).rowcount
        self._count -= removed
        return removed

    def drop(self, number: int) -> None:
        """Drop one record by its number, without an acknowledgement."""
        self._count -= self._base.execute("DELETE FROM record WHERE id = ?", (number,)).rowcount
