"""Announcing a document: it is published, and the worker stores it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from api.broker.connection import Broker
from api.database.errors import UNANSWERED
from api.database.queries import queries
from api.http.context import Context
from processing.model.document import DocumentKind

SQL = queries(__file__)
STORED_WITHIN_S = 5.0
ASKED_EVERY_S = 0.05


async def announce(
    context: Context[Any, Any],
    kind: DocumentKind,
    name: tuple[str, str],
    payload: bytes,
    is_stored: Callable[[float], Awaitable[object]],
) -> bool:
    """Publish a document, and wait until it is stored.

    Topics that spell its id otherwise are cleared before: what is retained there would come back.

    Args:
        context: of the request.
        kind: of the document.
        name: terminal and id, as it is stored.
        payload: the document; empty: it is withdrawn.
        is_stored: asks the database whether it has the document as it was announced; takes seconds to wait for that.

    Returns: False where it is not stored within `STORED_WITHIN_S`, or where that cannot be looked for: it will be.

    Raises:
        BrokerAwayError: the broker is away or refuses.
        DatabaseAwayError, ReadOnlyError: the audit log does not take it; nothing was published.
    """
    await _publish(context, kind, name, payload)
    loop = asyncio.get_running_loop()
    end_s = loop.time() + STORED_WITHIN_S
    while loop.time() < end_s:
        try:
            if await is_stored(end_s - loop.time() + ASKED_EVERY_S):
                return True
        except UNANSWERED:
            return False  # it is published, and will be stored when the database is back
        await asyncio.sleep(ASKED_EVERY_S)
    return False


async def _publish(context: Context[Any, Any], kind: DocumentKind, name: tuple[str, str], payload: bytes) -> None:
    """Publish, and note it in the audit log; what the broker refuses is not noted."""
    broker, after = context.services[Broker], payload.decode() or None
    action = f"{kind.name}.{'withdrawn' if after is None else 'announced'}"
    async with context.changing() as change:
        await change.fetch(SQL[f"note_{kind.name}"], name[0], action, name[1], after)
        for row in await change.fetch(SQL["topics"], kind.name, *name):
            await broker.retain(row["topic"], b"")
        await broker.retain(kind.topic(*name), payload)
