"""The end of a connection that we end: the broker reads all that we have sent.

Who closes a socket with something unread resets the connection, and the other end may lose what it has not read yet:
acknowledgements, which the broker then waits for in vain and sends their messages again. Source: RFC 9293, 3.10.4 with
RFC 1122, 4.2.2.13.
"""

import asyncio
import contextlib

from infra.mqtt.packet_reader import READ_BYTES, Wire
from infra.mqtt.session import Paho

WITHIN_S = 1.0
"""A broker that has not closed after this stands still. [s]"""
TURN_S = 0.005


async def leave(client: Paho, wire: Wire) -> None:
    """Disconnect, and read on until the broker closes; what is read is not acknowledged, so it comes again.

    Args:
        client: connected; nothing else may read meanwhile.
        wire: its socket.
    """
    loop, rest = asyncio.get_running_loop(), wire.duplicate()
    try:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                client.disconnect()
                while client.want_write():
                    client.loop_write()
                    await asyncio.sleep(TURN_S)
                while await loop.sock_recv(rest, READ_BYTES):
                    pass
    finally:
        rest.close()
