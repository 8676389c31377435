"""Values of settings, read from text: each function raises ValueError with what to change."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from infra.tls import client_context


def text(raw: str) -> str:
    """As it is."""
    return raw


def url(*schemes: str) -> Callable[[str], str]:
    """A URL with one of these schemes, and a host; a setting of its own kind may have more to check."""

    def parse(raw: str) -> str:
        try:
            parts = urlsplit(raw)
            whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:  # its words would quote what may be a password
            whole = False
        if not whole:
            raise ValueError(f"must look like {schemes[0]}://user:password@host:port")
        return raw

    return parse


def source_url(raw: str) -> str:
    """A URL whose scheme names a source."""
    try:
        scheme = urlsplit(raw).scheme
    except ValueError:
        scheme = ""
    if not scheme:
        raise ValueError("must be a URL whose scheme names a source")
    if scheme in ("mqtt", "mqtts"):
        raise ValueError("the broker is QUAYSTREAM_MQTT_URL; leave this unset to read from it")
    return raw


def address(raw: str) -> tuple[str, int]:
    """Host and port."""
    host, _, port = raw.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError("must be host:port, for example 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def number(low: float, high: float) -> Callable[[str], int]:
    """A whole number within limits."""

    def parse(raw: str) -> int:
        try:
            value = int(raw)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g}")
        return value

    return parse


def level(raw: str) -> str:
    """A level of the log."""
    if raw.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be one of debug, info, warning, error")
    return raw.upper()


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(raw: str) -> str:
        if raw not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return raw

    return parse


def issuer(raw: str) -> str:
    """The URL of a provider of tokens; without TLS on this machine only, as whoever is in between could sign."""
    try:
        parts = urlsplit(raw)
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        whole = bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        local = whole = False
    if not whole or not (local or parts.scheme == "https"):
        raise ValueError("must be the issuer as its tokens have it, such as https://login.port.example/realms/quay")
    return raw


def ca_file(raw: str) -> Path:
    """A file of certificates of a CA, read once to see that it is one."""
    path = Path(raw)
    if not path.is_file():
        raise ValueError("there is no such file")
    try:
        client_context(path)
    except ValueError as error:
        raise ValueError(str(error).removeprefix(f"{path}: ")) from None
    return path


def default_cache() -> str:
    """Folder for the programs of the private stack: of the machine for root, else of the user."""
    if os.geteuid() == 0:
        return "/var/cache/quaystream"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return f"{base}/quaystream"
