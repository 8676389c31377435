"""All cranes of a terminal over time: their rows as they fall due, and the truth when it has come to its end."""

import numpy as np
from numpy.random import SeedSequence

from processing.cranes.signals import CRANE
from simulators.cranes.crane import Crane, Worked
from simulators.cranes.jobs import CraneJob
from simulators.cranes.signals import CraneSamples
from simulators.cranes.truth import TrueDelay, TrueMove
from simulators.devices import Device, Rows, Slice
from simulators.fleet import Fleet
from simulators.parameters import Preset

SIGNALS = tuple(signal.name for signal in CRANE.signals)
"""In the order of a row's fields."""


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
        self._ahead: dict[str, Worked] = {}
        self._moves: list[TrueMove] = []
        self._delays: list[TrueDelay] = []
        self._jobs: list[CraneJob] = []

    def advance(self, until_ms: int, made: Slice) -> None:
        """Put everything with a time before `until_ms` into a slice, each once."""
        for crane in self.fleet.cranes:
            self._advance(crane, until_ms, made)
        made.truth += [move for move in self._moves if move.unlocked_ms < until_ms]
        self._moves = [move for move in self._moves if move.unlocked_ms >= until_ms]
        made.truth += [delay for delay in self._delays if delay.ended_ms < until_ms]
        self._delays = [delay for delay in self._delays if delay.ended_ms >= until_ms]
        made.truth += self.fleet.calls_to_announce(until_ms)

    def take_jobs(self) -> list[CraneJob]:
        """What cranes have begun since the last time: after `advance`, at least all that begins before its end."""
        taken, self._jobs = self._jobs, []
        return taken

    def _advance(self, crane: Crane, until_ms: int, made: Slice) -> None:
        parts = [self._ahead.pop(crane.name)] if crane.name in self._ahead else []
        while not parts or not len(parts[-1].samples.time_ms) or parts[-1].samples.time_ms[-1] < until_ms:
            worked = crane.work()
            parts.append(worked)
            self._moves += worked.moves
            self._delays += worked.delays
            self._jobs += [worked.job] if worked.job is not None else []
        for part in parts:
            cut = int(np.searchsorted(part.samples.time_ms, until_ms))
            due, rest = part.samples.split(cut)
            if cut:
                made.rows.setdefault(("crane", crane.name), []).extend(self._rows(crane.name, due))
            made.truth += [change for change in part.log_ons if change.at_ms < until_ms]
            if len(rest.time_ms):
                later = [change for change in part.log_ons if change.at_ms >= until_ms]
                self._ahead[crane.name] = Worked(rest, log_ons=later)

    def _rows(self, crane: str, samples: CraneSamples) -> list[object]:
        absent = [None] * len(samples.time_ms)
        columns = [samples.signals[name].tolist() if name in samples.signals else absent for name in SIGNALS]
        rows = self._row.many(crane, samples.time_ms.tolist(), columns)
        for at, ids in samples.ids.items():
            rows[at].container_ids = ids
        return rows
