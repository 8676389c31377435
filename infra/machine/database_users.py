"""Who may connect to the private database, and what each is there.

`up` alone is superuser, and makes everything else what it has to be at each start, in folders of older versions too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from infra.access import privileges
from infra.sql import blocks

SQL = blocks(__file__, "database_users.sql")
EXTENSIONS: Final = ("timescaledb", "pg_trgm")
"""The owner may not create the first."""


@dataclass(frozen=True, slots=True)
class DatabaseUser:
    """A user of the private database.

    Attributes:
        name: of the user.
        member_of: groups whose privileges it has.
    """

    name: str
    member_of: tuple[str, ...] = ()


SUPERUSER: Final = DatabaseUser("quaystream")
"""Makes the others. Nobody has it but `quaystream up`."""
OWNER: Final = DatabaseUser("owner", ("pg_monitor", "pg_signal_backend"))
"""Has the tables: migrates, and is who `quaystream env` is for."""
WORKER: Final = DatabaseUser("worker", (privileges.WORKER,))
API: Final = DatabaseUser("api", (privileges.API,))
DATABASE_USERS: Final = (SUPERUSER, OWNER, WORKER, API)


def client_authentication() -> str:
    """The server's pg_hba.conf: these users over loopback, with a password; nobody else, and no replication."""
    lines = [f"host all {user.name} 127.0.0.1/32 scram-sha-256" for user in DATABASE_USERS]
    return "\n".join(["# written by `quaystream up` at each start", *lines, ""])


def make_users(connection: psycopg.Connection[Any], passwords: Mapping[DatabaseUser, str]) -> None:
    """Make all users and groups but the superuser, with these passwords and no rights beyond their own.

    Args:
        connection: of the superuser, in autocommit.
        passwords: by user.
    """
    there = {name for (name,) in connection.execute(SQL["roles"])}
    for group in privileges.ROLES:
        if group not in there:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(group)))
    for user in DATABASE_USERS[1:]:
        name = sql.Identifier(user.name)
        if user.name not in there:
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        # Hashed here: where the server logs statements it logs no password.
        secret = connection.pgconn.encrypt_password(passwords[user].encode(), user.name.encode(), b"scram-sha-256")
        connection.execute(sql.SQL(SQL["login"]).format(user=name, password=sql.Literal(secret.decode())))
        for group in user.member_of:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), name))


def give_to_owner(connection: psycopg.Connection[Any]) -> None:
    """Make the extensions, and the owner the owner of all that is ours in this database.

    Args:
        connection: of the superuser, to that database, in autocommit.
    """
    owner = sql.Identifier(OWNER.name)
    connection.execute("SET client_min_messages = warning")
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(connection.info.dbname), owner))
    for (statement,) in connection.execute(SQL["of_others"], (OWNER.name,)).fetchall():
        connection.execute(statement.encode())
