"""Migrations that cannot run report what to do: another one's lock is left behind, an extension is not installed."""

from pathlib import Path

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


def test_an_extension_that_is_not_installed_is_named_with_what_to_install(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As `pg_trgm` is not, where PostgreSQL came without its contrib modules."""
    (tmp_path / "0099_missing.sql").write_text("CREATE EXTENSION IF NOT EXISTS pg_trgmmm")
    monkeypatch.setattr(database, "MIGRATIONS", tmp_path)
    with pytest.raises(DatabaseError, match=r"pg_trgmmm.*PostgreSQL's own extensions: install its contrib modules"):
        migrate(database_url)
