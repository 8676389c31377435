"""`quaystream key`: keys that people and programs reach the API with."""

import argparse
import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from infra.access import api_keys
from infra.access.api_keys import ApiKey
from infra.access.roles import BY_WORD
from infra.clock import utc_now
from infra.commands.columns import columns, minute
from infra.connection import Connection
from infra.database import connected
from infra.duration import duration_s
from infra.settings import Settings
from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER

HELP = "Keys of the API: add, list, revoke. Once there is one, every request needs one, on this machine too."
LONGEST_NAME = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which key."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make a key, and print it, this once", description=_add.__doc__)
    add.add_argument("name", metavar="NAME", help="who or what gets it; changes are kept under this name")
    add.add_argument(
        "--role", required=True, choices=list(BY_WORD), help="viewer reads, operator changes, admin does all"
    )
    add.add_argument("--terminal", metavar="T", help="whose data only; default: all terminals")
    add.add_argument("--expires", type=duration_s, metavar="TIME", help="ends by itself after that, such as 30d")
    shown = actions.add_parser("list", help="list keys", description=_list.__doc__)
    revoke = actions.add_parser("revoke", help="end a key at once", description=_revoke.__doc__)
    revoke.add_argument("id", metavar="ID", help="as `quaystream key list` has it")
    for action in (add, shown):
        action.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    actions: dict[str, Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, None]]] = {
        "add": _add,
        "list": _list,
        "revoke": _revoke,
    }
    asyncio.run(actions[args.action](args, settings))
    return 0


async def _add(args: argparse.Namespace, settings: Settings) -> None:
    """Make a key of the API, and print it, this once: programs send it as `Authorization: Bearer KEY`."""
    if not args.name.strip() or len(args.name) > LONGEST_NAME or not args.name.isprintable():
        raise QuaystreamError(f"a name must have 1 to {LONGEST_NAME} signs that can be printed, not {args.name[:80]!r}")
    if args.terminal is not None and not IDENTIFIER.fullmatch(args.terminal):
        raise QuaystreamError(f"terminal {args.terminal[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
    lasts = None if args.expires is None else timedelta(seconds=args.expires)
    async with _database(settings) as connection:
        key_id, key = await api_keys.add(connection, args.name.strip(), BY_WORD[args.role], args.terminal, lasts)
    if args.json:
        print(json.dumps({"id": key_id, "key": key}))
    else:
        print(
            f"id   {key_id}\nkey  {key}\nThe key is not shown again. Programs send it as `Authorization: Bearer KEY`."
        )


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    """List keys, revoked and expired ones too, with the time of their last use."""
    async with _database(settings) as connection:
        found = await api_keys.keys(connection)
    if args.json:
        print(json.dumps([_listed(key) for key in found], indent=1))
    elif found:
        print(_table(found))
    else:
        print("no keys: without users too, who is on this machine reaches the API as admin")


async def _revoke(args: argparse.Namespace, settings: Settings) -> None:
    """Revoke a key, and end the sessions of the page that began with it."""
    async with _database(settings) as connection:
        name = await api_keys.revoke(connection, args.id)
    print(f"key {args.id} of {name} is revoked")


def _database(settings: Settings) -> AbstractAsyncContextManager[Connection]:
    return connected(settings.require_database(), "quaystream-key")


def _listed(key: ApiKey) -> dict[str, object]:
    times = {name: getattr(key, name) for name in ("added_at", "expires_at", "revoked_at", "last_used_at")}
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role.word,
        "terminal": key.terminal,
        **{name: time and time.isoformat() for name, time in times.items()},
    }


def _table(found: list[ApiKey]) -> str:
    rows = [("ID", "NAME", "ROLE", "TERMINAL", "ADDED", "LAST USED", "STATE")]
    rows += [
        (
            key.id,
            key.name,
            key.role.word,
            key.terminal or "all",
            minute(key.added_at),
            minute(key.last_used_at),
            _state(key),
        )
        for key in found
    ]
    return columns(rows)


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {minute(key.revoked_at)}"
    if key.expires_at is None:
        return "in force"
    return f"expire{'d' if key.ended(utc_now()) else 's'} {minute(key.expires_at)}"
