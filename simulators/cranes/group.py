"""All cranes of a terminal over time: their rows as they fall due, and the truth when it has come to its end."""

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.random import SeedSequence

from processing.cranes.signals import CRANE
from simulators.announced import TrueExpected, call_of
from simulators.cranes.crane import Crane, Worked
from simulators.cranes.jobs import CraneJob
from simulators.cranes.signals import CraneSamples
from simulators.cranes.truth import TrueDelay, TrueMove
from simulators.devices import Device, Rows, Slice
from simulators.fleet import Fleet
from simulators.parameters import Preset
from simulators.yard import Box, numbers

SIGNALS = tuple(signal.name for signal in CRANE.signals)
"""In the order of a row's fields."""
ANNOUNCED_MS = 1_800_000
"""So long before they come off a vessel boxes are announced. [ms] Assumed."""


class Cranes:
    """All cranes of a preset.

    Args:
        preset: what to simulate.
        seed: the same seed and start give the same cranes.
        start_ms: when they begin. [ms since 1970 UTC]
        boot: name of this generation of their counters.

    Attributes:
        fleet: the cranes, and the berths whose vessels they work.
    """

    def __init__(self, preset: Preset, seed: SeedSequence, start_ms: int, boot: str) -> None:
        self.fleet = Fleet(preset, seed, start_ms)
        self.devices = [Device("crane", crane.name, crane.parameters.type) for crane in self.fleet.cranes]
        self._row = Rows(CRANE, boot)
        self._ahead: dict[str, deque[Worked]] = {crane.name: deque() for crane in self.fleet.cranes}
        self._discharges: list[CraneJob] = []
        self._brought: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._moves: list[TrueMove] = []
        self._delays: list[TrueDelay] = []
        self._jobs: list[CraneJob] = []

    def advance(self, until_ms: int, made: Slice) -> None:
        """Put everything with a time before `until_ms` into a slice, each once."""
        self._plan(until_ms)
        made.truth += self._expected(until_ms + ANNOUNCED_MS)
        for crane in self.fleet.cranes:
            self._advance(crane, until_ms, made)
        made.truth += [self._as_brought(move) for move in self._moves if move.unlocked_ms < until_ms]
        self._moves = [move for move in self._moves if move.unlocked_ms >= until_ms]
        made.truth += [delay for delay in self._delays if delay.ended_ms < until_ms]
        self._delays = [delay for delay in self._delays if delay.ended_ms >= until_ms]
        made.truth += self.fleet.calls_to_announce(until_ms)

    def take_jobs(self, until_ms: int) -> list[CraneJob]:
        """What cranes have begun since the last time, at least all that begins before `until_ms`."""
        self._plan(until_ms)
        taken, self._jobs = self._jobs, []
        return taken

    def brings(self, job: CraneJob, boxes: tuple[Box, ...]) -> None:
        """These are the boxes that a crane takes off a vehicle; known before it lifts them."""
        self._brought[numbers(job.boxes)] = numbers(boxes)

    def _plan(self, until_ms: int) -> None:
        """Let cranes go on until the samples of each reach a time; quay cranes further: boxes are announced before."""
        for crane in self.fleet.cranes:
            parts, end_ms = self._ahead[crane.name], until_ms + ANNOUNCED_MS * crane.parameters.quay
            while not parts or not len(parts[-1].samples.time_ms) or parts[-1].samples.time_ms[-1] < end_ms:
                worked = crane.work()
                parts.append(worked)
                self._moves += worked.moves
                self._delays += worked.delays
                self._jobs += [worked.job] if worked.job is not None else []
                self._discharges += [worked.job for move in worked.moves if move.kind == "discharge" and worked.job]

    def _expected(self, end_ms: int) -> list[TrueExpected]:
        """Boxes that come off a vessel before a time, each once, in order."""
        due = sorted(
            (job for job in self._discharges if job.done_ms < end_ms), key=lambda job: (job.done_ms, job.crane)
        )
        self._discharges = [job for job in self._discharges if job.done_ms >= end_ms]
        calls = [call for berth in self.fleet.berths for call in berth.calls]
        return [
            TrueExpected(box, job.done_ms, call_of(calls, job.crane, job.begin_ms)) for job in due for box in job.boxes
        ]

    def _as_brought(self, move: TrueMove) -> TrueMove:
        """A move that has ended, with the boxes that a vehicle had brought."""
        brought = self._brought.pop(move.numbers, move.numbers)
        return replace(move, container_ids=brought if move.container_ids else (), numbers=brought)

    def _advance(self, crane: Crane, until_ms: int, made: Slice) -> None:
        parts = self._ahead[crane.name]
        while parts and _begins_ms(parts[0]) < until_ms:
            part = parts.popleft()
            cut = int(np.searchsorted(part.samples.time_ms, until_ms))
            due, rest = part.samples.split(cut)
            if cut:
                made.rows.setdefault(("crane", crane.name), []).extend(self._rows(crane.name, due))
            made.truth += [change for change in part.log_ons if change.at_ms < until_ms]
            if len(rest.time_ms):
                later = [change for change in part.log_ons if change.at_ms >= until_ms]
                parts.appendleft(Worked(rest, log_ons=later))
                return

    def _rows(self, crane: str, samples: CraneSamples) -> list[object]:
        absent = [None] * len(samples.time_ms)
        columns = [samples.signals[name].tolist() if name in samples.signals else absent for name in SIGNALS]
        rows = self._row.many(crane, samples.time_ms.tolist(), columns)
        for at, ids in samples.ids.items():
            rows[at].container_ids = self._brought.get(ids, ids)
        return rows


def _begins_ms(part: Worked) -> int:
    """When the first thing of it happens. [ms since 1970 UTC]."""
    if len(part.samples.time_ms):
        return int(part.samples.time_ms[0])
    return min((change.at_ms for change in part.log_ons), default=0)
