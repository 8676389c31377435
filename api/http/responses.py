"""Answers as aiohttp sends them."""

import msgspec
from aiohttp import web

from api.http.route import JSON

ENCODER = msgspec.json.Encoder()


def json_response(status: int, body: msgspec.Struct) -> web.Response:
    """A Struct as JSON that nobody keeps."""
    return web.Response(
        status=status, body=ENCODER.encode(body), content_type=JSON, headers={"Cache-Control": "no-store"}
    )
