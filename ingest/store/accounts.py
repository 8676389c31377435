"""Which devices have an account: read at the start, and followed while the worker runs."""

import asyncio
import logging
from typing import Final, cast

from infra.access.device_accounts import CHANNEL, names_in_force
from infra.connection import ListeningConnection
from infra.database import connect
from ingest.decode.admitted import Admitted
from ingest.store.failures import AWAY

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
"""Between two looks without a notification, which shows that the connection holds too. [s]"""
AGAIN_S: Final = 1.0
ANSWER_S: Final = 10.0


async def follow(url: str, admitted: Admitted) -> None:
    """Follow changes until cancelled. While the database is away, those known last hold: nothing can be stored then.

    Args:
        url: of the database.
        admitted: whose names are replaced.
    """
    while True:
        try:
            async with asyncio.timeout(ANSWER_S):
                connection = cast("ListeningConnection", await connect(url, "quaystream-accounts"))
            try:
                await _follow(connection, admitted)
            finally:
                connection.terminate()
        except AWAY as error:
            log.warning("accounts of devices cannot be read, trying again: %s: %s", type(error).__name__, error)
            await asyncio.sleep(AGAIN_S)


async def _follow(connection: ListeningConnection, admitted: Admitted) -> None:
    changed = asyncio.Event()
    await connection.add_listener(CHANNEL, lambda *_: changed.set())
    while True:
        changed.clear()
        async with asyncio.timeout(ANSWER_S):
            admitted.names = await names_in_force(connection)
        try:
            async with asyncio.timeout(LOOK_S):
                await changed.wait()
        except TimeoutError:
            continue
