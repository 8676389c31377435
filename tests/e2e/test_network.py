"""A device in another network namespace reaches the broker of `up --listen`, over TLS, with credentials of its own."""

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest

from infra.machine.processes import free_port
from tests.conftest import eventually
from tests.e2e.conftest import Up
from tests.faults.network.namespace import Namespace, needs_namespace

pytestmark = pytest.mark.skipif(needs_namespace() is not None, reason=str(needs_namespace()))
OWN, OTHER = "port/demo/crane/sts9/telemetry", "port/demo/crane/sts1/telemetry"
MESSAGE = '{\\"ts\\": $(date +%s%3N), \\"landed\\": true}'


@pytest.fixture
def elsewhere() -> Iterator[Namespace]:
    """Another machine, as far as addresses go; made before the stack, whose certificate has our addresses."""
    with Namespace() as namespace:
        yield namespace


async def test_a_crane_appears_that_connects_from_another_network(
    elsewhere: Namespace, start: Callable[..., Up]
) -> None:
    """A foreign topic, a wrong password, no TLS and no CA are refused; a certificate does instead of a password."""
    secure, certified = free_port(), free_port()
    up = start("--listen", f"0.0.0.0:{secure}", "--listen-certificates", f"0.0.0.0:{certified}")
    up.shows("devices with passwords connect to mqtts://", "ready: open", within_s=180)

    def publish(arguments: str, port: int = secure) -> str:
        """What mosquitto_pub complains of, when it publishes from there."""
        inside = " ".join(elsewhere.command([]))
        script = f'{inside} mosquitto_pub -V 5 -q 1 -h {elsewhere.good} -p {port} -m "{MESSAGE}" {arguments}'
        return up.joined(f"{script} || true").stderr

    device = json.loads(up.joined("quaystream device add demo/crane/sts9 --json").stdout)
    user = "-u {username} -i {client_id}".format(**device)
    known = f'{user} -P {device["password"]} --cafile "$QUAYSTREAM_MQTT_CA"'
    assert publish(f"{known} -t {OWN}") == ""
    await eventually(lambda: seen(up) == ["sts9"])
    assert "Not authorized" in publish(f"{known} -t {OTHER}")
    assert "Not authorized" in publish(f'{user} -P wrong --cafile "$QUAYSTREAM_MQTT_CA" -t {OWN}')
    assert "Error" in publish(f"{user} -P {device['password']} -t {OWN}")
    assert "TLS error" in publish(
        f"{user} -P {device['password']} --cafile /etc/ssl/certs/ca-certificates.crt -t {OWN}"
    )
    assert up.joined('quaystream ca device demo/crane/sts9 --out "$QUAYSTREAM_STATE_DIR/certificates"').returncode == 0
    folder = '"$QUAYSTREAM_STATE_DIR"/certificates/demo.crane.sts9'
    shown = f'--cafile "$QUAYSTREAM_MQTT_CA" --cert {folder}.pem --key {folder}.key -i anything'
    assert publish(f"{shown} -t {OWN}", certified) == ""
    assert "Not authorized" in publish(f"{shown} -t {OTHER}", certified)
    assert seen(up) == ["sts9"]


def seen(up: Up) -> list[str]:
    """Devices that were heard of."""
    done: subprocess.CompletedProcess[str] = up.joined(
        'psql -At "$QUAYSTREAM_DATABASE_URL" -c "SELECT device FROM device ORDER BY 1"'
    )
    return done.stdout.split()


def test_what_cannot_be_listened_on_is_one_line_before_anything_starts(start: Callable[..., Up]) -> None:
    for arguments, settings, words in (
        (["--listen", "8883"], {}, "is no address to listen on; write 0.0.0.0:8883, say"),
        (["--listen", "198.51.100.1:8883"], {}, "cannot be used"),
        (["--name", "quay.example"], {}, "--name is a name in the certificate of --listen; give both"),
        (["--listen", "127.0.0.1:1"], {"MQTT_URL": "mqtt://127.0.0.1:1"}, "names another one"),
        ([], {"HTTP": "0.0.0.0:1", "TLS_CERT": "/nowhere"}, "QUAYSTREAM_TLS_CERT: /nowhere: No such file or directory"),
    ):
        up = start(*arguments, **settings)
        assert up.ended() != 0
        assert words in up.output, up.output
        assert "starting TimescaleDB" not in up.output
