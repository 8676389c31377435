"""A migration that was killed leaves its lock behind; the next one says so, and removes it when asked to."""

import psycopg
import pytest

from infra import database
from infra.database import DatabaseError, migrate


def locked(url: str) -> int:
    """How many locks there are."""
    with psycopg.connect(url) as connection:
        return len(connection.execute("SELECT pid FROM yoyo_lock").fetchall())


def test_a_lock_left_behind_is_reported_and_can_be_removed(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.1)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 4711)")
    with pytest.raises(DatabaseError, match=r"lock of 127\.0\.0\.1:.* for longer than 0\.1 s.*migrate --break-lock`"):
        migrate(database_url)
    assert locked(database_url) == 1
    assert migrate(database_url, break_lock=True) == []
    assert locked(database_url) == 0
