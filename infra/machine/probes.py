"""Questions to the private servers that only one that does its work can answer."""

import asyncio
import struct
from urllib.parse import unquote, urlsplit

import asyncpg

from infra.sql import blocks

SQL = blocks(__file__, "probes.sql")
CONNECT, DISCONNECT = 0x10, b"\xe0\x00"
CONNACK = 0x20
USER_PASSWORD_CLEAN = 0b1100_0010
KEEPALIVE_S = 10
CLIENT_ID = "quaystream-probe"


async def commits(url: str) -> None:
    """See that the database commits: a transaction that writes to the write-ahead log, and nowhere else.

    A server that recovers, or has all its connections lent out, answers that itself: it does its work.

    Raises:
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError: it does not.
    """
    try:
        connection = await asyncpg.connect(url)
    except (asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError):
        return
    try:
        await connection.execute(SQL["write"])
    finally:
        connection.terminate()


async def accepts(url: str) -> None:
    """See that the broker answers a client that connects; whom it refuses it has answered too.

    Source: MQTT 3.1.1, 3.1 CONNECT and 3.2 CONNACK.

    Raises:
        OSError, EOFError: it does not.
    """
    parts = urlsplit(url)
    names = (CLIENT_ID, unquote(parts.username or ""), unquote(parts.password or ""))
    payload = b"".join(map(_text, names))
    body = _text("MQTT") + struct.pack(">BBH", 4, USER_PASSWORD_CLEAN, KEEPALIVE_S) + payload
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(bytes([CONNECT, len(body)]) + body)
        if (await reader.readexactly(4))[0] != CONNACK:
            raise OSError("no CONNACK")
        writer.write(DISCONNECT)
        await writer.drain()
    finally:
        writer.close()


def _text(value: str) -> bytes:
    """A text of fewer than 128 bytes in all, as the private stack's names and passwords are, with its length."""
    data = value.encode()
    return struct.pack(">H", len(data)) + data
