"""A limit of time for work on the database that holds even where the server is frozen."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from infra.database import Link

T = TypeVar("T")


async def within(limit_s: float, work: Coroutine[Any, Any, T], link: Link) -> T:
    """The result of work on a link, given up after a limit: a server that is frozen does not even take a rollback.

    The work is a task of its own because its connection must be dropped before it is cancelled, also where the caller
    is cancelled: else it would wait for the answer to its rollback. It ends in here on every path, so it needs no
    group, which would wrap its error and hide it from those who catch it.

    Raises:
        TimeoutError: the limit has passed; the link is dropped, the outcome unknown.
    """
    task = asyncio.create_task(work, name="work with a limit")
    try:
        done, _ = await asyncio.wait({task}, timeout=limit_s)
        if not done:
            raise TimeoutError(f"no answer within {limit_s:.0f} s")
        return task.result()
    finally:
        if not task.done():
            link.drop()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
