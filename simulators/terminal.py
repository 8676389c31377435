"""A terminal: its devices over time, from one start, whatever the pace."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from processing.cranes.signals import CRANE
from processing.gates.signals import GATE
from processing.model.stream import Stream
from processing.reefers.signals import REEFER
from simulators.cranes import Crane, CraneSamples, TrueDelay, TrueLogOn, TrueMove, Worked
from simulators.fleet import Fleet
from simulators.gates import Gate, TrueVisit
from simulators.parameters import PRESETS
from simulators.reefers import Reefers, TrueFault
from simulators.vessels import TrueCall


def _row_type(stream: Stream) -> type[Any]:
    """A struct that encodes to a sample's JSON, absent signals left out."""
    fields: list[Any] = [("ts", int), ("seq", int), ("boot", str)]
    fields += [(signal.name, Any, None) for signal in stream.signals]
    return msgspec.defstruct(f"{stream.name.title()}Sent", fields, omit_defaults=True)


ROWS: dict[str, type[Any]] = {stream.name: _row_type(stream) for stream in (CRANE, GATE, REEFER)}
CRANE_SIGNALS = tuple(signal.name for signal in CRANE.signals if signal.name != "container_ids")
"""In the order of a row's fields; ids come last."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as its status message describes it."""

    stream: str
    name: str
    type: str


@dataclass(slots=True)
class Slice:
    """What the devices send for a span of time: rows by device, each in order, and the truth of it."""

    rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    moves: list[TrueMove] = field(default_factory=list)
    delays: list[TrueDelay] = field(default_factory=list)
    log_ons: list[TrueLogOn] = field(default_factory=list)
    calls: list[TrueCall] = field(default_factory=list)
    visits: list[TrueVisit] = field(default_factory=list)
    faults: list[TrueFault] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))


class Terminal:
    """All devices of a preset.

    Args:
        preset: name in `PRESETS`.
        seed: the same seed and start give the same terminal.
        start_ms: when it begins. [ms since 1970 UTC]
        boot: name of this generation of the devices' counters.
    """

    def __init__(self, preset: str, seed: int, start_ms: int, boot: str) -> None:
        self.preset = PRESETS[preset]
        self.start_ms = self.now_ms = start_ms
        self._boot = boot
        self._seq: dict[tuple[str, str], int] = {}
        fleet_seed, gate_seed, reefer_seed = np.random.SeedSequence(seed).spawn(3)
        self.fleet = Fleet(self.preset, fleet_seed, start_ms)
        self._ahead: dict[str, Worked] = {}
        self._moves: list[TrueMove] = []
        self._delays: list[TrueDelay] = []
        lanes_in = [f"in{n}" for n in range(1, self.preset.lanes_in + 1)]
        lanes_out = [f"out{n}" for n in range(1, self.preset.lanes_out + 1)]
        gate_rng, reefer_rng = np.random.default_rng(gate_seed), np.random.default_rng(reefer_seed)
        self._gate = Gate(lanes_in, lanes_out, self.preset.trucks_per_h, self.preset.utc_offset_h, gate_rng, start_ms)
        plugs = [f"r{n:03d}" for n in range(1, self.preset.reefers + 1)]
        self._reefers = Reefers(plugs, reefer_rng, start_ms, self.preset.utc_offset_h)
        self.devices = [Device("crane", crane.name, crane.parameters.type) for crane in self.fleet.cranes]
        self.devices += [Device("gate", lane, "LANE") for lane in lanes_in + lanes_out]
        self.devices += [Device("reefer", plug, "PLUG") for plug in plugs]

    def advance(self, until_ms: int) -> Slice:
        """Everything with a time before `until_ms`, each once."""
        made = Slice()
        for crane in self.fleet.cranes:
            self._advance_crane(crane, until_ms, made)
        made.moves = [move for move in self._moves if move.unlocked_ms < until_ms]
        self._moves = [move for move in self._moves if move.unlocked_ms >= until_ms]
        made.delays = [delay for delay in self._delays if delay.ended_ms < until_ms]
        self._delays = [delay for delay in self._delays if delay.ended_ms >= until_ms]
        made.calls = self.fleet.calls_to_announce(until_ms)
        events, made.visits = self._gate.until(until_ms)
        samples, made.faults = self._reefers.until(until_ms)
        for stream, published in (("gate", events), ("reefer", samples)):
            row = ROWS[stream]
            for time_ms, device, signals in published:
                key = stream, device
                made.rows.setdefault(key, []).append(
                    row(ts=time_ms, seq=self._next(key, 1), boot=self._boot, **signals)
                )
        self.now_ms = until_ms
        return made

    def _next(self, key: tuple[str, str], count: int) -> int:
        first = self._seq.get(key, 1)
        self._seq[key] = first + count
        return first

    def _advance_crane(self, crane: Crane, until_ms: int, made: Slice) -> None:
        parts = [self._ahead.pop(crane.name)] if crane.name in self._ahead else []
        while not parts or not len(parts[-1].samples.time_ms) or parts[-1].samples.time_ms[-1] < until_ms:
            worked = crane.work()
            parts.append(worked)
            self._moves += worked.moves
            self._delays += worked.delays
        rows: list[Any] = []
        for part in parts:
            cut = int(np.searchsorted(part.samples.time_ms, until_ms))
            due, rest = part.samples.split(cut)
            rows += self._rows(crane, due)
            made.log_ons += [change for change in part.log_ons if change.at_ms < until_ms]
            if len(rest.time_ms):
                later = [change for change in part.log_ons if change.at_ms >= until_ms]
                self._ahead[crane.name] = Worked(rest, log_ons=later)
        if rows:
            made.rows["crane", crane.name] = rows

    def _rows(self, crane: Crane, samples: CraneSamples) -> list[Any]:
        count = len(samples.time_ms)
        if not count:
            return []
        first = self._next(("crane", crane.name), count)
        absent = [None] * count
        columns = [samples.signals[name].tolist() if name in samples.signals else absent for name in CRANE_SIGNALS]
        row = ROWS["crane"]
        rows = [
            row(time_ms, seq, self._boot, *values)
            for time_ms, seq, *values in zip(
                samples.time_ms.tolist(), range(first, first + count), *columns, strict=True
            )
        ]
        for at, ids in samples.ids.items():
            rows[at].container_ids = ids
        return rows
