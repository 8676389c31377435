"""Where a broker is, and what it is reached with, in one URL.

`mqtt://user:password@host:1883`, or `mqtts://user:password@host:8883?ca=FILE&cert=FILE&key=FILE` with TLS. The files
are optional; settings have names of their own for them (`QUAYSTREAM_MQTT_CA`, …), as a URL with files is hard to read.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlencode, urlsplit, urlunsplit

from infra.tls import client_context

PLAIN: Final = "mqtt"
SECURE: Final = "mqtts"
PORTS: Final = {PLAIN: 1883, SECURE: 8883}


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """A URL in its parts.

    Attributes:
        host: name or address.
        port: TCP port.
        user: None where none is given.
        password: of the user.
        secure: whether the connection has TLS.
        ca: file of the CA's certificates; None: what the system trusts.
        certificate: file of the client's certificate, None where it has none.
        key: file of its private key, None where it stands with the certificate.
    """

    host: str
    port: int
    user: str | None
    password: str
    secure: bool
    ca: Path | None
    certificate: Path | None
    key: Path | None

    @property
    def place(self) -> str:
        """Host and port, as messages show it."""
        return f"{self.host}:{self.port}"

    def context(self) -> ssl.SSLContext | None:
        """What a connection is secured with, its files read now; None without TLS.

        Raises:
            ValueError: a file cannot be read or holds something else.
        """
        return client_context(self.ca, self.certificate, self.key) if self.secure else None


def read(url: str) -> BrokerUrl:
    """The parts of a URL."""
    parts = urlsplit(url)
    files = parse_qs(parts.query)
    ca, certificate, key = (Path(files[name][0]) if name in files else None for name in ("ca", "cert", "key"))
    return BrokerUrl(
        parts.hostname or "",
        parts.port or PORTS.get(parts.scheme, PORTS[PLAIN]),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password or ""),
        parts.scheme == SECURE,
        ca,
        certificate,
        key,
    )


def with_files(url: str, files: Mapping[str, Path | None]) -> str:
    """A URL with the files that are given, by the names that `read` knows; a URL without TLS needs none."""
    parts = urlsplit(url)
    given = {name: str(path) for name, path in files.items() if path is not None}
    if parts.scheme != SECURE or not given:
        return url
    query = "&".join(filter(None, (parts.query, urlencode(given))))
    return urlunsplit(parts._replace(query=query))
