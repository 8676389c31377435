"""The engine: samples in, facts and KPI values out. Holds all state that is derived; knows no I/O and no clock."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.board import KpiBoard
from processing.carry import group_starts
from processing.factbook import CraneBook, Factbook
from processing.facts import CraneMove, Fact, GateTransaction, Level, ReeferExcursion, RetractedMove, TruckVisit
from processing.gates import visit_of
from processing.kpis import FactKind, KpiValue
from processing.samples import Samples
from processing.streams import CRANE
from processing.trackers import CraneTracker, Device, GateTracker, ReeferTracker, Tracker
from processing.watermarks import Watermarks

LIVE_US = 120_000_000
"""A terminal heard of within this time is live: its "now" goes on with the clock. [µs]"""
SILENCE_US = 2_000_000
"""A crane silent for this long is told as it looks. [µs]"""


@dataclass(frozen=True, slots=True)
class KpiOutput:
    """Samples to store and live values to publish."""

    samples: list[KpiValue]
    live: list[KpiValue]


class Engine:
    """Derives everything from samples; the same set of samples gives the same facts."""

    def __init__(self) -> None:
        self._devices: dict[int, Device] = {}
        self.boards: dict[str, KpiBoard] = {}
        self.watermarks = Watermarks()
        self.cranes = CraneTracker(self._devices.__getitem__)
        self.gates = GateTracker(self._devices.__getitem__)
        self.reefers = ReeferTracker(self._devices.__getitem__)
        self._trackers: dict[str, Tracker] = {"crane": self.cranes, "gate": self.gates, "reefer": self.reefers}

    def register(self, device: Device) -> None:
        """Make a device known before its first sample is fed."""
        self._devices[device.device_id] = device
        if device.stream == "crane":
            book = self.board(device.terminal).book
            yard = device.type in ("ARMG", "RTG")
            crane = book.cranes.setdefault(device.name, CraneBook(device.device_id, yard, device.first_us))
            crane.yard, crane.first_seen_us = yard, min(crane.first_seen_us, device.first_us)

    def board(self, terminal: str) -> KpiBoard:
        """The KPI board of a terminal."""
        board = self.boards.get(terminal)
        if board is None:
            self.boards[terminal] = board = KpiBoard(Factbook(terminal))
        return board

    def feed(self, samples: Samples, now_us: int) -> list[Fact]:
        """Advance over samples that are ahead of their device's watermark, in order, each once.

        Args:
            samples: of one stream; see `Samples.in_order` and `Watermarks.behind`.
            now_us: bound of event time: the clock where samples are live. [µs since 1970 UTC]

        Returns: facts new or changed, those to be stored only.
        """
        if not len(samples):
            return []
        starts, ends = self._groups(samples)
        self.watermarks.advance(samples, ends)
        self._see_cranes(samples, starts)
        facts = self._note(self._trackers[samples.stream.name].feed(samples, starts, ends))
        for device_id, time_us in zip(samples.device_id[ends].tolist(), samples.time_us[ends].tolist(), strict=True):
            self.board(self._devices[device_id].terminal).advance(min(time_us, now_us))
        return facts

    def _see_cranes(self, samples: Samples, starts: NDArray[np.intp]) -> None:
        """Note since when a crane is there: until it tells of log-ons, it counts as allocated from then on."""
        if samples.stream is not CRANE:
            return
        for device_id, time_us in zip(
            samples.device_id[starts].tolist(), samples.time_us[starts].tolist(), strict=True
        ):
            device = self._devices[device_id]
            crane = self.board(device.terminal).book.cranes[device.name]
            crane.first_seen_us = min(crane.first_seen_us, time_us)

    def replay(self, samples: Samples) -> list[Fact]:
        """Read stored samples again, in order, to rebuild the detectors; watermarks and "now" stay."""
        if not len(samples):
            return []
        return self._note(self._trackers[samples.stream.name].feed(samples, *self._groups(samples)))

    @staticmethod
    def _groups(samples: Samples) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First and last row of each device."""
        starts = group_starts(samples.device_id)
        return starts, np.append(starts[1:], len(samples)) - 1

    def tick(self, now_us: int) -> list[Fact]:
        """Let time pass: live terminals' "now" goes on, and silent cranes are told as they look.

        Returns: facts told early; the same facts come again, or are retracted, when samples arrive.
        """
        live = {
            terminal: board
            for terminal, board in self.boards.items()
            if board.now_us is not None and now_us - board.now_us < LIVE_US
        }
        for board in live.values():
            board.advance(now_us - SILENCE_US)
        early: list[Fact] = []
        for device_id in self.cranes.pending():
            seen_us = self.watermarks.of(device_id)
            if seen_us is not None and self._devices[device_id].terminal in live and now_us - seen_us > SILENCE_US:
                fact = self.cranes.peek(device_id)
                early += [fact] if fact is not None else []
        return self._note(early)

    def kpis(self, *, everything: bool = False) -> KpiOutput:
        """KPI samples that are due and live values that changed."""
        samples = [value for board in self.boards.values() for value in board.samples()]
        live = [value for board in self.boards.values() for value in board.live(everything=everything)]
        return KpiOutput(samples, live)

    def recall(self, facts: Iterable[Fact]) -> None:
        """Take in facts that are stored already, for the windows that are open."""
        self._note(list(facts))

    def _note(self, facts: list[Fact]) -> list[Fact]:
        """Enter facts in their terminal's book; visits follow from transactions."""
        stored: list[Fact] = []
        for fact in facts:
            if isinstance(fact, TruckVisit):
                stored.append(self._note_visit(fact))
                continue
            device = self._devices[fact.device_id]
            board = self.board(device.terminal)
            if isinstance(fact, Level):
                self._note_level(board, device, fact)
                continue
            stored.append(fact)
            if isinstance(fact, CraneMove | RetractedMove):
                self._note_move(board, device, fact)
            elif isinstance(fact, GateTransaction):
                visit = visit_of(device.terminal, device.name, fact)
                stored += [self._note_visit(visit)] if visit is not None else []
            else:
                self._note_excursion(board, device, fact)
        return stored

    def _note_move(self, board: KpiBoard, device: Device, fact: CraneMove | RetractedMove) -> None:
        crane = board.book.cranes[device.name]
        old = crane.by_lock.get(fact.locked_us)
        if old == fact:
            return
        touched = [move.unlocked_us for move in (old, fact) if isinstance(move, CraneMove)]
        if isinstance(fact, CraneMove):
            crane.put(fact)
        else:
            crane.drop(fact.locked_us)
        for time_us in touched:
            self._touch_crane(board, device, crane, time_us)

    @staticmethod
    def _touch_crane(board: KpiBoard, device: Device, crane: CraneBook, time_us: int) -> None:
        board.touch("move", device.name, time_us)
        if not crane.yard:
            board.touch("move", device.terminal, time_us)

    def _note_level(self, board: KpiBoard, device: Device, level: Level) -> None:
        board.book.put_level(level)
        if level.name == "logged_on":
            self._touch_crane(board, device, board.book.cranes[device.name], level.time_us)
        else:
            board.touch(level.name, device.terminal, level.time_us)

    def _note_visit(self, told: TruckVisit) -> TruckVisit:
        board = self.board(told.terminal)
        before = board.book.visits.get(told.visit)
        visit = board.book.put_visit(told)
        if visit != before:
            times = (visit.entered_us, visit.left_us)
            board.touch("visit", told.terminal, min(t for t in times if t is not None))
        return visit

    @staticmethod
    def _note_excursion(board: KpiBoard, device: Device, fact: ReeferExcursion) -> None:
        known = board.book.excursions.get((fact.device_id, fact.probe, fact.began_us))
        board.book.put_excursion(fact)
        kind: FactKind = "excursion"
        if known is None:
            board.touch(kind, device.terminal, fact.began_us)
        elif known.ended_us != fact.ended_us:
            board.touch(kind, device.terminal, fact.ended_us or fact.began_us)
