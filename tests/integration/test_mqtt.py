"""The MQTT client where a broker is not needed: what is left behind."""

import asyncio
import socket
import threading
from typing import Any

import pytest
from paho.mqtt.client import Client

from infra.mqtt.connection import Mqtt


async def test_a_client_that_is_left_while_it_connects_leaves_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that connects can not be stopped; what it makes must be closed all the same."""
    connect, slow = Client._create_socket, threading.Event()
    made: list[Any] = []

    def slowly(client: Client) -> Any:
        connected = connect(client)
        made.append(connected)
        slow.wait(5)
        return connected

    monkeypatch.setattr(Client, "_create_socket", slowly)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = Mqtt(f"mqtt://127.0.0.1:{listener.getsockname()[1]}", "leaver")
        entering = asyncio.create_task(client.__aenter__())
        async with asyncio.timeout(5):
            while not made:
                await asyncio.sleep(0.01)
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        await client.__aexit__(None, None, None)
        slow.set()
        async with asyncio.timeout(5):
            while made[0].fileno() >= 0:
                await asyncio.sleep(0.01)
