"""`quaystream score`: simulated days with and without faults, found again by the detectors, compared with the truth."""

import argparse
import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from infra.clock import from_us, now_us
from infra.settings import Settings
from processing.model.device import Device
from processing.model.samples import Samples
from simulators.parameters import PRESETS
from simulators.score.bars import bars
from simulators.score.day import CraneDay, Day, simulate
from simulators.score.table import CLEAN, as_json, table
from simulators.score.tally import Score
from simulators.spoiling import FAULTS, spoil

HELP = "Score the crane detectors: simulated days, clean and with faults, compared with what really happened."
SEEDS = tuple(range(9101, 9111))
"""Of the report; unseen while the detectors were developed. 9001-9010 were seen once, and are retired."""
SPOIL_SEED = 77


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is simulated, and with which faults."""
    parser.add_argument("--preset", choices=sorted(PRESETS), default="chancay", help="which terminal (default chancay)")
    parser.add_argument("--seeds", type=_seeds, default=SEEDS, metavar="A-B", help="a day each (default 9101-9110)")
    parser.add_argument("--hours", type=float, default=24.0, help="length of each day (default 24)")
    names = ", ".join(fault.name for fault in FAULTS)
    parser.add_argument(
        "--faults", type=_faults, metavar="NAMES", help=f"only these, with commas between (default all): {names}"
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--clean-only", action="store_true", help="without faults only")
    only.add_argument("--spoilt-only", action="store_true", help="with faults only")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the result as JSON too")
    parser.epilog = (
        "The tables go to standard output, progress to standard error. Exit code 1 where a bar is missed: the table "
        "names the bars. A day of chancay takes about half a minute."
    )


def _seeds(text: str) -> tuple[int, ...]:
    first, _, last = text.partition("-")
    try:
        found = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        found = ()
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of seeds such as 9101-9110")
    return found


def _faults(text: str) -> tuple[str, ...]:
    names, known = tuple(name.strip() for name in text.split(",")), {fault.name for fault in FAULTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such fault: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return names


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Exit code 0, or 1 where a bar is missed; the table is for people, `--out` for programs."""
    names = args.faults or tuple(fault.name for fault in FAULTS)
    conditions: dict[str, tuple[str, ...]] = {} if args.spoilt_only else {CLEAN: ()}
    if not args.clean_only:
        conditions["all faults" if args.faults is None else ", ".join(names)] = names
    scores = {condition: _score(condition, faults, args) for condition, faults in conditions.items()}
    show(table(scores))
    missed = [
        f"{condition}: {bar.what} is {bar.measured}, to reach {bar.to_reach}"
        for condition, score in scores.items()
        for bar in bars(score, clean=condition == CLEAN)
        if not bar.reached
    ]
    if args.out is not None:
        args.out.write_text(json.dumps(_result(args, names, scores), indent=1, ensure_ascii=False) + "\n")
        progress(f"kept in {args.out}")
    for line in missed:
        progress(f"missed: {line}")
    return 1 if missed else 0


def _score(condition: str, faults: tuple[str, ...], args: argparse.Namespace) -> Score:
    score, began = Score(), time.monotonic()
    jobs = [(args.preset, seed, args.hours, faults) for seed in args.seeds]
    for done, (seed, day) in enumerate(_days(jobs), 1):
        score.add(day, str(seed))
        c, took_s = score.all, time.monotonic() - began
        left = f", about {took_s / done * (len(jobs) - done):.0f} s to go" if done < len(jobs) else f", {took_s:.0f} s"
        progress(
            f"{condition}: day {done} of {len(jobs)}: {c.true:,} moves, {c.missed} missed, {c.invented} invented{left}"
        )
    return score


def _result(args: argparse.Namespace, faults: tuple[str, ...], scores: dict[str, Score]) -> dict[str, object]:
    return {
        "measured_at": from_us(now_us()).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "preset": args.preset,
        "seeds": list(args.seeds),
        "hours": args.hours,
        "faults": list(faults),
        "scores": as_json(scores),
        "table": table(scores).splitlines(),
    }


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


def show(text: str) -> None:
    """Write the result."""
    print(text, flush=True)  # noqa: T201 - the output of the command


def progress(text: str) -> None:
    """Show how far the run is; not part of the result."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the output of the command
