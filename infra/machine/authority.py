"""A small private CA in the state folder: it signs this machine's certificate, and those of devices.

Source: RFC 5280 for what stands in certificates; CA/Browser Forum, Baseline Requirements 6.3.2, for 398 days at most.
"""

import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.machine.processes import Owner, private_file
from processing.model.errors import SettingsError

FOLDER: Final = "ca"
CERTIFICATE: Final = "ca.pem"
KEY: Final = "ca.key"
CA_DAYS: Final = 3650
SERVER_DAYS: Final = 397
EARLIER: Final = timedelta(hours=1)
"""Certificates hold from so long before they are made: clocks of devices differ."""
LONGEST_NAME: Final = 64
"""Of a common name, in characters. Source: RFC 5280, A.1, ub-common-name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str


class Authority:
    """The CA of a state folder, made when it is asked for first. Its key never leaves the folder.

    Args:
        state_dir: the folder.

    Raises:
        SettingsError: its files cannot be read or made.
    """

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir.absolute() / FOLDER
        try:
            if not self.certificate_file.exists():
                self._make()
            self._certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
            key = load_pem_private_key((self._folder / KEY).read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"the CA in {self._folder} cannot be used: {error}; put its files back, or remove the folder: a new CA "
                "is made then, which every device has to get"
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SettingsError(f"{self._folder / KEY} is not the key that quaystream made; put that back")
        self._key = key

    @property
    def certificate_file(self) -> Path:
        """What clients verify this machine with; no secret."""
        return self._folder / CERTIFICATE

    @property
    def certificate(self) -> x509.Certificate:
        """The same, read."""
        return self._certificate

    def server(self, names: Iterable[str], days: int = SERVER_DAYS) -> Pair:
        """A certificate of a server with these host names and addresses."""
        listed = list(dict.fromkeys(names))
        alternative = x509.SubjectAlternativeName([_general(name) for name in listed])
        return self._sign(listed[0][:LONGEST_NAME], ExtendedKeyUsageOID.SERVER_AUTH, days, alternative)

    def device(self, name: str, days: int) -> Pair:
        """A certificate that a device shows at the broker, which takes its common name for the user's."""
        return self._sign(name, ExtendedKeyUsageOID.CLIENT_AUTH, days)

    def has_signed(self, certificate: x509.Certificate) -> bool:
        """Whether a certificate is one of its own."""
        try:
            certificate.verify_directly_issued_by(self._certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def _sign(
        self, name: str, usage: x509.ObjectIdentifier, days: int, alternative: x509.SubjectAlternativeName | None = None
    ) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _dated(x509.CertificateBuilder(), days)
            .subject_name(_named(name))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if alternative is not None:
            builder = builder.add_extension(alternative, critical=False)
        return Pair(_pem(builder.sign(self._key, SHA256())), _key_pem(key))

    def _make(self) -> None:
        """A CA of its own for each state folder, named after the machine."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(f"quaystream CA of {socket.gethostname()}"[:LONGEST_NAME])
        certificate = (
            _dated(x509.CertificateBuilder(), CA_DAYS)
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ourselves = Owner(os.geteuid(), os.getegid(), "")
        private_file(self._folder / KEY, _key_pem(key), ourselves)
        self.certificate_file.write_text(_pem(certificate))  # last: it stands for both


def of_pem(text: str) -> Sequence[x509.Certificate]:
    """Certificates of a PEM file, the server's own first; none where it has none."""
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return ()


def names_of(certificate: x509.Certificate) -> frozenset[str]:
    """Host names and addresses that a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    addresses = map(str, found.get_values_for_type(x509.IPAddress))
    return frozenset((*found.get_values_for_type(x509.DNSName), *addresses))


def _dated(builder: x509.CertificateBuilder, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return builder.not_valid_before(now - EARLIER).not_valid_after(now + timedelta(days=days))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
