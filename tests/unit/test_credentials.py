"""Secrets of the private servers are made once and kept."""

import json
from pathlib import Path

from infra.machine import database_users
from infra.machine.broker_users import ADMIN, API, BROKER_USERS, INTEGRATOR, WORKER, configuration
from infra.machine.credentials import credentials
from infra.machine.database_users import OWNER, SUPERUSER


def test_they_are_made_once(tmp_path: Path) -> None:
    first = credentials(tmp_path)
    assert credentials(tmp_path) == first
    assert (tmp_path / "credentials.json").stat().st_mode & 0o077 == 0
    assert set(first.mqtt) == {ADMIN, WORKER, API, INTEGRATOR}
    assert set(first.database) == {SUPERUSER, OWNER, database_users.WORKER, database_users.API}
    passwords = [*first.database.values(), *first.mqtt.values()]
    assert len(set(passwords)) == 8
    assert min(map(len, passwords)) >= 32


def test_nobody_can_guess_the_client_id_of_the_worker(tmp_path: Path) -> None:
    (one := tmp_path / "one").mkdir()
    (other := tmp_path / "other").mkdir()
    ids = {credentials(folder).client_id for folder in (one, other)}
    assert len(ids) == 2
    assert all(client_id.startswith("quaystream-ingest-") and len(client_id) >= 42 for client_id in ids)


def test_an_older_state_folder_keeps_its_passwords_and_its_queue(tmp_path: Path) -> None:
    """The queue hangs on the client id that the worker had."""
    (tmp_path / "credentials.json").write_text(json.dumps({"database": "old database", "mqtt": "old broker"}))
    found = credentials(tmp_path)
    assert (found.database[SUPERUSER], found.mqtt[ADMIN], found.client_id) == (
        "old database",
        "old broker",
        "quaystream-ingest",
    )
    assert credentials(tmp_path) == found


def test_no_password_stands_in_what_the_broker_reads() -> None:
    text = configuration({user: f"secret of {user.name}" for user in BROKER_USERS})
    assert "secret" not in text
    assert [one["username"] for one in json.loads(text)["clients"]] == [user.name for user in BROKER_USERS]
