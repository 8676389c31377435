"""The secrets of the private servers: made once, kept in the state folder, readable by its owner only."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.access.passwords import new_password
from infra.machine.broker_users import ADMIN, BROKER_USERS, BrokerUser
from infra.machine.database_users import DATABASE_USERS, SUPERUSER, DatabaseUser
from infra.machine.processes import Owner, private_file

FILE: Final = "credentials.json"
CLIENT_ID: Final = "quaystream-ingest"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the private servers.

    Attributes:
        database: passwords of the database's users; that of the superuser as it was created.
        mqtt: passwords of the broker's users.
        client_id: of the worker. Mosquitto lets any user take over a session whose client id it knows, so nobody can
            guess this one. State folders that are older than these users keep the id that has their queue.
    """

    database: dict[DatabaseUser, str]
    mqtt: dict[BrokerUser, str]
    client_id: str


def credentials(state_dir: Path) -> Credentials:
    """Those of a state folder; what is missing is made."""
    path = state_dir / FILE
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        kept = {}
    known = dict(kept)
    known.setdefault("client_id", CLIENT_ID if kept else f"{CLIENT_ID}-{secrets.token_hex(12)}")
    for name in (*map(_database_key, DATABASE_USERS), *map(_key, BROKER_USERS)):
        known.setdefault(name, new_password())
    if known != kept:
        private_file(path, json.dumps(known, indent=1), Owner(os.geteuid(), os.getegid(), ""))
    return Credentials(
        {user: known[_database_key(user)] for user in DATABASE_USERS},
        {user: known[_key(user)] for user in BROKER_USERS},
        known["client_id"],
    )


def _key(user: BrokerUser) -> str:
    return "mqtt" if user == ADMIN else f"mqtt {user.name}"


def _database_key(user: DatabaseUser) -> str:
    return "database" if user == SUPERUSER else f"database {user.name}"
