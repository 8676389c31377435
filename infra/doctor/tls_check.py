"""Connections that cross a network without TLS, and certificates that end soon."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509

from infra.doctor.check import Check, ok, warn
from infra.doctor.configuration import LOOPBACK
from infra.machine.authority import CERTIFICATE, FOLDER, of_pem
from infra.mqtt import broker_url
from infra.settings import Settings

SOON_DAYS = 30
CONNECT_S = 3.0
VERIFIED = ("verify-full", "verify-ca")


def checks(settings: Settings, mqtt_url: str | None, database_url: str | None) -> Iterator[Check]:
    """Findings about TLS; one line where all is well."""
    found = [
        *(_broker(mqtt_url) if mqtt_url is not None else ()),
        *(_database(database_url) if database_url is not None else ()),
        *_files(settings),
    ]
    yield from found
    if not found:
        yield ok("tls", "nothing crosses a network in the clear, no certificate ends soon")


def _broker(url: str) -> Iterator[Check]:
    broker = broker_url.read(url)
    if not broker.secure:
        if broker.host not in LOOPBACK:
            seen = f"the connection to the broker {broker.place} has no TLS: its password and all data can be read"
            yield warn("tls", seen, "open a listener with TLS there, and begin QUAYSTREAM_MQTT_URL with mqtts://")
        return
    certificate = _shown(broker)
    if certificate is not None:
        advice = "renew it on the broker's machine"
        yield from ends_soon(f"the certificate of the broker {broker.place}", certificate, advice)


def _shown(broker: broker_url.BrokerUrl) -> x509.Certificate | None:
    """What the broker shows; None where there is no connection, which another check finds."""
    context = broker.context()
    if context is None:
        return None
    try:
        with (
            socket.create_connection((broker.host, broker.port), timeout=CONNECT_S) as plain,
            context.wrap_socket(plain, server_hostname=broker.host) as secure,
        ):
            shown = secure.getpeercert(binary_form=True)
    except OSError:
        return None
    return None if shown is None else of_pem(ssl.DER_cert_to_PEM_cert(shown))[0]


def _database(url: str) -> Iterator[Check]:
    parts = urlsplit(url)
    mode = parse_qs(parts.query).get("sslmode", ["prefer"])[0]
    if parts.hostname not in LOOPBACK and mode not in VERIFIED:
        seen = f"the connection to the database {parts.hostname} is not verified (sslmode={mode})"
        yield warn("tls", seen, "append ?sslmode=verify-full&sslrootcert=FILE to QUAYSTREAM_DATABASE_URL")


def _files(settings: Settings) -> Iterator[Check]:
    named = {
        "QUAYSTREAM_TLS_CERT": (settings.tls_cert, "renew it; a running API and broker take the new one by themselves"),
        "QUAYSTREAM_MQTT_CERT": (settings.mqtt_cert, "renew it; the next connection takes the new one"),
        "the CA of quaystream": (
            settings.state_dir / FOLDER / CERTIFICATE,
            "move its folder away for a new one, and give that to all devices",
        ),
    }
    for name, (path, advice) in named.items():
        for certificate in _of_file(path)[:1]:
            yield from ends_soon(f"the certificate of {name}", certificate, advice)


def _of_file(path: Path | None) -> list[x509.Certificate]:
    if path is None:
        return []
    try:
        return list(of_pem(path.read_text()))
    except OSError:  # there is none
        return []


def ends_soon(what: str, certificate: x509.Certificate, advice: str) -> Iterator[Check]:
    """A warning where it holds for fewer than `SOON_DAYS` days."""
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    if left.days < SOON_DAYS:
        when = f"ends in {left.days} days" if left.days >= 0 else "has ended"
        yield warn("tls", f"{what} {when}, on {certificate.not_valid_after_utc:%Y-%m-%d}", advice)
