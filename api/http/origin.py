"""Who may talk to a server without login: pages it served itself, under names of this machine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from api.http.errors import ForbiddenError

HOST = re.compile(r"(?:\[(?P<literal>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::[0-9]{1,5})?")
"""A Host header as a whole (RFC 9110, 7.2): what only begins as one, such as `127.0.0.1:80.example.org`, is none."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_local(host_header: str) -> bool:
    """Whether a Host header names this machine by loopback: no name that a foreign page could have pointed at it."""
    return is_loopback(_name(host_header))


def check_host(host_header: str, listening_on: str) -> None:
    """Refuse names that a foreign page could have pointed at this machine (DNS rebinding).

    Args:
        host_header: the request's Host.
        listening_on: host the server listens on.

    Raises:
        ForbiddenError: the name is not one of this machine.
    """
    name = _name(host_header)
    if not is_loopback(name) and name != listening_on:
        raise ForbiddenError(f"this server answers on this machine only; use {listening_on}, not {name[:80]!r}")


def _name(host_header: str) -> str:
    """The name or address of a Host header, empty where it is none."""
    found = HOST.fullmatch(host_header)
    return (found["literal"] or found["name"]).lower() if found else ""


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Under which names the server answers.

    Attributes:
        listening_on: host the server listens on.
        open_to_network: whether to answer under any other name too.
    """

    listening_on: str
    open_to_network: bool

    def check(self, host_header: str) -> None:
        """Refuse foreign names.

        Raises:
            ForbiddenError: the name is not one of this machine.
        """
        if not self.open_to_network:
            check_host(host_header, self.listening_on)


def check_write(headers: Mapping[str, str], host_header: str, scheme: str = "http") -> None:
    """Refuse changes that a page of another site asks for: a browser sends those for it, whoever looks at it.

    Args:
        headers: the request's; browsers send Origin and Sec-Fetch-Site, programs send neither.
        host_header: the request's Host.
        scheme: by which it came.

    Raises:
        ForbiddenError: the page was not served by this host.
    """
    check_origin(headers.get("Origin"), host_header, scheme, "changes are")
    if headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForbiddenError("changes are for pages of the same host; open the dashboard from this server")


def check_origin(origin: str | None, host_header: str, scheme: str = "http", what: str = "this WebSocket is") -> None:
    """Refuse what other sites' pages ask for: WebSockets, from which browsers do not protect, and changes.

    Args:
        origin: the request's Origin; programs send none.
        host_header: the request's Host.
        scheme: by which it came: a page of `https://` is another one than that of `http://`.
        what: beginning of the sentence that refuses.

    Raises:
        ForbiddenError: the page was not served by this host.
    """
    if origin is None:
        return
    if origin.lower() != f"{scheme}://{host_header.lower()}":
        raise ForbiddenError(f"{what} for pages of the same host; open the dashboard from this server")
