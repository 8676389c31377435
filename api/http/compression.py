"""Answers that are large are compressed for clients that take it."""

import asyncio
import gzip
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

LEAST_BYTES: Final = 1000
"""Less fits into one packet anyway."""
THREAD_BYTES: Final = 32_000
"""More is compressed in a thread, so that other requests go on meanwhile."""
LEVEL: Final = 4
"""About 10 ms and a tenth of the size for 1 MB of moves; the highest level takes longer than it spares."""
KINDS: Final = frozenset({"application/json", "application/javascript", "text/javascript", "image/svg+xml"})


@web.middleware
async def compressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Compress what is text and large enough; files of the page are compressed by its build, a WebSocket not at all."""
    response = await handler(request)
    body = response.body if isinstance(response, web.Response) else None
    if not isinstance(response, web.Response) or not isinstance(body, bytes) or not _worth(response, len(body)):
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        if len(body) < THREAD_BYTES:
            response.body = _compress(body)
        else:
            response.body = await asyncio.to_thread(_compress, body)
        response.headers["Content-Encoding"] = "gzip"
    return response


def _worth(response: web.Response, length: int) -> bool:
    kind = response.content_type
    return length >= LEAST_BYTES and (kind.startswith("text/") or kind in KINDS) and not response.headers.get("Vary")


def _compress(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


def takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip, by its Accept-Encoding (RFC 9110, 12.5.3): named, or by `*`, and not with q=0."""
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = not _is_zero(parameter)
    return weights.get("gzip", weights.get("*", False))


def _is_zero(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name.strip() == "q" and not weight.strip().strip("0.")
