"""What `quaystream up` keeps going: our own programs, and the private servers beside them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from infra.machine.children import Child
from infra.machine.supervisor import Part, Supervisor


class Programs:
    """Our own programs and the private servers, each with a task that keeps it going.

    Args:
        supervisor: keeps them going.
        environment: settings for all programs.
        own: further settings of one program, by its name.
    """

    def __init__(
        self, supervisor: Supervisor, environment: Mapping[str, str], own: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._supervisor = supervisor
        self._environment = environment
        self._own = own
        self._children: list[Child] = []
        self._watched: list[asyncio.Task[None]] = []

    def __str__(self) -> str:
        return ", ".join(child.name for child in reversed(self._children))

    def start(self, command: list[str]) -> None:
        """Start one of our programs."""
        child = Child(command, {**self._environment, **self._own.get(command[0], {})})
        self._children.append(child)
        self.watch(child)

    def watch(self, part: Part, *, started: bool = False) -> None:
        """Keep a part going."""
        self._watched.append(asyncio.create_task(self._supervisor.watch(part, started=started), name=part.name))

    async def until_given_up_or(self, *others: asyncio.Task[Any]) -> None:
        """Wait until a part is given up, or one of other tasks has ended."""
        done, _ = await asyncio.wait({*self._watched, *others}, return_when=asyncio.FIRST_COMPLETED)
        for task in done.intersection(self._watched):
            task.result()

    async def stop(self) -> None:
        """Stop our programs, the last one first; the stack stops its servers."""
        self._supervisor.stop()
        for child in reversed(self._children):
            await child.stop()
        for task in self._watched:
            task.cancel()
        await asyncio.gather(*self._watched, return_exceptions=True)
