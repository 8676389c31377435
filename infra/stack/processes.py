"""Programs that run: started on a leash, stopped in bounded time, found again after a crash."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from infra.stack.accounts import Account

LEASH = Path(__file__).with_name("leash.py")
LOG_MOST_BYTES = 20_000_000
POLL_S = 0.05


def leashed(command: Sequence[str], death_signal: signal.Signals, account: Account | None) -> list[str]:
    """The command line that starts `command` so that it ends with this process."""
    who = "" if account is None else f"{account.uid}:{account.gid}"
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(death_signal)), who, *command]


async def start(
    command: Sequence[str],
    *,
    stop_signal: signal.Signals,
    output: IO[bytes] | int,
    account: Account | None = None,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Process:
    """Start a program in a session of its own, so that Ctrl-C at the terminal does not reach it.

    Args:
        command: absolute path and arguments.
        stop_signal: sent to it when this process dies.
        output: where its standard output and error go.
        account: to run under; None: the present one.
        cwd: its working folder.
        environ: its environment; None: this one's.
    """
    return await asyncio.create_subprocess_exec(
        *leashed(command, stop_signal, account),
        stdin=DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        cwd=cwd,
        env=environ,
        start_new_session=True,
    )


async def stop(process: Process, stop_signal: signal.Signals, within_s: float) -> bool:
    """End a program; killed when it takes longer than `within_s` [s]. True: it ended by itself."""
    if process.returncode is not None:
        return True
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(stop_signal)
    try:
        async with asyncio.timeout(within_s):
            await process.wait()
    except TimeoutError:
        await kill_all(process)
        return False
    return True


async def kill_all(process: Process) -> None:
    """SIGKILL to a program and the processes it started, and wait until the program is gone."""
    victims = [*children(process.pid), process.pid] if process.returncode is None else []
    for pid in victims:
        _signal(pid, signal.SIGKILL)
    await process.wait()
    await _gone(victims, 10.0)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A server that outlived the one who started it."""

    pid: int

    async def end(self, stop_signal: signal.Signals, within_s: float) -> None:
        """Ask it to stop; kill it when it takes longer than `within_s` [s]."""
        _signal(self.pid, stop_signal)
        if not await _gone([self.pid], within_s):
            for pid in [*children(self.pid), self.pid]:
                _signal(pid, signal.SIGKILL)
            await _gone([self.pid], 10.0)


def leftovers(argument: str) -> list[Leftover]:
    """Processes that were started with exactly this argument, such as the path of a data folder."""
    wanted = argument.encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if wanted in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(Leftover(int(entry.name)))
    return found


def children(parent: int) -> list[int]:
    """Process ids of the processes that a process started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent(entry / "stat") == parent:
            found.append(int(entry.name))
    return found


def _parent(stat: Path) -> int | None:
    try:
        # proc(5): the name stands in brackets and may hold anything; state and parent follow the last bracket.
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        return False


def started_at(pid: int) -> int | None:
    """When a process started, in ticks since boot: with the process id it names one process for ever."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


async def _gone(pids: Sequence[int], within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            while any(alive(pid) for pid in pids):
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        return False
    return True


def open_log(path: Path) -> IO[bytes]:
    """A log file to append to; begun anew when it has grown large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_MOST_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 12) -> str:
    """The end of a log, for an error message."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8_192))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
