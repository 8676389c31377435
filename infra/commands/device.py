"""`quaystream device`: accounts that devices connect to the broker with."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from shlex import quote
from typing import Any

from infra.access import device_accounts
from infra.access.device_accounts import Account, NewCredential
from infra.access.device_name import DeviceName
from infra.commands.columns import columns, minute
from infra.connection import Connection
from infra.database import connected
from infra.duration import duration_s
from infra.machine.new_passwords import let_broker_know
from infra.settings import Settings
from processing.model import topics

HELP = "Accounts of devices at the broker: add, list, rotate, revoke."
DEVICE_HELP = "TERMINAL/STREAM/DEVICE, as in its topics, such as demo/crane/sts1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which device."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser(
        "add", help="make an account, and print its credentials, this once", description=_description(_add)
    )
    add.add_argument("--type", metavar="T", help="what it is, such as ARMG, until it states that itself")
    add.add_argument("--owner", metavar="NAME", help="who answers for it")
    rotate = actions.add_parser("rotate", help="make new credentials", description=_description(_rotate))
    rotate.add_argument(
        "--overlap", type=duration_s, default="1h", metavar="TIME", help="how long the old ones hold on; default 1h"
    )
    revoke = actions.add_parser("revoke", help="end an account at once", description=_description(_revoke))
    for action in (add, rotate, revoke):
        action.add_argument("device", metavar="DEVICE", help=DEVICE_HELP)
    shown = actions.add_parser("list", help="list accounts", description=_description(_list))
    shown.add_argument("--terminal", metavar="T", help="of one terminal")
    for action in (add, rotate, shown):
        action.add_argument("--json", action="store_true", help="print JSON")
    for action in (add, rotate):
        action.add_argument("--shell", action="store_true", help="print assignments for a shell's eval")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it; 1 where the account is made, but the private broker does not know it."""
    actions: dict[str, Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, int]]] = {
        "add": _add,
        "rotate": _rotate,
        "revoke": _revoke,
        "list": _list,
    }
    return asyncio.run(actions[args.action](args, settings))


async def _add(args: argparse.Namespace, settings: Settings) -> int:
    """Make an account of a device, and print its user name, password and client id, this once."""
    name = DeviceName.read(args.device)
    async with _database(settings) as connection:
        made = await device_accounts.add(connection, name, args.type, args.owner)
    return await _made(args, settings, name, made)


async def _rotate(args: argparse.Namespace, settings: Settings) -> int:
    """Make new credentials of a device. The old ones hold on for the overlap, so that it can change over."""
    name = DeviceName.read(args.device)
    async with _database(settings) as connection:
        made = await device_accounts.rotate(connection, name, timedelta(seconds=args.overlap))
    return await _made(args, settings, name, made)


async def _revoke(args: argparse.Namespace, settings: Settings) -> int:
    """End the account of a device: it is disconnected, and cannot come back."""
    name = DeviceName.read(args.device)
    async with _database(settings) as connection:
        await device_accounts.revoke(connection, name)
    problem = await let_broker_know(settings.state_dir, {})
    print(f"{name} is revoked" + ("" if problem is None else ", but stays connected"))
    return _warned(problem)


async def _list(args: argparse.Namespace, settings: Settings) -> int:
    """List accounts, revoked ones too, with the time of the last message of each device."""
    async with _database(settings) as connection:
        found = await device_accounts.accounts(connection, args.terminal)
    if args.json:
        print(json.dumps([_listed(account) for account in found], indent=1))
    elif found:
        print(_table(found))
    else:
        print(f"no accounts; `quaystream device add {args.terminal or 'demo'}/crane/sts1` makes one")
    return 0


def _database(settings: Settings) -> AbstractAsyncContextManager[Connection]:
    return connected(settings.require_database(), "quaystream-device")


async def _made(args: argparse.Namespace, settings: Settings, name: DeviceName, made: NewCredential) -> int:
    problem = await let_broker_know(settings.state_dir, {made.username: made.password})
    found = {"username": made.username, "password": made.password, "client_id": made.client_id}
    if args.json:
        print(json.dumps(found))
    elif args.shell:
        print("\n".join(f"{key}={quote(value)}" for key, value in found.items()))
    else:
        print("\n".join(f"{key:10} {value}" for key, value in found.items()))
        print(f"The password is not shown again. It publishes port/{name}/#, and reads {topics.ack(*name)}.")
    return _warned(problem)


def _warned(problem: str | None) -> int:
    if problem is None:
        return 0
    print(f"quaystream: {problem}", file=sys.stderr)
    return 1


def _listed(account: Account) -> dict[str, object]:
    return {
        "device": str(account.name),
        "type": account.type,
        "owner": account.owner,
        "usernames": account.usernames,
        "added_at": account.added_at.isoformat(),
        "revoked_at": account.revoked_at and account.revoked_at.isoformat(),
        "last_seen_at": account.last_seen_at and account.last_seen_at.isoformat(),
    }


def _table(found: list[Account]) -> str:
    rows = [("DEVICE", "TYPE", "OWNER", "ADDED", "LAST SEEN", "USERNAMES")]
    for account in found:
        in_force = "revoked " + minute(account.revoked_at) if account.revoked_at else ", ".join(account.usernames)
        rows.append(
            (
                str(account.name),
                account.type or "-",
                account.owner or "-",
                minute(account.added_at),
                minute(account.last_seen_at),
                in_force or "none in force",
            )
        )
    return columns(rows)


def _description(action: Callable[..., object]) -> str:
    return action.__doc__ or ""
