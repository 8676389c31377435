"""Names of devices as people give them to commands, and what the broker reads of their accounts."""

import base64
import hashlib
import json

import pytest

from infra.access.device_accounts import Credential
from infra.access.device_name import DeviceName
from infra.access.passwords import hashed, new_password
from infra.machine.broker_users import ADMIN, INTEGRATOR, configuration
from processing.model.errors import QuaystreamError

STS1 = DeviceName("demo", "crane", "sts1")


def test_a_name_is_read() -> None:
    assert DeviceName.read("demo/crane/sts1") == STS1
    assert str(STS1) == "demo/crane/sts1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "TERMINAL/STREAM/DEVICE"),
        ("demo/crane", "TERMINAL/STREAM/DEVICE"),
        ("demo/crane/sts1/telemetry", "TERMINAL/STREAM/DEVICE"),
        ("Demo/crane/sts1", "terminal 'Demo' must be 1 to 64"),
        ("demo/crane/", "device '' must be 1 to 64"),
        ("demo/crane/+", "device '+' must be 1 to 64"),
        ("demo/crane/sts1\n", "device 'sts1\\n' must be 1 to 64"),
        ("demo/vessel/v1", "stream 'vessel' must be one of crane, gate"),
    ],
)
def test_a_wrong_name_is_refused_with_what_to_change(text: str, expected: str) -> None:
    with pytest.raises(QuaystreamError) as refused:
        DeviceName.read(text)
    assert expected in str(refused.value)


def test_a_hash_is_of_its_password_only() -> None:
    """PBKDF2 with SHA-512, a salt of its own each time."""
    _, kind, iterations, salt, key = hashed("secret").split("$")
    derived = hashlib.pbkdf2_hmac("sha512", b"secret", base64.b64decode(salt), int(iterations))
    assert (kind, base64.b64decode(key)) == ("7", derived)
    assert hashed("secret") != hashed("secret")


def test_a_password_needs_no_escape() -> None:
    found = {new_password() for _ in range(50)}
    assert len(found) == 50
    assert all(password.isalnum() and len(password) >= 32 for password in found)


def test_the_broker_starts_with_the_devices_that_it_had() -> None:
    """Two credentials of a device have one role and one client id; on a full disk it starts with senders kept out."""
    devices = [Credential(f"demo.crane.sts1.{n}", "its id", hashed("secret"), STS1) for n in (1, 2)]
    read = json.loads(configuration({ADMIN: "a", INTEGRATOR: "b"}, devices, senders_admitted=False))
    assert [(one["username"], one.get("clientid"), one["disabled"]) for one in read["clients"]] == [
        ("quaystream", None, False),
        ("integrator", None, True),
        ("demo.crane.sts1.1", "its id", True),
        ("demo.crane.sts1.2", "its id", True),
    ]
    assert [role["rolename"] for role in read["roles"]] == ["quaystream", "integrator", "device demo/crane/sts1"]
    assert [(acl["acltype"], acl["topic"]) for acl in read["roles"][-1]["acls"]] == [
        ("publishClientSend", "port/demo/crane/sts1/#"),
        ("publishClientSend", "quaystream/alive"),
        ("subscribePattern", "ack/demo/crane/sts1"),
    ]
