"""Routes of accounts of devices; for admins."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.accounts.answers import Account, Accounts, NewCredential, RevokedAccount, listed, made
from api.accounts.service import BrokerUsers
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import ConflictError, NotFoundError
from api.http.parameters import DeviceId, StreamName, TerminalId
from api.http.responses import json_response
from api.http.route import API, Route
from api.http.rows import in_turns
from infra.access import device_accounts
from infra.access.device_accounts import AccountExistsError, NoAccountError
from infra.access.device_name import DeviceName
from infra.access.roles import Role

PATH = f"{API}/accounts"
ONE = f"{PATH}/{{terminal}}/{{stream}}/{{device}}"
OVERLAP_S = 3_600
LONGEST_OVERLAP_S = 30 * 86_400


class AccountsQuery(Struct, frozen=True):
    """Which accounts."""

    terminal: TerminalId | None = None


class AccountPath(Struct, frozen=True):
    """The account of one device."""

    terminal: TerminalId
    stream: StreamName
    device: DeviceId

    @property
    def name(self) -> DeviceName:
        """Of the device."""
        return DeviceName(self.terminal, self.stream, self.device)


class AddBody(Body, frozen=True):
    """An account to be made."""

    type: (
        Annotated[
            str, Meta(pattern=r"\S", max_length=64, description="such as ARMG, until the device states it itself")
        ]
        | None
    ) = None
    owner: Annotated[str, Meta(pattern=r"\S", max_length=80, description="who answers for it")] | None = None


class RotateBody(Body, frozen=True):
    """How a credential is rotated."""

    overlap_s: Annotated[
        int, Meta(ge=0, le=LONGEST_OVERLAP_S, description="how long the old password holds on [s]")
    ] = OVERLAP_S


async def _list(context: Context[AccountsQuery, None]) -> Struct:
    rows = await context.database.fetch(device_accounts.SQL["accounts"], context.query.terminal)
    return Accounts(await in_turns(_account, rows))


async def _add(context: Context[AccountPath, AddBody]) -> web.Response:
    body, name = context.body, context.query.name
    with _explained(name):
        async with context.changing() as change:
            credential = await device_accounts.add(change.connection, name, _trimmed(body.type), _trimmed(body.owner))
    return await _made(context, credential)


async def _rotate(context: Context[AccountPath, RotateBody]) -> web.Response:
    overlap = timedelta(seconds=context.body.overlap_s)
    with _explained(context.query.name):
        async with context.changing() as change:
            credential = await device_accounts.rotate(change.connection, context.query.name, overlap)
    return await _made(context, credential)


async def _revoke(context: Context[AccountPath, None]) -> web.Response:
    name = context.query.name
    with _explained(name):
        async with context.changing() as change:
            await device_accounts.revoke(change.connection, name)
    problem = await context.services[BrokerUsers].follow({})
    return _answer(RevokedAccount(*name, problem), problem)


async def _made(context: Context[AccountPath, Any], credential: device_accounts.NewCredential) -> web.Response:
    users = context.services[BrokerUsers]
    problem = await users.follow({credential.username: credential.password})
    return _answer(made(context.query.name, credential, users.address, problem), problem)


def _answer(body: Struct, problem: str | None) -> web.Response:
    """200 where the broker knows the change, 202 where it is stored only."""
    return json_response(200 if problem is None else 202, body)


@contextmanager
def _explained(name: DeviceName) -> Iterator[None]:
    """Turn what the accounts refuse into errors of the API.

    Raises:
        ConflictError: the device has an account.
        NotFoundError: it has none in force.
    """
    try:
        yield
    except AccountExistsError:
        raise ConflictError(f"{name} has an account; rotate it for a new password") from None
    except NoAccountError:
        raise NotFoundError(f"{name} has no account, or a revoked one; add it first") from None


def _account(row: Any) -> Account:
    return listed(device_accounts.of_row(row))


def _trimmed(text: str | None) -> str | None:
    return None if text is None else text.strip()


ROUTES = (
    Route(PATH, _list, AccountsQuery, Accounts, "Accounts of devices, without their passwords", role=Role.ADMIN),
    Route(
        ONE,
        _add,
        AccountPath,
        NewCredential,
        "Make the account of a device; the answer has its password, this once",
        (202, 409, 503),
        method="POST",
        body=AddBody,
        role=Role.ADMIN,
    ),
    Route(
        f"{ONE}/rotate",
        _rotate,
        AccountPath,
        NewCredential,
        "Make a new password of a device; the old one holds on for the overlap",
        (202, 404, 503),
        method="POST",
        body=RotateBody,
        role=Role.ADMIN,
    ),
    Route(
        ONE,
        _revoke,
        AccountPath,
        RevokedAccount,
        "End the account of a device: it is disconnected",
        (202, 404, 503),
        method="DELETE",
        role=Role.ADMIN,
    ),
)
