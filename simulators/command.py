"""`quaystream simulate`: a terminal of simulated devices that publish over MQTT as real ones would."""

import argparse
import asyncio
import contextlib
import logging
import os
import pickle
import secrets
import signal
from pathlib import Path

from infra.clock import now_us
from infra.duration import duration_s
from infra.limits import many_files
from infra.settings import Settings
from simulators.parameters import PRESETS
from simulators.publisher import Publisher
from simulators.terminal import Terminal
from simulators.tos_lists import TosLists

log = logging.getLogger(__name__)

HELP = "Simulate a terminal: devices that publish over MQTT as real ones would, and the truth to score detectors by."
VERSION = 7
"""Of the saved state; count up when its classes change."""
RESUME_GAP_S = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to simulate, from when, and how long."""
    listed = "; ".join(f"{name}: {preset.text}" for name, preset in PRESETS.items())
    parser.add_argument("preset", choices=sorted(PRESETS), help=listed)
    parser.add_argument("--backfill", type=duration_s, default=0.0, metavar="TIME", help="the past first, such as 6h")
    parser.add_argument(
        "--duration", type=duration_s, metavar="TIME", help="live for this long, then end; else for ever"
    )
    parser.add_argument(
        "--tos-dir", type=Path, metavar="DIR", help="write a move list (CSV) of each vessel call for `reconcile`"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same terminal (default 1)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Simulate until the duration is over, or SIGINT or SIGTERM."""
    settings.require_mqtt()
    many_files()
    asyncio.run(_run(args, settings))
    return 0


async def _run(args: argparse.Namespace, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    saved = settings.state_dir / f"simulate-{args.preset}-{args.seed}.pickle"
    terminal = _terminal(args, saved)
    work = asyncio.create_task(_publish(args, settings, terminal), name="publish")
    stopped = asyncio.create_task(stop.wait(), name="stop signal")
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    _save(saved, terminal)


async def _publish(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> None:
    name = f"sim-{terminal.preset.terminal}-{secrets.token_hex(3)}"
    lists = None if args.tos_dir is None else TosLists(args.tos_dir, terminal)
    async with Publisher(settings.require_mqtt(), terminal, name, lists) as publisher:
        await publisher.backfill()
        await publisher.live(args.duration)


def _terminal(args: argparse.Namespace, saved: Path) -> Terminal:
    """The terminal as it was left, if that is not too long ago; else a new one."""
    now_ms = now_us() // 1000
    known = _load(saved)
    if known is not None and 0 <= now_ms - known.now_ms <= 1000 * max(args.backfill, RESUME_GAP_S):
        log.info("the terminal continues where the last simulation ended, %.0f s ago", (now_ms - known.now_ms) / 1000)
        return known
    return Terminal(args.preset, args.seed, now_ms - int(args.backfill * 1000), secrets.token_hex(4))


def _load(saved: Path) -> Terminal | None:
    try:
        version, terminal = pickle.loads(saved.read_bytes())  # noqa: S301 - written by us into the user's own folder
    except FileNotFoundError:
        return None
    except (ImportError, AttributeError):  # classes that are elsewhere, or no more
        version, terminal = None, None
    except Exception as error:
        log.warning("%s cannot be read, the terminal starts again from its seed: %s", saved, error)
        return None
    if version == VERSION and isinstance(terminal, Terminal):
        return terminal
    log.warning("%s was saved by another version of quaystream, the terminal starts again from its seed", saved)
    return None


def _save(saved: Path, terminal: Terminal) -> None:
    saved.parent.mkdir(parents=True, exist_ok=True)
    fresh = saved.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pickle.dumps((VERSION, terminal)))
    fresh.replace(saved)
