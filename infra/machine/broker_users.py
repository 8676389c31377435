"""Who may connect to the private broker, and what each may publish and subscribe to.

Mosquitto's plugin for dynamic security enforces it: what a user may not publish is refused with reason code 0x87
(MQTT 5; older clients are not answered differently, and the message goes nowhere), what it may not read is refused at
the subscription.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from infra.access.device_accounts import Credential
from infra.access.device_name import DeviceName
from infra.access.passwords import hashed
from infra.mqtt.connection import ALIVE_TOPIC
from processing.documents import ROWS
from processing.model import topics
from processing.model.topics import KPI_FILTER, TRUTH_FILTER

OWN_TOPICS: Final = "quaystream/#"
"""What programs publish to show that a connection is alive, and what `quaystream doctor` tries."""
PUBLISHES: Final = "publishClientSend"
SUBSCRIBES: Final = "subscribePattern"
RECEIVES: Final = "publishClientReceive"
CONTROL: Final = "$CONTROL/dynamic-security/#"
"""Where users are managed. The default for what is received does not hold there."""


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """A user of the broker, with the topic filters that it may use.

    Attributes:
        name: of the user.
        publishes: within these.
        subscribes: to these, or to less.
    """

    name: str
    publishes: tuple[str, ...]
    subscribes: tuple[str, ...]


ADMIN: Final = BrokerUser("quaystream", ("#", CONTROL), ("#", "$SYS/#", CONTROL))
"""Manages users. No program of ours gets it but `quaystream up`."""
WORKER: Final = BrokerUser(
    "quaystream-ingest", (KPI_FILTER, "ack/#", "event/#", "alarm/#"), ("port/#", "$SYS/broker/#")
)
DOCUMENTS: Final = tuple(row.topic("+", "+") for row in ROWS)
API: Final = BrokerUser("quaystream-api", DOCUMENTS, (KPI_FILTER,))
INTEGRATOR: Final = BrokerUser("integrator", ("port/#", TRUTH_FILTER, "spBv1.0/#"), ("#", "$SYS/#"))
"""Whoever connects devices: speaks for any of them, and for no program of ours."""
ANNOUNCER: Final = replace(INTEGRATOR, publishes=(*DOCUMENTS, TRUTH_FILTER))
"""The same user where a device speaks only through its own account."""
BROKER_USERS: Final = (ADMIN, WORKER, API, INTEGRATOR)


def configuration(
    passwords: Mapping[BrokerUser, str],
    devices: Iterable[Credential] = (),
    *,
    senders_admitted: bool = True,
    integrator_speaks: bool = True,
) -> str:
    """What the plugin reads at the broker's start: those users and no others.

    Args:
        passwords: of the users of programs and integrators.
        devices: what devices connect with.
        senders_admitted: whether devices and integrators may connect now.
        integrator_speaks: whether integrators may publish for devices.
    """
    credentials = list(devices)
    names = {one.name for one in credentials}
    kept_out = not senders_admitted
    users = [ANNOUNCER if user == INTEGRATOR and not integrator_speaks else user for user in passwords]
    return json.dumps(
        {
            "defaultACLAccess": {
                PUBLISHES: False,
                RECEIVES: True,  # what it may not have it cannot subscribe to
                "subscribe": False,
                "unsubscribe": True,
            },
            "clients": [*_users(passwords, kept_out=kept_out), *_devices(credentials, kept_out=kept_out)],
            "groups": [],
            "roles": [*map(_role, users), *map(device_role, names)],
        },
        indent=1,
    )


def _users(passwords: Mapping[BrokerUser, str], *, kept_out: bool) -> Iterator[dict[str, Any]]:
    for user, password in passwords.items():
        yield _client(user.name, hashed(password), user.name) | {"disabled": kept_out and user == INTEGRATOR}


def _devices(credentials: Iterable[Credential], *, kept_out: bool) -> Iterator[dict[str, Any]]:
    for one in credentials:
        client = _client(one.username, one.password_hash, role_name(one.name))
        yield client | {"clientid": one.client_id, "disabled": kept_out}


def role_name(device: DeviceName) -> str:
    """Name of a device's role at the broker. All its credentials have it."""
    return f"device {device}"


def device_role(device: DeviceName) -> dict[str, Any]:
    """What a device may do: speak for itself, read its own receipts, and show that its connection is alive."""
    return {
        "rolename": role_name(device),
        "acls": [
            *_allowed(PUBLISHES, (f"port/{device}/#", ALIVE_TOPIC)),
            *_allowed(SUBSCRIBES, (topics.ack(*device),)),
        ],
    }


def _client(name: str, password_hash: str, role: str) -> dict[str, Any]:
    """A user, with its hash in parts, as every version of the plugin reads it."""
    _, _, iterations, salt, key = password_hash.split("$")
    return {
        "username": name,
        "password": key,
        "salt": salt,
        "iterations": int(iterations),
        "roles": [{"rolename": role}],
    }


def _role(user: BrokerUser) -> dict[str, Any]:
    return {
        "rolename": user.name,
        "acls": [
            *_allowed(PUBLISHES, (*user.publishes, OWN_TOPICS)),
            *_allowed(SUBSCRIBES, user.subscribes),
            *_allowed(RECEIVES, {CONTROL}.intersection(user.subscribes)),
        ],
    }


def _allowed(what: str, filters: Iterable[str]) -> list[dict[str, Any]]:
    return [{"acltype": what, "topic": topic, "priority": 0, "allow": True} for topic in filters]
