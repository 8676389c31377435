"""The connection that listens: when it counts as connected, and that no refusal of the database ends it."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from api.database import connections, fact_listener
from api.database.fact_listener import CHANNEL, FactListener, FactsChanged


class _Connection:
    """Stands in for a connection; notifications come where `passes`."""

    def __init__(self, passes: bool, refusal: Exception | None = None) -> None:
        self.passes = passes
        self.refusal = refusal
        self.listener: Callable[..., None] = lambda *_: None
        self.end: Callable[[Any], None] = lambda _: None

    def add_termination_listener(self, listener: Callable[[Any], None]) -> None:
        self.end = listener

    async def add_listener(self, channel: str, listener: Callable[..., None]) -> None:
        if self.refusal is not None:
            raise self.refusal
        if channel == CHANNEL:
            self.listener = listener

    async def execute(self, _sql: str, channel: str) -> None:
        if self.passes:
            self.listener(self, 7, channel, "")

    def get_server_pid(self) -> int:
        return 7

    def is_closed(self) -> bool:
        return False

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - as asyncpg has it
        assert timeout > 0


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[_Connection]:
    """Connections that are opened one after the other."""
    queue: asyncio.Queue[_Connection] = asyncio.Queue()

    async def get(_url: str) -> _Connection:
        return await queue.get()

    monkeypatch.setattr(connections, "open_for_listening", get)
    monkeypatch.setattr(fact_listener, "RETRY_DELAY_S", (0, 0))
    monkeypatch.setattr(fact_listener, "CHECK_TIMEOUT_S", 0.05)
    return queue


async def test_refused_deaf_and_then_well(opened: asyncio.Queue[_Connection]) -> None:
    """A standby refuses, a pooler lets nothing come: neither counts as connected, and the next one is tried."""
    changes: list[FactsChanged] = []
    connected, others = asyncio.Event(), asyncio.Event()
    listener = FactListener("", changes.append, connected.set, {"others": others.set})

    def is_connected() -> bool:
        return listener.connected

    for one in (_Connection(True, asyncpg.ReadOnlySQLTransactionError("standby")), _Connection(False)):
        opened.put_nowait(one)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(listener.keep_listening())
        while not opened.empty():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert not connected.is_set()
        assert not is_connected()
        good = _Connection(True)
        opened.put_nowait(good)
        await connected.wait()
        assert is_connected()
        assert others.is_set()
        for payload in ('{"terminal":"demo","table":"crane_move"}', "not JSON", '{"terminal":1}'):
            good.listener(good, 8, CHANNEL, payload)
        assert changes == [FactsChanged("demo", "crane_move")]
        good.end(good)
        while is_connected():
            await asyncio.sleep(0.01)
        task.cancel()
