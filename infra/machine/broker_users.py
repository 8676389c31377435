"""Who may connect to the private broker, and what each may publish and subscribe to.

Mosquitto's plugin for dynamic security enforces it: what a user may not publish is refused with reason code 0x87
(MQTT 5; older clients are not answered differently, and the message goes nowhere), what it may not read is refused at
the subscription.
"""

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from processing.documents import ROWS
from processing.model.topics import KPI_FILTER, TRUTH_FILTER

SALT_BYTES: Final = 12
ITERATIONS: Final = 1_000
"""Of the hash. The passwords are random, 24 bytes each: nobody finds one by trying."""
OWN_TOPICS: Final = "quaystream/#"
"""What every connection publishes to show that it is alive, and what `quaystream doctor` tries."""
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
API: Final = BrokerUser("quaystream-api", tuple(row.topic("+", "+") for row in ROWS), (KPI_FILTER,))
INTEGRATOR: Final = BrokerUser("integrator", ("port/#", TRUTH_FILTER, "spBv1.0/#"), ("#", "$SYS/#"))
"""Whoever connects devices: speaks for any of them, and for no program of ours."""
BROKER_USERS: Final = (ADMIN, WORKER, API, INTEGRATOR)


def configuration(passwords: Mapping[BrokerUser, str], kept_out: Collection[BrokerUser] = ()) -> str:
    """What the plugin reads at the broker's start: those users and no others.

    Args:
        passwords: of all users.
        kept_out: who may not connect now.
    """
    return json.dumps(
        {
            "defaultACLAccess": {
                PUBLISHES: False,
                RECEIVES: True,  # what it may not have it cannot subscribe to
                "subscribe": False,
                "unsubscribe": True,
            },
            "clients": [
                _client(user, password) | {"disabled": user in kept_out} for user, password in passwords.items()
            ],
            "groups": [],
            "roles": [_role(user) for user in passwords],
        },
        indent=1,
    )


def _client(user: BrokerUser, password: str) -> dict[str, Any]:
    salt = secrets.token_bytes(SALT_BYTES)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return {
        "username": user.name,
        "password": b64encode(key).decode(),
        "salt": b64encode(salt).decode(),
        "iterations": ITERATIONS,
        "roles": [{"rolename": user.name}],
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
