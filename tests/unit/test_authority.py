"""The private CA and what it signs, read with the system's own TLS."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.commands.listen import host_name
from infra.machine.authority import Authority, names_of, of_pem
from infra.machine.network_listener import own_names
from infra.mqtt import broker_url
from infra.settings import load
from infra.tls import client_context, server_context
from processing.model.errors import SettingsError


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bytes:
    """One in memory; the server's certificate as the client has seen it."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=name)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (ours, theirs):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return ours.getpeercert(binary_form=True) or b""


def test_its_servers_are_verified_by_name_and_address(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.server(["quay.example", "198.18.0.1", "fd00::1"])
    (tmp_path / "both.pem").write_text(pair.certificate + pair.key)
    server, client = server_context(tmp_path / "both.pem", None), client_context(authority.certificate_file)
    for name in ("quay.example", "198.18.0.1", "fd00::1"):
        assert handshake(server, client, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, client, "other.example")
    other = client_context(Authority(tmp_path / "other").certificate_file)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, other, "quay.example")


def test_what_stands_in_certificates(tmp_path: Path) -> None:
    """Limits by hand: ten years, 397 days; a server's is for no device, and signs nothing."""
    authority = Authority(tmp_path)
    (server,) = of_pem(authority.server(["a.example"]).certificate)
    (device,) = of_pem(authority.device("t/crane/sts1", 30).certificate)
    now = datetime.now(UTC)
    for certificate, days in ((authority.certificate, 3650), (server, 397), (device, 30)):
        assert abs(certificate.not_valid_after_utc - now - timedelta(days=days)) < timedelta(minutes=5)
        assert certificate.not_valid_before_utc < now
    for certificate, usage in (
        (server, ExtendedKeyUsageOID.SERVER_AUTH),
        (device, ExtendedKeyUsageOID.CLIENT_AUTH),
    ):
        assert list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [usage]
        assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert device.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "t/crane/sts1"
    assert names_of(server) == {"a.example"}
    assert names_of(device) == frozenset()


def test_it_is_made_once_and_its_key_is_for_its_owner_only(tmp_path: Path) -> None:
    first, second = Authority(tmp_path), Authority(tmp_path)
    assert first.certificate == second.certificate
    assert (tmp_path / "ca" / "ca.key").stat().st_mode & 0o777 == 0o600
    assert second.has_signed(*of_pem(first.device("t/crane/sts1", 1).certificate))
    assert not Authority(tmp_path / "other").has_signed(*of_pem(first.device("t/crane/sts1", 1).certificate))


def test_a_broken_ca_is_named_with_what_to_do(tmp_path: Path) -> None:
    Authority(tmp_path)
    (tmp_path / "ca" / "ca.key").write_text("nothing")
    with pytest.raises(SettingsError, match="put its files back, or remove the folder"):
        Authority(tmp_path)


def test_files_that_are_none_are_named_by_their_setting(tmp_path: Path) -> None:
    """A CA file that is none, a key of another certificate, a key alone, a file that is not there."""
    authority = Authority(tmp_path)
    one, other = authority.server(["a.example"]), authority.server(["a.example"])
    (tmp_path / "one.pem").write_text(one.certificate)
    (tmp_path / "other.key").write_text(other.key)
    (tmp_path / "text").write_text("hello")
    wrong = {
        "MQTT_CA": (str(tmp_path / "text"), "does not hold a certificate in PEM form"),
        "MQTT_CERT": (str(tmp_path / "absent"), "No such file or directory"),
        "TLS_CERT": (str(tmp_path / "one.pem"), f"a certificate whose private key is in {tmp_path / 'other.key'}"),
    }
    environ = {f"QUAYSTREAM_{name}": value for name, (value, _) in wrong.items()}
    with pytest.raises(SettingsError) as raised:
        load(environ | {"QUAYSTREAM_TLS_KEY": str(tmp_path / "other.key")})
    lines = str(raised.value).splitlines()[1:]
    assert len(lines) == len(wrong)
    for line, (name, (_, words)) in zip(lines, wrong.items(), strict=True):
        assert line.strip().startswith(f"QUAYSTREAM_{name}")
        assert words in line
    with pytest.raises(SettingsError, match="QUAYSTREAM_MQTT_KEY is set without QUAYSTREAM_MQTT_CERT"):
        load({"QUAYSTREAM_MQTT_KEY": str(tmp_path / "other.key")})


def test_a_key_with_a_password_is_not_asked_for_on_a_terminal(tmp_path: Path) -> None:
    pair = Authority(tmp_path).server(["a.example"])
    key = load_pem_private_key(pair.key.encode(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    (tmp_path / "locked.pem").write_bytes(pair.certificate.encode() + locked)
    with pytest.raises(ValueError, match="the private key has a password"):
        server_context(tmp_path / "locked.pem", None)


def test_files_of_a_broker_are_part_of_its_url(tmp_path: Path) -> None:
    ca = Authority(tmp_path / "with space").certificate_file
    settings = load({"QUAYSTREAM_MQTT_URL": "mqtts://u:p@broker.example", "QUAYSTREAM_MQTT_CA": str(ca)})
    broker = broker_url.read(settings.require_mqtt())
    assert (broker.place, broker.secure, broker.ca) == ("broker.example:8883", True, ca)
    plain = load({"QUAYSTREAM_MQTT_URL": "mqtt://u:p@127.0.0.1", "QUAYSTREAM_MQTT_CA": str(ca)})
    assert plain.require_mqtt() == "mqtt://u:p@127.0.0.1"  # as a shell has it after `quaystream env`


def test_names_of_this_machine() -> None:
    every = own_names("0.0.0.0")  # noqa: S104 - nothing listens
    assert {"localhost", "127.0.0.1"} < set(every)
    assert own_names("198.18.0.1")[0] == "198.18.0.1"
    assert not any(name.startswith(("169.254.", "fe80")) for name in every)


@pytest.mark.parametrize("text", ["quay.example", "198.18.0.1", "fd00::1", "x"])
def test_host_names(text: str) -> None:
    assert host_name(text) == text


@pytest.mark.parametrize("text", ["", "a b", "-x", "a/b", "häfen.example", "a\n"])
def test_what_is_no_host_name(text: str) -> None:
    with pytest.raises(Exception, match="is no host name or address"):
        host_name(text)
