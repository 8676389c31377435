"""Who may talk to a server without login: pages it served itself, under names of this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from api.http.errors import ForbiddenError


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_host(host_header: str, listening_on: str) -> None:
    """Refuse names that a foreign page could have pointed at this machine (DNS rebinding).

    Args:
        host_header: the request's Host.
        listening_on: host the server listens on.

    Raises:
        ForbiddenError: the name is not one of this machine.
    """
    try:
        name = urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name) and name != listening_on:
        raise ForbiddenError(f"this server answers on this machine only; use http://{listening_on}, not {name[:80]!r}")


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


def check_write(headers: Mapping[str, str], host_header: str) -> None:
    """Refuse changes that a page of another site asks for: a browser sends those for it, whoever looks at it.

    Args:
        headers: the request's; browsers send Origin and Sec-Fetch-Site, programs send neither.
        host_header: the request's Host.

    Raises:
        ForbiddenError: the page was not served by this host.
    """
    check_origin(headers.get("Origin"), host_header, "changes are")
    if headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForbiddenError("changes are for pages of the same host; open the dashboard from this server")


def check_origin(origin: str | None, host_header: str, what: str = "this WebSocket is") -> None:
    """Refuse what other sites' pages ask for: WebSockets, from which browsers do not protect, and changes.

    Args:
        origin: the request's Origin; programs send none.
        host_header: the request's Host.
        what: beginning of the sentence that refuses.

    Raises:
        ForbiddenError: the page was not served by this host.
    """
    if origin is None:
        return
    try:
        same = urlsplit(origin).netloc.lower() == host_header.lower()
    except ValueError:
        same = False
    if not same:
        raise ForbiddenError(f"{what} for pages of the same host; open the dashboard from this server")
