"""From the commit of a fact to its frame at a WebSocket client.

Cranes of the measurement's own make moves, each sent whole in one message, through broker and worker as any other; the
moves of the simulated cranes count too. The database keeps when each transaction committed (`track_commit_timestamp`).
It takes that time just before it writes the commit to disk, so the figure includes this write.
"""

import asyncio
import random
from datetime import datetime

import aiohttp
import msgspec
import psycopg

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from infra.sql import blocks
from processing.cranes.signals import CRANE
from processing.model import topics

SQL = blocks(__file__, "page.sql")
CRANES = 60
"""So many that a crane's next move begins after its last one has ended."""
STEP_MS, REST_MS = 800, 2_200
"""Between the samples of a move; after it: the unlock of a crane that then falls silent counts after two seconds."""
PATIENCE_S = 60.0
MOVES = b'{"type":"moves"'
STEPS: tuple[dict[str, object], ...] = (
    {"twistlock_locked": False, "twistlock_unlocked": True, "landed": True, "hoist_height_m": 12},
    {"twistlock_locked": True, "twistlock_unlocked": False, "spreader_size_ft": 40, "trolley_position_m": 35},
    {"landed": False, "load_t": 22.5, "hoist_height_m": 14},
    {"hoist_height_m": 20, "trolley_position_m": -8},
    {"landed": True, "load_t": 0, "hoist_height_m": 2},
    {"twistlock_locked": False, "twistlock_unlocked": True},
)
"""What a crane reports of one move."""


class _Move(msgspec.Struct):
    device: str
    locked_at: str


class _MovesFrame(msgspec.Struct):
    moves: list[_Move]


def move_samples(end_ms: int) -> list[dict[str, object]]:
    """Samples of one move and of the rest after it, the last one at a time [ms since 1970 UTC]."""
    unlocked_ms = end_ms - REST_MS
    first_ms = unlocked_ms - STEP_MS * (len(STEPS) - 1)
    samples = [{"ts": first_ms + STEP_MS * number, **step} for number, step in enumerate(STEPS)]
    return [*samples, {"ts": end_ms, **STEPS[-1]}]


def device(number: int) -> str:
    """The crane of a move."""
    return f"sts{900 + number % CRANES}"


async def measure(
    address: str, mqtt_url: str, database_url: str, terminal: str, moves: int, gap_s: float
) -> list[float]:
    """Publish moves at irregular times, and wait for the frame of each.

    Args:
        address: of the API.
        mqtt_url: the broker.
        database_url: a database that keeps times of commits.
        terminal: its id.
        moves: how many are published.
        gap_s: between them, in the mean. [s]

    Returns: from the commit to the frame, of each move [ms].

    Raises:
        TimeoutError: not every move came.
    """
    live = f"http://{address}/api/v1/live?terminal={terminal}"
    async with (
        Mqtt(mqtt_url, "bench-page") as mqtt,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection,
        aiohttp.ClientSession() as session,
        session.ws_connect(live, max_msg_size=0) as socket,
        asyncio.timeout(PATIENCE_S + moves * gap_s),
    ):
        await socket.receive()  # the snapshot: from here on, frames hold what is committed now
        publishing = asyncio.create_task(_publish(mqtt, terminal, moves, gap_s), name="publish")
        try:
            return await _receive(socket, connection, terminal, moves)
        finally:
            publishing.cancel()


async def _publish(mqtt: Mqtt, terminal: str, moves: int, gap_s: float) -> None:
    chance = random.Random(1)
    for number in range(moves):
        payload = msgspec.json.encode(move_samples(now_us() // 1000))
        mqtt.publish(topics.telemetry(terminal, CRANE.name, device(number)), payload)
        await asyncio.sleep(chance.uniform(0.2, 1.8) * gap_s)


async def _receive(
    socket: aiohttp.ClientWebSocketResponse, connection: psycopg.AsyncConnection, terminal: str, moves: int
) -> list[float]:
    """Latencies of all moves that come until the last one of ours has come [ms]."""
    decoder, ours = msgspec.json.Decoder(_MovesFrame), {device(number) for number in range(moves)}
    found: list[float] = []
    seen: set[tuple[str, str]] = set()
    while sum(name in ours for name, _ in seen) < moves:
        message = await socket.receive()
        received_us = now_us()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise RuntimeError("the WebSocket was closed")
        text = message.data.encode()
        for move in decoder.decode(text).moves if text.startswith(MOVES) else ():
            if (move.device, move.locked_at) in seen:  # sent again, since it changed
                continue
            seen.add((move.device, move.locked_at))
            committed_us = await _committed_us(connection, terminal, move)
            # A move that was written once more since then has no time of its first commit.
            if committed_us is not None and committed_us <= received_us:
                found.append((received_us - committed_us) / 1000)
    return found


async def _committed_us(connection: psycopg.AsyncConnection, terminal: str, move: _Move) -> int | None:
    values = (terminal, move.device, datetime.fromisoformat(move.locked_at))
    row = await (await connection.execute(SQL["committed"].encode(), values)).fetchone()
    return row[0] if row else None
