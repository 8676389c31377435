"""The note of a running stack: where its servers are and write; `quaystream env` and the API read it."""

import fcntl
import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from infra.machine.processes import Owner, private_file

NOTE: Final = "stack.json"
LOCK: Final = "stack.lock"


class StackNote(Struct, frozen=True):
    """What is noted.

    Attributes:
        pid: of `quaystream up`.
        bin: folders with the servers' tools.
        settings: for programs that join the stack; they hold passwords.
        folders: where the programs and the private servers write; none where there are no private servers.
        reserve_bytes: is to be left on the disks of these.
        refuses_senders: the broker does so while less is left.
    """

    pid: int
    bin: list[str]
    settings: dict[str, str]
    folders: list[str]
    reserve_bytes: int
    refuses_senders: bool


def write(state_dir: Path, note: StackNote) -> None:
    """Note it, for the owner of this process alone."""
    text = msgspec.json.format(msgspec.json.encode(note), indent=1).decode()
    private_file(state_dir / NOTE, text, Owner(os.geteuid(), os.getegid(), ""))


def read(state_dir: Path) -> StackNote | None:
    """The note of a state folder, also that of a stack that was killed; None where there is none."""
    try:
        return msgspec.json.decode((state_dir / NOTE).read_bytes(), type=StackNote)
    except (OSError, msgspec.MsgspecError):
        return None


def running(state_dir: Path) -> StackNote | None:
    """The note of the stack that runs with a state folder, None when none does."""
    try:
        with (state_dir / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read(state_dir)
    except OSError:
        pass
    return None  # nobody holds the lock: a note that is there was left by one that was killed


def forget(state_dir: Path) -> None:
    """Remove the note: the stack has ended."""
    (state_dir / NOTE).unlink(missing_ok=True)
