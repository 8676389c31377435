"""Make the database follow the table of privileges; where its user may not, all works with one user as before."""

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from infra.access.privileges import FUNCTIONS, ROLES, TABLES, VIEWS, WORDS
from infra.sql import blocks

SQL = blocks(__file__, "grants.sql")


def follow(connection: psycopg.Connection[Any]) -> str | None:
    """Make roles that are missing, and grant what they lack and revoke what they have too much.

    Nothing changes where the database follows already. Tables without a row in the table of privileges stay as they
    are: they belong to another version of the program, or to somebody else.

    Args:
        connection: of the user who owns the tables.

    Returns: what somebody with more rights has to do; None where nothing is left to do.
    """
    missing = _make_roles(connection)
    try:
        with connection.transaction():
            for statement in _differences(connection, [role for role in ROLES if role not in missing]):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        return (
            f"privileges of database roles were not granted: {error.diag.message_primary}; "
            "run `quaystream migrate` as the user who owns the tables"
        )
    if missing:
        return (
            f"database roles {', '.join(missing)} do not exist, and this user may not create them: worker and API need "
            "this user's URL. To give each a login of its own, let a superuser run "
            f"`{' '.join(f'CREATE ROLE {role};' for role in missing)}`, then run `quaystream migrate`"
        )
    return None


def _make_roles(connection: psycopg.Connection[Any]) -> list[str]:
    """Create the roles that are missing; those that cannot be created."""
    there = {name for (name,) in connection.execute(SQL["roles"], (list(ROLES),))}
    missing = []
    for role in ROLES:
        if role in there:
            continue
        try:
            with connection.transaction():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass  # by another database of the same server, just now
        except psycopg.errors.InsufficientPrivilege:
            missing.append(role)
    return missing


def _differences(connection: psycopg.Connection[Any], roles: list[str]) -> Iterator[sql.Composed]:
    """Statements that make the database follow."""
    relations = connection.execute(SQL["relations"], (roles,)).fetchall()
    for name, is_view, granted in relations:
        rules = _of_view(name) if is_view else TABLES.get(name)
        for role in roles if rules is not None else ():
            wanted = {WORDS[letter] for letter in (rules or {})[role]}
            has = {entry.split(" ", 1)[1] for entry in granted if entry.split(" ", 1)[0] == role}
            yield from _changes(wanted, has, sql.Identifier(name), sql.Identifier(role))
    for role in roles:
        schema, usable = connection.execute(SQL["schema"], (role,)).fetchone() or ("public", True)
        if not usable:
            yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(role))
    for function, callers in FUNCTIONS.items():
        for role in set(callers).intersection(roles):
            yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), sql.Identifier(role))


def _of_view(name: str) -> dict[str, str] | None:
    """Who reads a view; None where it is not ours, but an extension's or somebody's own."""
    return dict.fromkeys(ROLES, "r") if name.startswith("v_") or name in VIEWS else None


def _changes(wanted: set[str], has: set[str], table: sql.Identifier, role: sql.Identifier) -> Iterator[sql.Composed]:
    """What turns the privileges that a role has at a table into those it is to have."""
    for word, privileges in (("REVOKE {} ON {} FROM {}", has - wanted), ("GRANT {} ON {} TO {}", wanted - has)):
        if privileges:
            yield sql.SQL(word).format(sql.SQL(", ").join(map(sql.SQL, sorted(privileges))), table, role)
