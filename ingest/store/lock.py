"""The lock that keeps a second worker with the same client id out."""

import asyncpg

from infra.connection import Connection
from infra.database import DatabaseError

LOCK_SPACE = 7_461
"""First key of the advisory locks that keep a second worker with the same client id from starting."""


class WorkerLock:
    """Two workers with one client id would push each other off the broker for ever: a lock in the database.

    Args:
        client_id: what the lock is for.
    """

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._was_alone = False

    async def __call__(self, connection: Connection) -> None:
        """Take the lock over a new connection.

        Raises:
            DatabaseError: another worker has it.
            asyncpg.InterfaceError: it may be our own, over a connection that the server has not given up yet.
        """
        free = await connection.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK_SPACE, self._client_id)
        if not free and self._was_alone:
            raise asyncpg.InterfaceError(f"another worker has taken over QUAYSTREAM_CLIENT_ID={self._client_id}")
        if not free:
            raise DatabaseError(
                f"another worker runs with QUAYSTREAM_CLIENT_ID={self._client_id}; stop it, or give this another"
            )
        self._was_alone = True
