"""A WebSocket client that has left before it is answered."""

import asyncio
from unittest.mock import Mock

import pytest
from aiohttp import ClientConnectionResetError, web
from aiohttp.test_utils import make_mocked_request

from api.live import sockets
from api.live.hub import Hub


async def test_a_client_that_left_before_the_handshake_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a frozen server goes on: browsers have given up, and nothing is to be logged as a bug."""
    asked = list[str]()

    async def closing(_self: web.WebSocketResponse, request: web.BaseRequest) -> None:
        asked.append(request.path)
        raise ClientConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(web.WebSocketResponse, "prepare", closing)
    handshake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    async with asyncio.TaskGroup() as group:
        hub, request = Hub(group, Mock(), Mock()), make_mocked_request("GET", "/api/v1/live", headers=handshake)
        answer = await sockets.serve(request, hub, "demo", lambda: True)
    assert (asked, answer.prepared, hub.clients) == (["/api/v1/live"], False, 0)
