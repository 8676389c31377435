"""What is answered about accounts of devices."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time, rfc3339
from infra.access import device_accounts
from infra.access.device_name import DeviceName

Problem = Annotated[
    str | None, Meta(description="what to do where the broker does not know the change yet; null: it does")
]


class AccountCredential(Struct, frozen=True):
    """One credential in force, without its password."""

    username: str
    added_at: Time
    ends_at: Annotated[Time | None, Meta(description="when the overlap of a rotation ends")]


class Account(Struct, frozen=True):
    """Account of one device."""

    terminal: str
    stream: str
    device: str
    type: Annotated[str | None, Meta(description="that the device has given, else the one that it was added with")]
    owner: Annotated[str | None, Meta(description="who answers for it")]
    client_id: Annotated[str, Meta(description="that it must connect with")]
    added_at: Annotated[Time, Meta(description="after a revocation: when it was added again")]
    revoked_at: Time | None
    last_seen_at: Annotated[Time | None, Meta(description="when its last message was received")]
    credentials: Annotated[list[AccountCredential], Meta(description="in force; two while a rotation overlaps")]


class Accounts(Struct, frozen=True):
    """Accounts in order of their names, revoked ones too."""

    accounts: list[Account]


class NewCredential(Struct, frozen=True):
    """A credential that was just made; nobody can read its password again."""

    terminal: str
    stream: str
    device: str
    username: str
    password: str
    client_id: Annotated[str, Meta(description="that the device must connect with")]
    broker: Annotated[str, Meta(description="URL of the broker as this server reaches it, without a user")]
    problem: Problem


class RevokedAccount(Struct, frozen=True):
    """An account that was just revoked."""

    terminal: str
    stream: str
    device: str
    problem: Problem


def listed(account: device_accounts.Account) -> Account:
    """An account as it is answered."""
    return Account(
        *account.name,
        account.type,
        account.owner,
        account.client_id,
        rfc3339(account.added_at),
        _time(account.revoked_at),
        _time(account.last_seen_at),
        [AccountCredential(one.username, rfc3339(one.added_at), _time(one.ends_at)) for one in account.credentials],
    )


def made(
    name: DeviceName, credential: device_accounts.NewCredential, broker: str, problem: str | None
) -> NewCredential:
    """A new credential as it is answered, this once."""
    return NewCredential(*name, credential.username, credential.password, credential.client_id, broker, problem)


def _time(time: datetime | None) -> str | None:
    return None if time is None else rfc3339(time)
