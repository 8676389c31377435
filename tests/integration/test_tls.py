"""The broker's listener for a network: TLS only, verified, renewed while connections stay."""

import asyncio
import contextlib
import json
import socket
import ssl
import tempfile
import time
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from infra.access import device_accounts
from infra.access.device_name import DeviceName
from infra.connection import Connection
from infra.doctor import tls_check
from infra.machine.authority import Authority
from infra.machine.broker import PrivateBroker
from infra.machine.broker_control import admit
from infra.machine.broker_users import ADMIN
from infra.machine.device_users import DeviceUsers
from infra.machine.network_listener import Given, NetworkListener, Place, keep_renewed
from infra.machine.processes import free_port, owner_of, private_folder
from infra.machine.stack import Stack
from infra.mqtt import broker_url
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from infra.settings import load
from tests.conftest import eventually
from tests.integration.test_doctor import doctor
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.worker_process import worker

AT = [Place("127.0.0.1", 1)]


@dataclass(frozen=True, slots=True)
class Secured:
    """A broker with TLS; the name in its certificate is localhost, and a server's own pair can be given to it."""

    broker: PrivateBroker
    listener: NetworkListener
    folder: Path
    authority: Authority

    def url(self, ca: Path | None = None, host: str = "localhost") -> str:
        """Its URL for the network, with the CA that is trusted."""
        query = f"?ca={quote(str(ca))}" if ca is not None else ""
        return f"mqtts://{ADMIN.name}:secret@{host}:{self.listener.places[0].port}{query}"

    @property
    def trusted(self) -> str:
        """Its URL with the right CA."""
        return self.url(self.authority.certificate_file)

    def shown(self) -> bytes:
        """The certificate that a new connection is shown."""
        context = ssl.create_default_context(cafile=self.authority.certificate_file)
        with (
            socket.create_connection(("127.0.0.1", self.listener.places[0].port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            return secure.getpeercert(binary_form=True) or b""


@pytest.fixture
def secured(stack: Stack) -> Iterator[Secured]:
    """A broker of the test's own, whose certificate is read from two files that the test may replace."""
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        authority = Authority(folder / "state")
        write_pair(authority, folder)
        places = [Place("127.0.0.1", free_port()), Place("127.0.0.1", free_port(), certificates=True)]
        given = Given(folder / "own.pem", folder / "own.key")
        listener = NetworkListener(places, ["localhost"], authority, given)
        own = private_folder(folder / "broker", owner_of(folder))
        broker = PrivateBroker(
            stack.binaries, own, owner_of(folder), {ADMIN: "secret"}, "memory", network_listener=listener
        )
        broker.start()
        try:
            yield Secured(broker, listener, folder, authority)
        finally:
            broker.kill()


def write_pair(authority: Authority, folder: Path) -> None:
    """A new certificate, first without its key, as whoever renews it may write them."""
    pair = authority.server(["localhost"])
    (folder / "own.pem").write_text(pair.certificate)
    (folder / "own.key").write_text(pair.key)


async def test_many_messages_of_a_turn_come_whole_and_in_order(secured: Secured) -> None:
    """TLS cuts them into records as it likes: tiny ones, and some longer than a record or than one read."""
    sent = [b"%d " % n + b"x" * (n % 7 * 20 if n % 500 else 200_000) for n in range(3000)]
    got: list[bytes] = []
    async with Mqtt(
        secured.trusted,
        "reader",
        on_messages=lambda messages: got.extend(one.payload for one in messages),
        subscriptions=["port/#"],
    ) as reader:
        reader.pause()
        async with Mqtt(secured.trusted, "writer") as writer:
            for payload in sent:
                writer.publish("port/t/crane/c/telemetry", payload)
            await writer.drain(1)
        reader.resume()
        await eventually(lambda: len(got) >= len(sent))
    assert got == sent


async def test_whoever_is_left_gets_all_that_was_sent(secured: Secured) -> None:
    """A connection that ends in order sends the acknowledgements that it owes: nothing comes twice."""
    name = f"leaver-{uuid.uuid4().hex}"
    for _ in range(3):
        got: list[Message] = []
        async with Mqtt(
            secured.trusted,
            name,
            clean_start=False,
            session_expiry_s=600,
            manual_ack=True,
            subscriptions=["port/#"],
            on_messages=got.extend,
        ) as reader:
            async with Mqtt(secured.trusted, "writer") as writer:
                for n in range(500):
                    writer.publish("port/t/crane/c/telemetry", b"%d" % n)
                await writer.drain(1)
            await eventually(lambda got=got: len(got) >= 500)  # type: ignore[misc] # its argument is bound here
            reader.ack([one.mid for one in got])
        assert [one.payload for one in got] == [b"%d" % n for n in range(500)]


@pytest.mark.parametrize(
    ("ca", "host", "port", "why"),
    [
        (None, "localhost", "tls", "its certificate does not hold: unable to get local issuer certificate"),
        ("other", "localhost", "tls", "its certificate does not hold"),
        ("own", "127.0.0.2", "tls", "its certificate does not hold: IP address mismatch"),
        ("own", "localhost", "plain", "does this port speak TLS?"),
    ],
)
async def test_a_broker_that_cannot_be_verified_gets_no_password(
    secured: Secured, ca: str | None, host: str, port: str, why: str, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "other") if ca == "other" else secured.authority
    url = secured.url(authority.certificate_file if ca else None, host)
    if port == "plain":
        url = url.replace(f":{secured.listener.places[0].port}", f":{secured.broker.port}")
    if host == "127.0.0.2":  # the broker listens on another address: something in between passes connections on
        async with passing(secured.listener.places[0].port) as between:
            url = url.replace(f":{secured.listener.places[0].port}", f":{between}")
            await refused(url, why)
    else:
        await refused(url, why)


async def refused(url: str, why: str) -> None:
    """No connection, for this reason."""
    with pytest.raises(MqttError) as raised:
        async with Mqtt(url, "stranger"):
            pass
    assert why in str(raised.value)
    assert "secret" not in str(raised.value)


@contextlib.asynccontextmanager
async def passing(port: int) -> AsyncIterator[int]:
    """Takes connections at 127.0.0.2, and passes on what comes."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, back), copy(onward, writer))

    async with await asyncio.start_server(take, "127.0.0.2", 0) as server:
        yield server.sockets[0].getsockname()[1]


def test_nothing_older_than_tls_1_2_is_spoken(secured: Secured) -> None:
    context = ssl.create_default_context(cafile=secured.authority.certificate_file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    for version, spoken in {ssl.TLSVersion.TLSv1_1: False, ssl.TLSVersion.TLSv1_2: True}.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of old versions, which is the point here
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
        with socket.create_connection(("127.0.0.1", secured.listener.places[0].port)) as plain:
            try:
                with context.wrap_socket(plain, server_hostname="localhost"):
                    assert spoken
            except OSError:
                assert not spoken


async def test_a_renewed_certificate_is_shown_while_connections_stay(secured: Secured) -> None:
    """Half of it written is no certificate: the old one stays, and a line has why."""
    lines: list[str] = []
    renewing = asyncio.create_task(
        keep_renewed(
            secured.listener,
            secured.folder / "broker",
            owner_of(secured.folder),
            secured.broker.reload,
            lines.append,
            0.05,
        )
    )
    before = await asyncio.to_thread(secured.shown)
    async with Mqtt(secured.trusted, "stays") as mqtt:
        key = (secured.folder / "own.key").read_text()
        write_pair(secured.authority, secured.folder)
        new_key = (secured.folder / "own.key").read_text()
        (secured.folder / "own.key").write_text(key)
        await eventually(lambda: any("does not hold a certificate whose private key is in" in line for line in lines))
        assert await asyncio.to_thread(secured.shown) == before
        (secured.folder / "own.key").write_text(new_key)
        wanted = ssl.PEM_cert_to_DER_cert((secured.folder / "own.pem").read_text())
        async with asyncio.timeout(60):
            while await asyncio.to_thread(secured.shown) != wanted:
                await asyncio.sleep(0.05)
        assert mqtt.connected
        assert await mqtt.answered(mqtt.publish("port/t/crane/c/telemetry", b"")) is None
    renewing.cancel()


def test_our_own_certificate_is_kept_until_names_or_time_ask_for_another(secured: Secured, tmp_path: Path) -> None:
    owner = owner_of(tmp_path)
    tmp_path.chmod(0o711)
    listener = NetworkListener(AT, ["a.example"], secured.authority)
    assert [listener.install(tmp_path, owner) for _ in range(2)] == [True, False]
    assert not NetworkListener(AT, [], secured.authority).install(tmp_path, owner)  # fewer names
    assert NetworkListener(AT, ["b.example"], secured.authority).install(tmp_path, owner)
    soon = secured.authority.server(["a.example", *listener.names()], days=100)
    (tmp_path / "server.pem").write_text(soon.certificate)
    (tmp_path / "server.key").write_text(soon.key)
    assert listener.install(tmp_path, owner)  # a third of its 397 days is more than is left
    assert NetworkListener(AT, ["a.example"], Authority(tmp_path / "other")).install(tmp_path, owner)


async def test_the_worker_reads_over_tls(secured: Secured, database_url: str, tmp_path: Path) -> None:
    """Its settings name the CA; what a device sends over TLS becomes a move."""
    settings = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": secured.url(),
        "QUAYSTREAM_MQTT_CA": str(secured.authority.certificate_file),
        "QUAYSTREAM_CLIENT_ID": "worker-over-tls",
    }
    with worker(settings, tmp_path / "worker.log"):
        async with Mqtt(secured.trusted, "device") as device:
            for sample in lift(now_ms() - 55_000):
                device.publish("port/t/crane/sts1/telemetry", json.dumps(sample))
            await eventually(lambda: rows(database_url, "SELECT 1 FROM crane_move"))


def test_the_doctor_visits_over_tls(secured: Secured, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSTREAM_MQTT_CA", str(secured.authority.certificate_file))
    _, reported = doctor(secured.url(), database_url)
    assert "ok broker" in reported, reported
    monkeypatch.delenv("QUAYSTREAM_MQTT_CA")
    _, reported = doctor(secured.url(), database_url)
    assert "its certificate does not hold" in reported["fail broker"]


def test_the_doctor_names_what_crosses_a_network_in_the_clear_and_what_ends_soon(
    secured: Secured, tmp_path: Path
) -> None:
    """By hand: a plain broker elsewhere, a database that is not verified, certificates with 29 and 31 days left."""
    for days, soon in {29: True, 31: False}.items():
        pair = secured.authority.server(["localhost"], days=days)
        (tmp_path / "own.pem").write_text(pair.certificate + pair.key)
        settings = load(
            {"QUAYSTREAM_TLS_CERT": str(tmp_path / "own.pem"), "QUAYSTREAM_STATE_DIR": str(secured.folder / "state")}
        )
        found = [*tls_check.checks(settings, "mqtt://127.0.0.1", "postgresql://u@127.0.0.1/d")]
        assert [check.state for check in found] == (["warn"] if soon else ["ok"])
        assert ("QUAYSTREAM_TLS_CERT ends in 28 days" in found[0].seen) == soon  # 29 days less a moment
    found = [*tls_check.checks(settings, "mqtt://u:p@broker.example", "postgresql://u:p@db.example/d?sslmode=require")]
    assert [check.state for check in found] == ["warn", "warn"]
    assert "broker.example:1883 has no TLS" in found[0].seen
    assert "db.example is not verified (sslmode=require)" in found[1].seen
    assert not any(":p@" in check.seen for check in found)


STS1 = DeviceName("t", "crane", "sts1")


def certified(secured: Secured, authority: Authority, name: DeviceName, folder: Path) -> str:
    """URL of the port for certificates, with one of a device."""
    folder.mkdir(exist_ok=True)
    pair = authority.device(str(name), 1)
    certificate, key = folder / "device.pem", folder / "device.key"
    certificate.write_text(pair.certificate)
    key.write_text(pair.key)
    files = f"ca={quote(str(secured.authority.certificate_file))}&cert={quote(str(certificate))}&key={quote(str(key))}"
    return f"mqtts://localhost:{secured.listener.places[1].port}?{files}"


async def test_a_device_with_a_certificate_speaks_for_itself_until_it_is_revoked(
    secured: Secured, connection: Connection, database_url: str, tmp_path: Path
) -> None:
    """While the disk is short of room it is refused what it publishes, with the reason code that keeps it unsent."""
    users = DeviceUsers(database_url, lambda: secured.broker.url_of(ADMIN), print, certificates=True)
    following = asyncio.create_task(users.run())
    url = certified(secured, secured.authority, STS1, tmp_path / "sts1")
    own, other = "port/t/crane/sts1/telemetry", "port/t/crane/sts2/telemetry"

    async def refused_now(topic: str) -> str | None:
        async with Mqtt(url, f"device-{uuid.uuid4().hex}") as mqtt:
            return await mqtt.answered(mqtt.publish(topic, b""))

    assert await refused_now(own) == "Not authorized"
    await device_accounts.add(connection, STS1)
    assert await users.enter({}) is None
    assert await refused_now(own) is None
    assert await refused_now(other) == "Not authorized"
    for admitted in (False, True):
        await admit(secured.broker.url_of(ADMIN), [], admitted=admitted, certified_names=users.certified())
        assert (await refused_now(own) is None) == admitted
    lost = asyncio.Event()
    async with Mqtt(url, "stays", on_disconnect=lost.set):
        await device_accounts.revoke(connection, STS1)
        async with asyncio.timeout(60):
            await lost.wait()
    assert await refused_now(own) == "Not authorized"
    following.cancel()


async def test_without_a_certificate_of_our_own_ca_nobody_connects_there(secured: Secured, tmp_path: Path) -> None:
    url = certified(secured, Authority(tmp_path / "other"), STS1, tmp_path / "sts1")
    for one in (url, url.partition("&cert")[0]):
        with pytest.raises(MqttError):
            async with Mqtt(one, "stranger"):
                pass


def test_older_clients_are_refused_there_since_they_would_not_see_a_refusal(secured: Secured, tmp_path: Path) -> None:
    url = broker_url.read(certified(secured, secured.authority, STS1, tmp_path / "sts1"))
    context = url.context()
    assert context is not None
    answers: list[int] = []
    client = Client(CallbackAPIVersion.VERSION2, "old", protocol=MQTTProtocolVersion.MQTTv311)
    client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(reason.value)
    client.tls_set_context(context)
    client.connect(url.host, url.port)
    client.loop_start()
    deadline = time.monotonic() + 60
    while not answers and time.monotonic() < deadline:
        time.sleep(0.02)
    client.loop_stop()
    assert answers[0] == 132  # unsupported protocol version
