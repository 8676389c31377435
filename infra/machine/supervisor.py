"""Parts that run side by side: what ends by itself is started again, unless it does so again and again."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from infra.clock import now_us
from infra.machine import parts
from infra.machine.binaries import StackError
from infra.machine.parts import PartNote
from infra.machine.restarts import LONGEST_S, Restarts


class Part(Protocol):
    """Something that runs until it is stopped."""

    @property
    def name(self) -> str:
        """How it is called."""

    async def start(self) -> None:
        """Start it; return once it runs.

        Raises:
            StackError, OSError: it does not start.
        """

    async def ended(self) -> str:
        """Wait until it has ended; how that was."""

    def last_lines(self) -> Sequence[str]:
        """What it wrote last."""


class Supervisor:
    """Watches parts between their first start and their stop.

    Args:
        state_dir: where their states are noted.
        report: takes a line for each thing that happens to a part.
        excuse: why parts may end that a person can mend, such as a full disk: they are not given up meanwhile; None:
            there is nothing of the kind.
    """

    def __init__(
        self, state_dir: Path, report: Callable[[str], None], excuse: Callable[[], str | None] = lambda: None
    ) -> None:
        self._state_dir = state_dir
        self._report = report
        self._excuse = excuse
        self._notes: dict[str, PartNote] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Start nothing again from now on: what ends does so because it is asked to."""
        self._stopping.set()

    async def watch(self, part: Part, *, started: bool = False) -> None:
        """Keep a part going; return when it has ended for good, which is a crash unless `stop` was called.

        Args:
            part: not watched yet.
            started: it runs already.
        """
        restarts = Restarts()
        self._note(PartNote(part.name, "starting"))
        while True:
            began = time.monotonic()
            how = await self._life(part, started=started)
            if self._stopping.is_set():
                return
            pause_s = self._ended(part, how, time.monotonic() - began, restarts)
            if pause_s is None or await self._stopped_within(pause_s):
                return
            started = False

    def _ended(self, part: Part, how: str, ran_s: float, restarts: Restarts) -> float | None:
        """Note and report an end; the pause until the next start [s], None where the part is given up."""
        excuse = self._excuse()
        pause_s = LONGEST_S if excuse else restarts.after(ran_s)
        how = f"{how}; {excuse}" if excuse else how
        known = excuse is not None and self._notes[part.name].ended == how
        self._note(PartNote(part.name, "given_up" if pause_s is None else "starting", restarts.count, now_us(), how))
        if pause_s is None:
            self._report(f"{part.name} {how}, {restarts.in_a_row} times in a row; its last lines:")
            for line in part.last_lines():
                self._report(f"  {line}")
        elif not known:  # one line, however long a disk stays full
            self._report(f"{part.name} {how}; starting it again" + (f" in {pause_s:g} s" if pause_s else ""))
        return pause_s

    async def _life(self, part: Part, *, started: bool) -> str:
        """Start a part unless it runs, and wait for its end; how that was."""
        try:
            if not started:
                await part.start()
            self._note(msgspec.structs.replace(self._notes[part.name], state="running"))
            return await part.ended()
        except (StackError, OSError) as error:  # a full disk takes not even the configuration of a server
            return f"does not start: {str(error).partition(chr(10))[0]}"

    async def _stopped_within(self, pause_s: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()
        return self._stopping.is_set()

    def _note(self, note: PartNote) -> None:
        self._notes[note.name] = note
        parts.write(self._state_dir, list(self._notes.values()))
