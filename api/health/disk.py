"""The room on the disks that a private broker and database write to."""

import asyncio
import math
from collections.abc import Sequence
from pathlib import Path

from api.health.answers import Check
from infra.machine.disk import AGAIN, FULL_BYTES, Reserve
from infra.machine.note import StackNote

LOOK_S = 0.25
"""The reserve is touched for longer than that: senders come again only where a quarter more is free. [s]"""


class StackDisk:
    """Looks at the disks of the stack that this program is a part of.

    Args:
        note: of the stack; None where none has started this program.
    """

    def __init__(self, note: StackNote | None) -> None:
        folders: Sequence[Path] = () if note is None else [Path(folder) for folder in note.folders]
        self._known = bool(folders)
        self._refuses = note is not None and note.refuses_senders
        self._reserve = Reserve(lambda: folders, 0 if note is None else note.reserve_bytes)

    @property
    def free_bytes(self) -> float:
        """What is left on the disk that has the least; NaN where no disk is known."""
        self._reserve.has_room()
        return math.nan if self._reserve.free_bytes is None else self._reserve.free_bytes

    @property
    def reserve_bytes(self) -> float:
        """What is to be left; NaN where no disk is known."""
        return self._reserve.reserve_bytes if self._known else math.nan

    def check(self) -> Check | None:
        """Whether the reserve is untouched; None where no disk is known."""
        has_room = self._reserve.has_room()
        free, reserve = self._reserve.free_bytes, self._reserve.reserve_bytes
        if free is None:
            return None
        left = f"the disk of {self._reserve.where} has {free / 1e6:.0f} MB left"
        if free < FULL_BYTES:
            return Check(False, f"{left}, which is full: free room there")
        if has_room:
            return Check(True, f"{left}, of which {reserve / 1e6:.0f} MB are kept as a reserve")
        if free < reserve:
            refused = "senders are refused; " if self._refuses else ""
            return Check(False, f"{left}, less than the reserve of {reserve / 1e6:.0f} MB: {refused}free room there")
        refused = f"senders are refused until {reserve * AGAIN / 1e6:.0f} MB are free; " if self._refuses else ""
        return Check(False, f"{left}, after the reserve was touched: {refused}free room there")

    async def keep_looking(self) -> None:
        """Look until cancelled, so that a reserve that was touched while nobody asked is known."""
        while self._known:
            self._reserve.has_room()
            await asyncio.sleep(LOOK_S)
