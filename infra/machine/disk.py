"""How much room is left where the servers and programs write."""

import os
from collections.abc import Iterable
from pathlib import Path

FULL_MB = 16
"""With less than that PostgreSQL cannot write one more file of its log. [MB]"""


def full(folders: Iterable[Path]) -> str | None:
    """Which disk is full, and what to do; None where there is room.

    Args:
        folders: that somebody writes to; those that are not there are passed over.
    """
    for folder in folders:
        try:
            found = os.statvfs(folder)
        except OSError:
            continue
        if found.f_bavail * found.f_frsize < FULL_MB * 1e6:
            return f"the disk of {folder} is full: make room there"
    return None
