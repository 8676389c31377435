"""A terminal: its devices over time, from one start, whatever the pace."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from processing.streams import CRANE, GATE, REEFER, Stream
from simulators.cranes import Crane, CraneSamples, TrueMove
from simulators.gates import Gate, TrueVisit
from simulators.parameters import ARMG, PRESETS, STS
from simulators.reefers import Reefers, TrueFault

BERTH_M = 320.0
SLOWNESS = (1.0, 1.3, 1.05, 0.95, 1.12, 1.02)
"""The second quay crane is the slow one."""


def _row_type(stream: Stream) -> type[Any]:
    """A struct that encodes to a sample's JSON, absent signals left out."""
    fields: list[Any] = [("ts", int), ("seq", int), ("boot", str)]
    fields += [(signal.name, Any, None) for signal in stream.signals]
    return msgspec.defstruct(f"{stream.name.title()}Sent", fields, omit_defaults=True)


ROWS: dict[str, type[Any]] = {stream.name: _row_type(stream) for stream in (CRANE, GATE, REEFER)}
CRANE_SIGNALS = tuple(signal.name for signal in CRANE.signals if signal.name != "container_ids")


@dataclass(frozen=True, slots=True)
class Device:
    """A device as its status message tells it."""

    stream: str
    name: str
    type: str


@dataclass(slots=True)
class Slice:
    """What the devices send for a span of time: rows by device, each in order, and the truth of it."""

    rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    moves: list[TrueMove] = field(default_factory=list)
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
        seeds = iter(np.random.SeedSequence(seed).spawn(self.preset.sts + self.preset.armg + 2))
        self._cranes = [
            self._crane(n, np.random.default_rng(next(seeds))) for n in range(self.preset.sts + self.preset.armg)
        ]
        self._waiting: dict[str, CraneSamples] = {}
        self._moves: list[TrueMove] = []
        lanes_in = [f"in{n}" for n in range(1, self.preset.lanes_in + 1)]
        lanes_out = [f"out{n}" for n in range(1, self.preset.lanes_out + 1)]
        gate_rng, reefer_rng = np.random.default_rng(next(seeds)), np.random.default_rng(next(seeds))
        self._gate = Gate(lanes_in, lanes_out, self.preset.trucks_per_h, self.preset.utc_offset_h, gate_rng, start_ms)
        plugs = [f"r{n:03d}" for n in range(1, self.preset.reefers + 1)]
        self._reefers = Reefers(plugs, reefer_rng, start_ms, self.preset.utc_offset_h)
        self.devices = [Device("crane", crane.name, crane.parameters.type) for crane in self._cranes]
        self.devices += [Device("gate", lane, "LANE") for lane in lanes_in + lanes_out]
        self.devices += [Device("reefer", plug, "PLUG") for plug in plugs]

    def _crane(self, n: int, rng: np.random.Generator) -> Crane:
        p = self.preset
        if n < p.sts:
            spacing = BERTH_M / max(p.sts, 2)
            return Crane(
                f"sts{n + 1}",
                STS,
                rng,
                self.start_ms + 37 * n,
                slowness=SLOWNESS[n % len(SLOWNESS)],
                gantry_m=60 + spacing * n,
            )
        place = n - p.sts
        return Crane(
            f"armg{place + 1:0{p.armg_digits}d}",
            ARMG,
            rng,
            self.start_ms + 37 * n,
            slowness=float(rng.uniform(0.9, 1.15)),
            gantry_m=float(150 + 10 * (place % 2)),
        )

    def advance(self, until_ms: int) -> Slice:
        """Everything with a time before `until_ms` that was not told yet."""
        made = Slice()
        for crane in self._cranes:
            self._advance_crane(crane, until_ms, made)
        due = [move for move in self._moves if move.unlocked_ms < until_ms]
        self._moves = [move for move in self._moves if move.unlocked_ms >= until_ms]
        made.moves += due
        events, made.visits = self._gate.until(until_ms)
        samples, made.faults = self._reefers.until(until_ms)
        for stream, told in (("gate", events), ("reefer", samples)):
            row = ROWS[stream]
            for time_ms, device, signals in told:
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
        parts = [self._waiting.pop(crane.name)] if crane.name in self._waiting else []
        while not parts or not len(parts[-1].time_ms) or parts[-1].time_ms[-1] < until_ms:
            samples, moves = crane.cycle()
            parts.append(samples)
            self._moves += moves
        rows: list[Any] = []
        for part in parts:
            cut = int(np.searchsorted(part.time_ms, until_ms))
            rows += self._rows(crane, part, cut)
            if cut < len(part.time_ms):
                rest = {name: values[cut:] for name, values in part.signals.items()}
                self._waiting[crane.name] = CraneSamples(part.time_ms[cut:], rest)
        if rows:
            made.rows["crane", crane.name] = rows

    def _rows(self, crane: Crane, part: CraneSamples, count: int) -> list[Any]:
        if not count:
            return []
        first = self._next(("crane", crane.name), count)
        boots = [self._boot] * count
        columns = [part.signals[name][:count].tolist() for name in CRANE_SIGNALS]
        row = ROWS["crane"]
        return [
            row(*values)
            for values in zip(part.time_ms[:count].tolist(), range(first, first + count), boots, *columns, strict=True)
        ]
