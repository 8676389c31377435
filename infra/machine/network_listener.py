"""Where the private broker listens to a network: with TLS only, and a certificate that is renewed while it runs."""

import asyncio
import fcntl
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate

from infra.machine.authority import SERVER_DAYS, Authority, Pair, names_of, of_pem
from infra.machine.processes import Owner, private_file
from infra.tls import CIPHERS, server_context

CERTIFICATE: Final = "server.pem"
KEY: Final = "server.key"
DEVICES_CA: Final = "devices-ca.pem"
RENEW: Final = timedelta(days=SERVER_DAYS / 3)
"""One of our own is renewed when it holds for less than this."""
CERTIFIED: Final = """\
require_certificate true
use_identity_as_username true
accept_protocol_versions 5
"""
"""With a certificate Mosquitto asks no plugin who may connect, only what each may publish. A refused publish is
answered as such in MQTT 5 only; in MQTT 3.1.1 it is acknowledged like others, and goes nowhere."""
LOOK_S: Final = 30.0
EVERY: Final = ("0.0.0.0", "::")  # noqa: S104 - compared with what a person has asked for
SIOCGIFADDR: Final = 0x8915
"""Asks for an interface's address. Source: netdevice(7)."""
INTERFACES_6: Final = Path("/proc/net/if_inet6")


@dataclass(frozen=True, slots=True)
class Given:
    """A certificate that somebody else makes and renews.

    Attributes:
        certificate: its file, PEM.
        key: that of its private key; None: the same.
    """

    certificate: Path
    key: Path | None

    def pair(self) -> Pair:
        """What the files hold now.

        Raises:
            ValueError: no certificate with its key.
            OSError: they cannot be read.
        """
        server_context(self.certificate, self.key)
        return Pair(self.certificate.read_text(), (self.key or self.certificate).read_text())


@dataclass(frozen=True, slots=True)
class Place:
    """Where something listens.

    Attributes:
        address: to listen on.
        port: TCP.
        certificates: whether devices show certificates there; else user names and passwords.
    """

    address: str
    port: int
    certificates: bool = False


class NetworkListener:
    """Listens with TLS.

    Args:
        places: where; one at least.
        names: by which devices reach this machine, beside those that it knows itself.
        authority: signs its certificate, and those of devices.
        given: the certificate to show instead.
    """

    def __init__(
        self, places: Sequence[Place], names: Sequence[str], authority: Authority, given: Given | None = None
    ) -> None:
        self.places = tuple(places)
        self._names = tuple(names)
        self._authority = authority
        self._given = given

    def url(self, place: Place) -> str:
        """How devices reach a place, by one of its names."""
        name = self.names()[0]
        return f"mqtts://[{name}]:{place.port}" if ":" in name else f"mqtts://{name}:{place.port}"

    @property
    def takes_certificates(self) -> bool:
        """Whether devices may show certificates somewhere."""
        return any(place.certificates for place in self.places)

    @property
    def ca_file(self) -> Path | None:
        """What devices verify it with; None where a certificate was given, whose CA others know."""
        if self._given is not None and not self._is_own(of_pem(self._given.certificate.read_text())):
            return None
        return self._authority.certificate_file

    def names(self) -> tuple[str, ...]:
        """Names and addresses that the certificate is for, as they are now."""
        own = (name for place in self.places for name in own_names(place.address))
        return tuple(dict.fromkeys((*self._names, *own)))

    def configuration(self, folder: Path) -> str:
        """Lines of the broker's configuration."""
        return "".join(
            f"listener {place.port} {place.address}\n"
            f"certfile {folder / CERTIFICATE}\n"
            f"keyfile {folder / KEY}\n"
            "tls_version tlsv1.2\n"
            f"ciphers {CIPHERS}\n" + (f"cafile {folder / DEVICES_CA}\n{CERTIFIED}" if place.certificates else "")
            for place in self.places
        )

    def install(self, folder: Path, owner: Owner) -> bool:
        """Put the certificate where the broker reads it; whether it is another one than before.

        Raises:
            ValueError: the one that was given is none.
            OSError: a file cannot be read or written.
        """
        there = _read(folder)
        pair = self._given.pair() if self._given is not None else self._own(there)
        if pair == there:
            return False
        private_file(folder / KEY, pair.key, owner)
        private_file(folder / CERTIFICATE, pair.certificate, owner)
        private_file(folder / DEVICES_CA, self._authority.certificate_file.read_text(), owner)
        return True

    def _own(self, there: Pair | None) -> Pair:
        if there is not None and self._holds(there):
            return there
        return self._authority.server(self.names())

    def _is_own(self, found: Sequence[Certificate]) -> bool:
        """Whether our own CA has signed it."""
        return bool(found) and self._authority.has_signed(found[0])

    def _holds(self, pair: Pair) -> bool:
        found = of_pem(pair.certificate)
        return (
            self._is_own(found)
            and names_of(found[0]).issuperset(self.names())
            and found[0].not_valid_after_utc - datetime.now(UTC) > RENEW
        )


async def keep_renewed(
    listener: NetworkListener,
    folder: Path,
    owner: Owner,
    reload: Callable[[], None],
    report: Callable[[str], None],
    look_s: float = LOOK_S,
) -> None:
    """Look for a renewed certificate until cancelled; the broker takes it for new connections.

    Args:
        listener: whose certificate it is.
        folder: where the broker reads it.
        owner: runs the broker.
        reload: makes the broker read it.
        report: takes a line for what a person should know.
        look_s: between two looks. [s]
    """
    reported = ""
    while True:
        await asyncio.sleep(look_s)
        try:
            if listener.install(folder, owner):
                reload()
                report("the broker shows a renewed certificate from now on")
            reported = ""
        except (OSError, ValueError) as error:  # half of it is written, say: the broker goes on with what it has
            if str(error) != reported:
                reported = str(error)
                report(f"the broker keeps its certificate, the new one cannot be used: {error}")


def own_names(address: str) -> tuple[str, ...]:
    """Names and addresses by which this machine is reached where it listens on an address."""
    host = socket.gethostname()
    found = [host, socket.getfqdn()] if address in EVERY else [address, host]
    addresses = addresses_here() if address in EVERY else []
    return tuple(dict.fromkeys((*found, *addresses, "localhost", "127.0.0.1")))


def addresses_here() -> list[str]:
    """Addresses of this machine's interfaces, but those that hold on one link only."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # it has none
                answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    with suppress(OSError):  # no IPv6
        lines = INTERFACES_6.read_text().splitlines()
        found += [str(IPv6Address(bytes.fromhex(line.split()[0]))) for line in lines]
    return [one for one in found if not ip_address(one).is_link_local]


def _read(folder: Path) -> Pair | None:
    with suppress(OSError):
        return Pair((folder / CERTIFICATE).read_text(), (folder / KEY).read_text())
    return None
