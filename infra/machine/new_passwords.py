"""Passes new passwords to `quaystream up`, which enters them at its broker: over a socket in the state folder.

They go nowhere else: the database has hashes, and a message at the broker could be read by an integrator.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

SOCKET: Final = "accounts.sock"
ANSWER_S: Final = 10.0
MOST_BYTES: Final = 1 << 20


class Passwords(Struct, frozen=True):
    """New ones, by username."""

    passwords: dict[str, str]


class Outcome(Struct, frozen=True):
    """What became of them: None, or what keeps the broker from knowing them."""

    problem: str | None


async def serve(state_dir: Path, enter: Callable[[dict[str, str]], Awaitable[str | None]]) -> None:
    """Take passwords until cancelled. Only the user whom this program runs as can connect.

    Raises:
        OSError: the socket cannot be made.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = msgspec.json.decode(await reader.readline(), type=Passwords)
            problem = await enter(request.passwords)
        except (msgspec.MsgspecError, ValueError, OSError) as error:
            problem = f"not understood: {error}"
        with suppress(OSError):  # whoever asked has left
            writer.write(msgspec.json.encode(Outcome(problem)) + b"\n")
            await writer.drain()
        writer.close()

    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short_path(state_dir) as path:
        path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(mask)
    async with await asyncio.start_unix_server(answer, sock=listening, limit=MOST_BYTES) as server:
        await server.serve_forever()


async def pass_on(state_dir: Path, passwords: dict[str, str]) -> str | None:
    """Pass passwords on; what keeps the broker from knowing them, None where it does.

    Raises:
        OSError: no `quaystream up` with a broker of its own runs with this state folder, or it may not be asked.
    """
    with _short_path(state_dir) as path:
        reader, writer = await asyncio.open_unix_connection(str(path), limit=MOST_BYTES)
    try:
        async with asyncio.timeout(ANSWER_S):
            writer.write(msgspec.json.encode(Passwords(passwords)) + b"\n")
            return msgspec.json.decode(await reader.readline(), type=Outcome).problem
    except (TimeoutError, msgspec.MsgspecError):
        return f"`quaystream up` does not answer within {ANSWER_S:g} s"
    finally:
        writer.close()


async def let_broker_know(state_dir: Path, passwords: dict[str, str]) -> str | None:
    """Let the private broker know a change; what a person is to do where it does not, None where it does.

    Args:
        state_dir: that `quaystream up` runs with.
        passwords: new ones, by username; none where credentials have ended.
    """
    try:
        problem = await pass_on(state_dir, passwords)
    except OSError as error:
        problem = _unreachable(state_dir, error)
    return None if problem is None else f"the change is stored, but the broker does not know it yet: {problem}"


def _unreachable(state_dir: Path, error: OSError) -> str:
    """What to do where nobody takes passwords."""
    folder = state_dir.absolute()
    if isinstance(error, PermissionError):
        return f"only the user who runs `quaystream up` with {folder} can pass it on; run this program as that user"
    return (
        f"no `quaystream up` with a broker of its own runs with {folder}; one that is started knows it; at a broker of "
        "your own, make it there too (docs/broker.md)"
    )


@contextmanager
def _short_path(state_dir: Path) -> Iterator[Path]:
    """The socket by way of an open folder: the address of a socket has room for 107 bytes only."""
    folder = os.open(state_dir, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{folder}") / SOCKET
    finally:
        os.close(folder)
