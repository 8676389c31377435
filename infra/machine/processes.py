"""Starting and ending child processes: as which user, and never outliving this process."""

import ctypes
import errno
import os
import pwd
import random
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Owner:
    """The user whom the servers run as; None where that is ourselves."""

    uid: int
    gid: int
    name: str

    def arguments(self) -> dict[str, Any]:
        """Arguments of subprocess.Popen that make the child this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder over."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


def owner_of(data: Path) -> Owner:
    """The user for servers with this data: ourselves; for root, who owns the data already, else an unprivileged one."""
    if os.geteuid() != 0:
        return _owner(pwd.getpwuid(os.geteuid()))
    if data.exists() and data.stat().st_uid != 0:
        return _owner(pwd.getpwuid(data.stat().st_uid))
    for name in ("postgres", "nobody"):
        try:
            return _owner(pwd.getpwnam(name))
        except KeyError:
            continue
    raise RuntimeError("neither the user postgres nor nobody exists")


def _owner(entry: pwd.struct_passwd) -> Owner:
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name)


def reachable(path: Path, owner: Owner) -> bool:
    """Whether the owner may enter every folder on the way to a path."""
    if owner.uid == os.geteuid():
        return True
    return all(parent.stat().st_mode & 0o001 for parent in path.absolute().parents if parent.exists())


def end_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A preexec function: the kernel sends this signal when this process has ended, however that happened."""

    def arrange() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, number)

    return arrange


def signal_family(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process, so that it starts no more children, then to its children, whatever their sessions."""
    children = _children(pid)  # of one that is killed there are none afterwards
    os.kill(pid, number)
    for child in children | _children(pid):
        with suppress(ProcessLookupError):
            os.kill(child, number)


def _children(pid: int) -> set[int]:
    with suppress(OSError):
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return set()


def many_files() -> None:
    """Allow as many open files as this user may: the broker holds a connection a device."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else 65_536, hard))


def free_port() -> int:
    """A TCP port free on loopback now, out of reach of the ports that the system gives to outgoing connections.

    A port that the system itself hands out (`bind` to port 0) comes from the range that every outgoing
    connection draws from, so one of those may take it before the intended program listens.

    Raises:
        OSError: no port of a hundred tried is free.

    """
    ports = range(10_000, _first_outgoing_port())
    for port in random.sample(ports, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(errno.EADDRINUSE, f"none of a hundred ports between {ports.start} and {ports.stop - 1} is free")


def _first_outgoing_port() -> int:
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        first = 0
    return first if first >= 11_000 else 32_768


def listening(port: int) -> bool:
    """Whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[bytes], number: signal.Signals, wait_s: float) -> None:
    """Ask a process to end, and kill it when it does not."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes], wait_s: float) -> bool:
    """Wait for a condition; False when the process ended or the time ran out."""
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if condition():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def pid_of_earlier(note: Path, argument: str, wait_s: float) -> str:
    """The process id in a server's note, once that server has ended; empty where nothing has this id.

    Args:
        note: the file in which a server notes its process id.
        argument: of its command line; a process without it is somebody else's that got the id later.
        wait_s: how long to wait for a server that is ending.
    """
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        try:
            pid = note.read_text().partition("\n")[0].strip()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            break
        if argument.encode() not in command:
            return pid
        time.sleep(0.05)
    return ""


def private_folder(path: Path, owner: Owner) -> Path:
    """A folder that only the owner can enter."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    owner.own(path)
    return path


def private_file(path: Path, text: str, owner: Owner) -> None:
    """A file that only the owner can read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    owner.own(path)


def remove(path: Path) -> None:
    """Remove a folder with all in it, if it is there."""
    shutil.rmtree(path, ignore_errors=True)
