"""Runs experiments: one stack a profile, a fresh database and session each, controls once."""

import os
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from bench.machine import describe
from infra.machine.persistence import Profile
from infra.machine.stack import Stack
from infra.settings import load
from tests.faults.bed import STALLED_S, Bed
from tests.faults.broker_tools import quick_template
from tests.faults.experiment import Control, Experiment, Outcome, Run
from tests.faults.table import Row

CONTROL_STALLED_S = 2.5
"""A control is expected to stop short: it is given up sooner."""


class Suite:
    """Stacks are started when first needed and kept to the end of the `with`.

    Args:
        folder: for everything the runs write; other users may enter it.
        long: the long form.
        controls: whether controls are run.
    """

    def __init__(self, folder: Path, *, long: bool = False, controls: bool = True) -> None:
        self._folder = folder
        self._long = long
        self._controls = controls
        self._stacks: dict[Profile, Stack] = {}
        self._done: dict[str, tuple[str, bool]] = {}
        self.machine: dict[str, str] = {}

    def close(self) -> None:
        """Stop the stacks."""
        for stack in self._stacks.values():
            stack.__exit__(None, None, None)

    def run(self, experiment: Experiment) -> Row:
        """Run one experiment, and its control unless that has run already."""
        row = Row(experiment)
        missing = experiment.needs()
        if missing is not None:
            row.error, row.skipped = missing, True
            return row
        began = time.monotonic()
        try:
            row.outcome = self._on_bed(experiment.run, experiment.profile, experiment.id)
        except Exception:
            row.error = traceback.format_exc(limit=-4)
        row.seconds = time.monotonic() - began
        if self._controls:
            row.control, row.control_failed = self._control(experiment.control)
        return row

    def _control(self, control: Control) -> tuple[str, bool]:
        if control.name not in self._done:
            try:
                outcome = self._on_bed(control.run, control.profile, f"control {control.name}", CONTROL_STALLED_S)
                missed = [str(check) for check in outcome.checks if check.name == control.misses and not check.ok]
                verdict = f"fails as it must: {missed[0]}" if missed else f"DOES NOT FAIL at {control.misses!r}"
                self._done[control.name] = f"{control.name}: {verdict}", bool(missed)
            except Exception:
                self._done[control.name] = f"{control.name}: broke: {traceback.format_exc(limit=-2)}", False
        return self._done[control.name]

    def _on_bed(self, run: Run, profile: Profile, name: str, stalled_s: float = STALLED_S) -> Outcome:
        folder = self._folder / name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        with Bed(self._stack(profile), folder, long=self._long) as bed:
            self.machine = self.machine or describe(bed.database_url)
            bed.stalled_s = stalled_s
            return run(bed)

    def _stack(self, profile: Profile) -> Stack:
        """The stack of a profile, with both servers running, whatever the run before left."""
        if profile not in self._stacks:
            cache = load(os.environ).cache_dir
            stack = Stack(self._folder / profile, cache, profile=profile, report=lambda _text: None)
            stack.__enter__()
            self._stacks[profile] = stack
        stack = self._stacks[profile]
        if not stack.broker.pid:
            stack.broker.start()
        if not stack.postgres.pid:
            stack.postgres.start()
        return stack


@contextmanager
def suite(*, long: bool = False, controls: bool = True) -> Iterator[Suite]:
    """A suite in a temporary folder; everything is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="quaystream-faults-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the user whom the servers run as must get in
        running = Suite(folder, long=long, controls=controls)
        with quick_template(folder):
            try:
                yield running
            finally:
                running.close()


def in_order(experiments: list[Experiment]) -> list[Experiment]:
    """By profile, so that the machine runs one stack after the other."""
    profiles = get_args(Profile)
    return sorted(experiments, key=lambda one: profiles.index(one.profile))
