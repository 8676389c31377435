"""`quaystream score`: simulated days with and without faults, found again by the detectors, compared with the truth."""

import argparse
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from infra.clock import from_us, now_us
from infra.settings import Settings
from processing.samples import Samples
from processing.trackers import Device
from simulators.parameters import PRESETS
from simulators.score.day import CraneDay, Day, simulate
from simulators.score.table import as_json, table
from simulators.score.tally import Score
from simulators.spoiling import FAULTS, spoil

HELP = "Score the crane detectors: simulated days, clean and with faults, compared with what really happened."
SEEDS = tuple(range(9001, 9011))
"""Of the report; none of them was looked at while the detectors were made."""
SPOIL_SEED = 77


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is simulated, and with which faults."""
    parser.add_argument("--preset", choices=sorted(PRESETS), default="chancay", help="which terminal (default chancay)")
    parser.add_argument("--seeds", type=_seeds, default=SEEDS, metavar="A-B", help="a day each (default 9001-9010)")
    parser.add_argument("--hours", type=float, default=24.0, help="length of a day (default 24)")
    names = ", ".join(fault.name for fault in FAULTS)
    parser.add_argument(
        "--faults", type=_faults, metavar="NAMES", help=f"only these, with commas between (default all): {names}"
    )
    parser.add_argument("--clean-only", action="store_true", help="without faults only")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the result as JSON too")


def _seeds(text: str) -> tuple[int, ...]:
    first, _, last = text.partition("-")
    try:
        found = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        found = ()
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of seeds such as 9001-9010")
    return found


def _faults(text: str) -> tuple[str, ...]:
    names, known = tuple(name.strip() for name in text.split(",")), {fault.name for fault in FAULTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such fault: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return names


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Exit code 0; the table is for people, `--out` for programs."""
    names = args.faults or tuple(fault.name for fault in FAULTS)
    conditions: dict[str, tuple[str, ...]] = {"clean": ()}
    if not args.clean_only:
        conditions["all faults" if args.faults is None else ", ".join(names)] = names
    began = time.monotonic()
    scores = {}
    for condition, faults in conditions.items():
        scores[condition] = score = Score()
        jobs = [(args.preset, seed, args.hours, faults) for seed in args.seeds]
        for done, (seed, day) in enumerate(_days(jobs), 1):
            score.add(day, str(seed))
            say(f"{condition}: day {done} of {len(jobs)}, {score.all.true} moves, {time.monotonic() - began:.0f} s")
    say("")
    say(table(scores))
    if args.out is not None:
        told = {
            "measured_at": from_us(now_us()).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "preset": args.preset,
            "seeds": list(args.seeds),
            "hours": args.hours,
            "faults": list(names),
            "scores": as_json(scores),
        }
        args.out.write_text(json.dumps(told, indent=1) + "\n")
        say(f"\nkept in {args.out}")
    return 0


def _days(jobs: list[tuple[str, int, float, tuple[str, ...]]]) -> Iterable[tuple[int, Day]]:
    """Days in the order of their seeds, as many at a time as there are processors."""
    with multiprocessing.get_context("spawn").Pool(min(len(jobs), os.cpu_count() or 1), maxtasksperchild=2) as pool:
        yield from pool.imap(_day, jobs)


def _day(job: tuple[str, int, float, tuple[str, ...]]) -> tuple[int, Day]:
    preset, seed, hours, faults = job

    def spoiler(samples: Samples, device: Device, day: CraneDay) -> Samples:
        spoilt, day.spoilt = spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device.device_id]))
        return spoilt

    return seed, simulate(preset, seed, hours, spoiler if faults else None)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201 - the output of the command
