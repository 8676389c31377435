"""How much room there is where programs and servers write, and whether senders are kept out so that some is left."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

FULL_BYTES: Final = 16_000_000
"""With less than that PostgreSQL cannot write one more file of its log."""
AGAIN: Final = 1.25
"""Whoever was kept out may come again where so many times the reserve are free: not in and out with each file."""


def free_bytes(folders: Iterable[Path]) -> tuple[int, Path] | None:
    """The least room on the disks of these folders, and where it is; None where no folder is there.

    Args:
        folders: that somebody writes to; those that are not there are passed over.
    """
    found = []
    for folder in folders:
        try:
            disk = os.statvfs(folder)
        except OSError:
            continue
        found.append((disk.f_bavail * disk.f_frsize, folder))
    return min(found, default=None)


def full(folders: Iterable[Path]) -> str | None:
    """Which disk is full, and what to do; None where there is room."""
    found = free_bytes(folders)
    return f"the disk of {found[1]} is full: make room there" if found and found[0] < FULL_BYTES else None


class Reserve:
    """Room that senders do not get: the broker stores what it has acknowledged there, and PostgreSQL recovers.

    Args:
        folders: where the servers write.
        reserve_bytes: so much is kept.

    Attributes:
        overrun: the disk was full before senders were kept out; what was acknowledged then may not be stored.
        where: a folder of the disk that has the least room.
        free_bytes: what is left there; None where no folder is.
    """

    def __init__(self, folders: Callable[[], Iterable[Path]], reserve_bytes: int) -> None:
        self._folders = folders
        self.reserve_bytes = reserve_bytes
        self._short = False
        self.overrun = False
        self.where: Path | None = None
        self.free_bytes: int | None = None

    def has_room(self) -> bool:
        """Whether senders may come, by the room that there is now."""
        found = free_bytes(self._folders())
        if found is not None:
            free, self.where = found
            self.free_bytes = free
            self.overrun |= free < FULL_BYTES and not self._short
            self._short = free < self.reserve_bytes * (AGAIN if self._short else 1.0)
        return not self._short
