"""`quaystream user`: people who log in with a name and a password."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from infra.access import users
from infra.access.roles import BY_WORD
from infra.access.user_password import checked_password, hashed, new_user_password
from infra.access.users import User, checked_name
from infra.commands.columns import columns, minute
from infra.connection import Connection
from infra.database import connected
from infra.settings import Settings
from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER

HELP = "Users of the API and the page: add, list, password, role, disable. Once there is one, everybody must log in."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which user."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser(
        "add", help="add a user, or give a disabled one the account back", description=_add.__doc__
    )
    shown = actions.add_parser("list", help="list users", description=_list.__doc__)
    password = actions.add_parser("password", help="set a password", description=_password.__doc__)
    role = actions.add_parser("role", help="change what a user may do", description=_role.__doc__)
    disable = actions.add_parser("disable", help="keep a user out", description=_disable.__doc__)
    for action in (add, password, role, disable):
        action.add_argument("name", metavar="NAME", help="that they log in with; changes are kept under it")
    for action in (add, role):
        action.add_argument(
            "--role", required=True, choices=list(BY_WORD), help="viewer reads, operator changes, admin does all"
        )
        action.add_argument("--terminal", metavar="T", help="whose data only; default: all terminals")
    for action in (add, password):
        how = action.add_mutually_exclusive_group()
        how.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        how.add_argument("--generate", action="store_true", help="generate the password, and print it, this once")
    for action in (add, shown, password):
        action.add_argument("--json", action="store_true", help="print JSON; without --password-stdin, generate")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    actions: dict[str, Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, None]]] = {
        "add": _add,
        "list": _list,
        "password": _password,
        "role": _role,
        "disable": _disable,
    }
    asyncio.run(actions[args.action](args, settings))
    return 0


async def _add(args: argparse.Namespace, settings: Settings) -> None:
    """Add a user. The password is asked for twice; whoever was disabled gets the account back with it."""
    name, terminal = checked_name(args.name), _checked_terminal(args.terminal)
    password, generated = _password_of(args, name)
    async with _database(settings) as connection:
        name = await users.add(connection, name, BY_WORD[args.role], terminal, hashed(password))
    _show(args, name, password if generated else None, f"user {name} is added as {args.role}")


async def _password(args: argparse.Namespace, settings: Settings) -> None:
    """Set a user's password, which is asked for twice, and end the sessions that began with the one before."""
    name = checked_name(args.name)
    password, generated = _password_of(args, name)
    async with _database(settings) as connection:
        name = await users.set_password(connection, name, hashed(password))
    _show(args, name, password if generated else None, f"user {name} has a new password, and no session any more")


async def _role(args: argparse.Namespace, settings: Settings) -> None:
    """Change what a user may do, and for which terminal; it holds at once."""
    terminal = _checked_terminal(args.terminal)
    async with _database(settings) as connection:
        name = await users.set_role(connection, args.name.strip(), BY_WORD[args.role], terminal)
    print(f"user {name} is {args.role} of {'all terminals' if terminal is None else f'terminal {terminal}'}")


async def _disable(args: argparse.Namespace, settings: Settings) -> None:
    """Keep a user out, and end their sessions. `quaystream user add` gives them the account back."""
    async with _database(settings) as connection:
        name = await users.disable(connection, args.name.strip())
    print(f"user {name} is disabled")


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    """List users, disabled ones too, with the time of their last use."""
    async with _database(settings) as connection:
        found = await users.users(connection)
    if args.json:
        print(json.dumps([_listed(user) for user in found], indent=1))
    else:
        print(_table(found) if found else "no users")


def _password_of(args: argparse.Namespace, name: str) -> tuple[str, bool]:
    """The password to be set, and whether it was generated.

    Raises:
        QuaystreamError: it does not do, it was not repeated, or there is nobody to ask.
    """
    if args.password_stdin:
        return checked_password(sys.stdin.readline().rstrip("\r\n"), name), False
    if args.generate or args.json:
        return new_user_password(), True
    if not sys.stdin.isatty():
        raise QuaystreamError("nobody can be asked for the password here; use --password-stdin or --generate")
    try:
        password = checked_password(getpass.getpass(f"Password of {name}: "), name)
        repeated = getpass.getpass("The same once more: ")
    except EOFError:
        raise QuaystreamError("no password was entered") from None
    if password != repeated:
        raise QuaystreamError("the two passwords differ; run the command again")
    return password, False


def _checked_terminal(terminal: str | None) -> str | None:
    if terminal is not None and not IDENTIFIER.fullmatch(terminal):
        raise QuaystreamError(f"terminal {terminal[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
    return terminal


def _database(settings: Settings) -> AbstractAsyncContextManager[Connection]:
    return connected(settings.require_database(), "quaystream-user")


def _show(args: argparse.Namespace, name: str, generated: str | None, done: str) -> None:
    if args.json:
        print(json.dumps({"name": name, "password": generated}))
    elif generated is None:
        print(done)
    else:
        print(f"{done}\npassword  {generated}\nThe password is not shown again.")


def _listed(user: User) -> dict[str, object]:
    times = {name: getattr(user, name) for name in ("added_at", "password_set_at", "disabled_at", "last_used_at")}
    return {
        "name": user.name,
        "role": user.role.word,
        "terminal": user.terminal,
        **{name: time and time.isoformat() for name, time in times.items()},
    }


def _table(found: list[User]) -> str:
    rows = [("NAME", "ROLE", "TERMINAL", "ADDED", "LAST USED", "STATE")]
    rows += [
        (
            user.name,
            user.role.word,
            user.terminal or "all",
            minute(user.added_at),
            minute(user.last_used_at),
            "in force" if user.disabled_at is None else f"disabled {minute(user.disabled_at)}",
        )
        for user in found
    ]
    return columns(rows)
