"""Starts the worker with a fault built in: `python -m tests.faults.launch [OPTIONS]`; the product itself has none.

Patched are names that do not change: `Mqtt`, `BatchWriter.write`, asyncpg's COPY, and the codec.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

import infra.clock
from infra import cli
from infra.mqtt import connection
from infra.mqtt.connection import Mqtt
from ingest.decode.codecs.native import fast
from ingest.decode.columns import Limits
from ingest.recompute.recomputer import Recomputer
from ingest.source.broker_session import BrokerSession
from ingest.store.outcome import Failure
from ingest.store.writer import BatchWriter
from ingest.worker import shell
from tests.faults.poisons import dropping, raising

LIMITLESS = Limits(retention_days=1_000_000, future_s=250_000_000_000)
"""From before our era to the year 9900: beyond 9999 Python has no dates, and the worker would not even begin."""
POINTS = ("before-copy", "after-copy", "after-commit", "half-acked")


def main() -> int:
    """Patch, then run the worker."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.launch", description=__doc__)
    parser.add_argument("--early-ack", action="store_true", help="acknowledge when read, before the commit")
    parser.add_argument("--no-epoch", action="store_true", help="ignore over which connection a message came")
    parser.add_argument("--keepalive", type=int, metavar="S", help="MQTT keepalive")
    parser.add_argument("--patience", type=float, metavar="S", help="the database is given up after so long")
    parser.add_argument("--no-lock-timeout", action="store_true", help="the server waits for locks without limit")
    parser.add_argument("--die", metavar="POINT:N", help=f"kill -9 itself at the Nth time of {', '.join(POINTS)}")
    parser.add_argument("--hold", type=Path, metavar="FILE", help="write so many batches as this file holds")
    parser.add_argument("--slow", type=Path, metavar="FILE", help="each batch takes so many seconds as this file holds")
    parser.add_argument("--poison", action="store_true", help="the codec raises what a payload asks for")
    parser.add_argument("--any-time", action="store_true", help="samples of any time are taken")
    parser.add_argument("--no-recompute", action="store_true", help="late samples change no fact")
    parser.add_argument("--drop-refused", action="store_true", help="the codec drops what it refuses")
    parser.add_argument("--stubborn", action="store_true", help="a batch with a row that the database refuses waits")
    parser.add_argument("--clock", type=Path, metavar="FILE", help="the wall clock is off by so many seconds")
    parser.add_argument("--wall-timers", action="store_true", help="timers go by the wall clock")
    args = parser.parse_args()
    if args.early_ack:
        _early_ack()
    if args.no_epoch:
        _no_epoch()
    if args.keepalive:
        connection.KEEPALIVE_S = args.keepalive
    if args.patience:
        shell.WRITE_TIMEOUT_S = args.patience
    if args.no_lock_timeout:
        _no_lock_timeout()
    if args.hold is not None:
        _hold(args.hold)
    if args.slow is not None:
        _slow(args.slow)
    _samples(args)
    _clock(args.clock, timers=args.wall_timers)
    if args.die:
        point, _, count = args.die.partition(":")
        _DYING[point](_Death(int(count or 1)))
    return cli.main(["ingest"])


def _samples(args: argparse.Namespace) -> None:
    """Faults in what becomes of samples."""
    if args.poison:
        _put(fast, "decoder", raising(fast.decoder))
    if args.drop_refused:
        _put(fast, "decoder", dropping(fast.decoder))
    if args.stubborn:
        _put(shell, "classify", lambda _error: Failure.AWAY)
    if args.any_time:
        _put(shell, "Limits", lambda *_: LIMITLESS)
    if args.no_recompute:
        _put(Recomputer, "step", _nothing)


def _clock(file: Path | None, *, timers: bool) -> None:
    """The wall clock as this process sees it, and if asked for the timers too, which must not depend on it."""
    if file is None:
        return
    right_ns: Callable[[], int] = vars(infra.clock)["time_ns"]
    _put(infra.clock, "time_ns", lambda: right_ns() + int(float(file.read_text()) * 1e9))
    if timers:
        _put(asyncio.BaseEventLoop, "time", lambda _loop: infra.clock.now_us() / 1e6)


