"""The test's database as each program sees it: with a user of its own, so that a privilege that lacks fails a test."""

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from infra.machine.database_users import OWNER, SUPERUSER, DatabaseUser, give_to_owner
from infra.machine.stack import Stack

_stacks: dict[int, Stack] = {}
"""Private servers of this run, by port."""


def known(stack: Stack) -> None:
    """Note a stack whose database programs are to use as users of their own."""
    _stacks[stack.postgres.port] = stack


def as_user(url: str, user: DatabaseUser) -> str:
    """URL of a database for one user; as it is where the database is not one of this run's servers."""
    parts = urlsplit(url)
    stack = _stacks.get(parts.port or 0)
    if stack is None or parts.username != OWNER.name:
        return url
    return stack.postgres.url_of(user, parts.path.lstrip("/"))


def at_database(environment: dict[str, str], user: DatabaseUser) -> dict[str, str]:
    """Settings with the URL of the database for one user."""
    name = "QUAYSTREAM_DATABASE_URL"
    return environment | ({name: as_user(environment[name], user)} if name in environment else {})


def create_database(stack: Stack, name: str) -> str:
    """Make a database as `up` makes its own; its URL for the owner."""
    known(stack)
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(stack.postgres.url_of(SUPERUSER, name), autocommit=True) as connection:
        give_to_owner(connection)
    return stack.postgres.url_of(OWNER, name)


def drop_database(stack: Stack, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
