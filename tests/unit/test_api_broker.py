"""What the API publishes: taken, refused, or not answered."""

import asyncio
from typing import Any, cast

import pytest

from api.broker import connection as module
from api.broker.connection import Broker
from api.broker.errors import BrokerAwayError
from infra.mqtt.connection import Mqtt


class Client:
    """Stands in for a connection: answers each publish with a reason code, None: never."""

    connected = True

    def __init__(self, broker: Broker, reason: int | None) -> None:
        self.published: list[Any] = []
        self._broker = broker
        self._reason = reason

    def publish(self, *what: Any, retain: bool) -> int:
        """Take a message."""
        self.published.append((*what, retain))
        if self._reason is not None:
            asyncio.get_running_loop().call_soon(self._broker._answered, 7, self._reason)
        return 7


def connected(reason: int | None) -> tuple[Broker, Client]:
    broker = Broker("mqtt://user:word@broker:1884", lambda _topic, _payload: None)
    client = Client(broker, reason)
    broker._client = cast("Mqtt", client)
    return broker, client


@pytest.mark.parametrize("reason", [0, 16])
async def test_a_message_is_taken(reason: int) -> None:
    """Also where nobody has subscribed to it: it is retained."""
    broker, client = connected(reason)
    await broker.retain("port/t/vessel/c1/call", b"{}")
    assert client.published == [("port/t/vessel/c1/call", b"{}", True)]


async def test_a_refusal_names_what_to_allow() -> None:
    broker, _ = connected(0x87)
    with pytest.raises(BrokerAwayError, match=r"1884 refuses port/t/vessel/c1/call \(reason code 135\); let"):
        await broker.retain("port/t/vessel/c1/call", b"{}")


async def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.01)
    broker, _ = connected(None)
    with pytest.raises(BrokerAwayError, match=r"did not take the message within 0\.01 s"):
        await broker.retain("port/t/vessel/c1/call", b"{}")
    broker._answered(7, 0)  # too late, for nobody
