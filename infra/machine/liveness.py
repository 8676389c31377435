"""Whether a private server that runs still does its work; one that is wedged is ended, so that it is started again.

A server that is busy, recovers from a crash, or waits for a slow disk must not be taken for one: it counts only when
several questions in a row fail, over a long time, while the disk has room.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

FAILED = (OSError, EOFError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What questions to the servers raise."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a server is asked, and when it is given up.

    Attributes:
        every_s: pause between questions. [s]
        answer_s: how long an answer may take. [s]
        limit_s: how long questions must have failed, from when the first of them was asked. [s]
        least: so many questions in a row at least.
    """

    every_s: float = 10.0
    answer_s: float = 15.0
    limit_s: float = 60.0
    least: int = 4


class Failures:
    """Questions that failed in a row.

    Args:
        patience: when there are too many.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._count = 0
        self._since_s = 0.0

    def end(self) -> None:
        """The server has answered, or cannot be blamed."""
        self._count = 0

    def add(self, asked_s: float, now_s: float) -> float | None:
        """Count one; for how long they last now [s], None while they are too few.

        Args:
            asked_s: when it was asked. [s]
            now_s: when it had failed. [s]
        """
        if not self._count:
            self._since_s = asked_s
        self._count += 1
        lasted_s = now_s - self._since_s
        return lasted_s if self._count >= self._patience.least and lasted_s >= self._patience.limit_s else None


class Liveness:
    """Asks one server again and again.

    Args:
        ask: raises where the server does not do its work.
        excuse: why no server can do its work now, such as a full disk; None: there is nothing of the kind.
        patience: with it.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[None]], excuse: Callable[[], str | None], patience: Patience
    ) -> None:
        self._ask = ask
        self._excuse = excuse
        self._patience = patience

    async def lost(self) -> str:
        """Wait until the server does its work no more; how that showed."""
        failures = Failures(self._patience)
        while True:
            await asyncio.sleep(self._patience.every_s)
            asked_s = time.monotonic()
            problem = await self._problem()
            if problem is None or self._excuse() is not None:
                failures.end()
                continue
            lasted_s = failures.add(asked_s, time.monotonic())
            if lasted_s is not None:
                return f"ran but did no work for {lasted_s:.0f} s ({problem})"

    async def _problem(self) -> str | None:
        try:
            async with asyncio.timeout(self._patience.answer_s):
                await self._ask()
        except TimeoutError:
            return f"no answer within {self._patience.answer_s:g} s"
        except FAILED as error:
            return str(error).partition("\n")[0] or type(error).__name__
        return None
