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
from typing import Any

from infra.clock import from_us, now_us
from infra.settings import Settings
from simulators.parameters import PRESETS
from simulators.score.subjects import ALL_FAULTS, SUBJECTS, Sum
from simulators.score.table import CLEAN

HELP = "Score detectors: simulated days, clean and with faults, compared with the truth."
SEEDS = tuple(range(9101, 9111))
"""Of the report; unseen while the detectors were developed. 9001-9010 were seen once, and are retired."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is simulated, and with which faults."""
    parser.add_argument("--of", choices=sorted(SUBJECTS), default="cranes", help="whose facts (default cranes)")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="chancay", help="which terminal (default chancay)")
    parser.add_argument("--seeds", type=_seeds, default=SEEDS, metavar="A-B", help="a day each (default 9101-9110)")
    lengths = ", ".join(f"{subject.hours:g} of {name}" for name, subject in SUBJECTS.items())
    parser.add_argument("--hours", type=float, help=f"length of each day (default {lengths})")
    names = ", ".join(ALL_FAULTS)
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
    names, known = tuple(name.strip() for name in text.split(",")), set(ALL_FAULTS)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such fault: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return names


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Exit code 0, or 1 where a bar is missed; the table is for people, `--out` for programs."""
    subject = SUBJECTS[args.of]
    args.hours = subject.hours if args.hours is None else args.hours
    names = tuple(name for name in subject.faults if args.faults is None or name in args.faults)
    conditions: dict[str, tuple[str, ...]] = {} if args.spoilt_only else {CLEAN: ()}
    if not args.clean_only:
        conditions["all faults" if args.faults is None else ", ".join(names)] = names
    scores = {condition: _score(condition, faults, args) for condition, faults in conditions.items()}
    show(subject.table(scores))
    missed = [
        f"{condition}: {bar.what} is {bar.measured}, to reach {bar.to_reach}"
        for condition, score in scores.items()
        for bar in subject.bars(score, clean=condition == CLEAN)
        if not bar.reached
    ]
    if args.out is not None:
        args.out.write_text(json.dumps(_result(args, names, scores), indent=1, ensure_ascii=False) + "\n")
        progress(f"kept in {args.out}")
    for line in missed:
        progress(f"missed: {line}")
    return 1 if missed else 0


def _score(condition: str, faults: tuple[str, ...], args: argparse.Namespace) -> Sum:
    subject, began = SUBJECTS[args.of], time.monotonic()
    score = subject.score()
    jobs = [(args.of, args.preset, seed, args.hours, faults) for seed in args.seeds]
    for done, (seed, day) in enumerate(_days(jobs), 1):
        score.add(day, str(seed))
        c, took_s = score.all, time.monotonic() - began
        left = f", about {took_s / done * (len(jobs) - done):.0f} s to go" if done < len(jobs) else f", {took_s:.0f} s"
        found = f"{c.true:,} {subject.counted}, {c.missed} missed, {c.invented} invented"
        progress(f"{condition}: day {done} of {len(jobs)}: {found}{left}")
    return score


def _result(args: argparse.Namespace, faults: tuple[str, ...], scores: dict[str, Sum]) -> dict[str, object]:
    return {
        "measured_at": from_us(now_us()).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "preset": args.preset,
        "seeds": list(args.seeds),
        "hours": args.hours,
        "faults": list(faults),
        "scores": SUBJECTS[args.of].as_json(scores),
        "table": SUBJECTS[args.of].table(scores).splitlines(),
    }


Job = tuple[str, str, int, float, tuple[str, ...]]
"""Subject, preset, seed, hours and faults of a day."""


def _days(jobs: list[Job]) -> Iterable[tuple[int, Any]]:
    """Days in the order of their seeds, as many at a time as there are processors."""
    with multiprocessing.get_context("spawn").Pool(min(len(jobs), os.cpu_count() or 1), maxtasksperchild=2) as pool:
        yield from pool.imap(_day, jobs)


def _day(job: Job) -> tuple[int, Any]:
    subject, preset, seed, hours, faults = job
    return seed, SUBJECTS[subject].day(preset, seed, hours, faults)


def show(text: str) -> None:
    """Write the result."""
    print(text, flush=True)  # noqa: T201 - the output of the command


def progress(text: str) -> None:
    """Show how far the run is; not part of the result."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the output of the command
