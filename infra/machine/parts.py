"""The note of what became of the parts of a running stack: `quaystream up` writes it, the API reads it."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

NOTE = "parts.json"
State = Literal["starting", "running", "given_up"]
"""`starting` also where it has ended and is about to be started again; `given_up`: its end ends the stack."""


class PartNote(Struct, frozen=True):
    """One part.

    Attributes:
        name: of the program or server.
        state: what it does.
        restarts: how often it was started again.
        ended_us: when it last ended by itself. [µs since 1970 UTC]
        ended: how: its exit code, or why it did not start.
    """

    name: str
    state: State
    restarts: int = 0
    ended_us: int | None = None
    ended: str | None = None


def write(state_dir: Path, parts: list[PartNote]) -> None:
    """Note them; who reads meanwhile gets the note before. Where the disk is full that is all they get."""
    fresh = state_dir / f"{NOTE}.new"
    try:
        fresh.write_bytes(msgspec.json.encode(parts))
        fresh.replace(state_dir / NOTE)
    except OSError:
        fresh.unlink(missing_ok=True)


def read(state_dir: Path) -> list[PartNote]:
    """Parts of the stack that runs with a state folder; none where there is no note."""
    try:
        return msgspec.json.decode((state_dir / NOTE).read_bytes(), type=list[PartNote])
    except (OSError, msgspec.MsgspecError):
        return []


def forget(state_dir: Path) -> None:
    """Remove the note: the stack has ended."""
    (state_dir / NOTE).unlink(missing_ok=True)
