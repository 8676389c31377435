"""Who may talk to a server without login: pages it served itself, under names of this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from api.errors import ForbiddenError


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


def check_origin(origin: str | None, host_header: str) -> None:
    """Refuse WebSockets opened by other sites' pages: browsers do not protect against those.

    Args:
        origin: the request's Origin; programs send none.
        host_header: the request's Host.

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
        raise ForbiddenError("this WebSocket is for pages of the same host; open the dashboard from this server")
