"""What the kernel knows of processes: who started whom, who still lives, who listens where."""

import contextlib
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LISTENING = "0A"
"""State of a listening socket in /proc/net/tcp."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process; its start distinguishes it from a later one with the same id. [clock ticks since boot]."""

    pid: int
    started: int

    @property
    def lives(self) -> bool:
        """Whether it still runs; one that has ended and waits to be collected does not."""
        found = _stat(self.pid)
        return found is not None and found[0] != "Z" and int(found[19]) == self.started

    @property
    def command(self) -> str:
        """Its command line, empty when it has ended."""
        with contextlib.suppress(OSError):
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on; None when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def family(pid: int) -> set[Process]:
    """A process and all that descend from it, whatever their session or group."""
    parents: dict[int, int] = {}
    started: dict[int, int] = {}
    for name in (path.name for path in Path("/proc").iterdir()):
        if name.isdigit() and (found := _stat(int(name))) is not None:
            parents[int(name)], started[int(name)] = int(found[1]), int(found[19])
    members = {pid} & started.keys()
    while more := {one for one, parent in parents.items() if parent in members} - members:
        members |= more
    return {Process(one, started[one]) for one in members}


def living(processes: Iterable[Process]) -> list[str]:
    """Those that still run, as text for a failed assertion."""
    return [f"{one.pid} {one.command}" for one in processes if one.lives]


def listening_addresses(processes: Iterable[Process]) -> set[str]:
    """Addresses on which these processes accept TCP connections."""
    inodes = {inode for one in processes for inode in _socket_inodes(one.pid)}
    found = set()
    for table, kind in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        with contextlib.suppress(FileNotFoundError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[9] in inodes:
                    found.add(socket.inet_ntop(kind, _address(fields[1].partition(":")[0])))
    return found


def _socket_inodes(pid: int) -> Iterable[str]:
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                kind, _, inode = str(descriptor.readlink()).partition(":")
                if kind == "socket":
                    yield inode.strip("[]")


def _address(text: str) -> bytes:
    """The kernel writes addresses as 32-bit words in its own byte order."""
    return b"".join(struct.pack("=I", int(text[at : at + 8], 16)) for at in range(0, len(text), 8))
