"""How much script and style a browser has to fetch for the page."""

import gzip
import re
import urllib.request
from dataclasses import dataclass

TIMEOUT_S = 10.0
NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file.

    Attributes:
        path: of the request.
        served_bytes: length of the body as it was sent to a client that accepts gzip.
        encoding: how the server has compressed it, empty where it has not.
        compressed_bytes: as sent where it was compressed, else as gzip would make it.
    """

    path: str
    served_bytes: int
    encoding: str
    compressed_bytes: int


def named(index: str) -> list[str]:
    """Paths of the scripts and styles that the page's HTML names."""
    return NAMED.findall(index)


def measure(address: str) -> list[Asset]:
    """Fetch the page's HTML, and what it names.

    Raises:
        RuntimeError: the page is not built.
    """
    index, _ = _fetch(f"http://{address}/", "identity")
    paths = named(index.decode())
    if not paths:
        raise RuntimeError("the page is not built; run `make dashboard`")
    return [_asset(address, path) for path in paths]


def asset(path: str, body: bytes, encoding: str) -> Asset:
    """Sizes of a body as it came."""
    compressed = len(body) if encoding else len(gzip.compress(body))
    return Asset(path, len(body), encoding, compressed)


def _asset(address: str, path: str) -> Asset:
    return asset(path, *_fetch(f"http://{address}{path}", "gzip"))


def _fetch(url: str, accepted: str) -> tuple[bytes, str]:
    """The body as it was sent, and its encoding."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": accepted})  # noqa: S310 - a program of ours
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the same
        return answer.read(), answer.headers.get("Content-Encoding", "")