class _Death:
    """Kill -9 at the Nth time."""

    def __init__(self, count: int) -> None:
        self._left = count

    def due(self) -> bool:
        self._left -= 1
        return self._left <= 0

    def come(self) -> None:
        if self.due():
            die()


def die() -> None:
    """Kill -9 of this process, as a crash would."""
    os.kill(os.getpid(), signal.SIGKILL)


def _early_ack() -> None:
    original = Mqtt.__init__

    def changed(self: Mqtt, *args: Any, **named: Any) -> None:
        original(self, *args, **(named | {"manual_ack": False}))

    _put(Mqtt, "__init__", changed)


def _no_epoch() -> None:
    """Every connection counts as the first one, so that late acknowledgements go out."""
    _put(BrokerSession, "epoch", property(lambda _self: 1, lambda _self, _value: None))


def _no_lock_timeout() -> None:
    original = asyncpg.connect

    async def changed(*args: Any, server_settings: dict[str, str], **named: Any) -> Any:
        return await original(*args, server_settings=server_settings | {"lock_timeout": "0"}, **named)

    _put(asyncpg, "connect", changed)


async def _nothing(recomputer: Recomputer) -> bool:
    """Instead of `Recomputer.step`: nothing is recomputed."""
    recomputer.pending = 0
    return False


def _put(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)


def _with_batch(owner: Any, name: str, before: Callable[[], Any] | None, after: Callable[[], Any] | None) -> None:
    """Wrap a coroutine function that gets a batch; empty batches do not count."""
    original = getattr(owner, name)

    async def changed(self: Any, batch: Any, *args: Any, **named: Any) -> Any:
        counts = bool(batch.streams)
        if counts and before is not None:
            await before()
        done = await original(self, batch, *args, **named)
        if counts and after is not None:
            await after()
        return done

    _put(owner, name, changed)


def _before_copy(death: _Death) -> None:
    async def come() -> None:
        death.come()

    _with_batch(BatchWriter, "write", come, None)


def _after_copy(death: _Death) -> None:
    original = asyncpg.Connection.copy_to_table

    async def changed(self: Any, *args: Any, **named: Any) -> Any:
        done = await original(self, *args, **named)
        death.come()
        return done

    _put(asyncpg.Connection, "copy_to_table", changed)


def _after_commit(death: _Death) -> None:
    async def come() -> None:
        death.come()

    _with_batch(BatchWriter, "write", None, come)


def _half_acked(death: _Death) -> None:
    original = Mqtt.ack
    dying = False

    def changed(self: Mqtt, mids: list[int]) -> None:
        nonlocal dying
        if dying:
            return
        if not mids or not death.due():
            original(self, mids)
            return
        dying = True
        original(self, mids[: len(mids) // 2])
        asyncio.get_running_loop().call_later(0.02, die)  # so that what was acknowledged has left

    _put(Mqtt, "ack", changed)


def _hold(file: Path) -> None:
    done = 0

    def allowed() -> float:
        try:
            return int(file.read_text() or 0)
        except FileNotFoundError:
            return float("inf")

    async def wait() -> None:
        nonlocal done
        while done >= allowed():
            await asyncio.sleep(0.01)
        done += 1

    _with_batch(BatchWriter, "write", wait, None)


def _slow(file: Path) -> None:
    async def wait() -> None:
        if file.exists():  # noqa: ASYNC240 - a test's flag; a microsecond
            await asyncio.sleep(float(file.read_text()))  # noqa: ASYNC240 - as above

    _with_batch(BatchWriter, "write", wait, None)


_DYING: dict[str, Callable[[_Death], None]] = {
    "before-copy": _before_copy,
    "after-copy": _after_copy,
    "after-commit": _after_commit,
    "half-acked": _half_acked,
}

if __name__ == "__main__":
    sys.exit(main())
