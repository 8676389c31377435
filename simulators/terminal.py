"""A terminal: its devices over time, from one start, whatever the pace."""

import numpy as np

from simulators.cranes.group import Cranes
from simulators.devices import Device, Group, Slice
from simulators.gates.group import gates
from simulators.gates.parameters import GATE, GateParameters
from simulators.parameters import PRESETS
from simulators.reefers.group import reefers
from simulators.vehicles.group import Vehicles
from simulators.yard import KNOWN_AFTER_MS, Yard


class Terminal:
    """All devices of a preset.

    Args:
        preset: name in `PRESETS`.
        seed: the same seed and start give the same terminal.
        start_ms: when it begins. [ms since 1970 UTC]
        boot: name of this generation of the devices' counters.
        gate: parameters of its gate.
    """

    def __init__(self, preset: str, seed: int, start_ms: int, boot: str, gate: GateParameters = GATE) -> None:
        self.preset = PRESETS[preset]
        self.start_ms = self.now_ms = start_ms
        seeds = np.random.SeedSequence(seed)
        yard = Yard(self.preset.cooled_share)
        cranes = Cranes(self.preset, _next(seeds), start_ms, boot)  # a new group comes last: seeds stay as they are
        lanes = gates(self.preset, _next(seeds), start_ms, boot, gate, yard)
        plugs = reefers(self.preset, _next(seeds), start_ms, boot, yard)
        vehicles = Vehicles(self.preset, _next(seeds), start_ms, boot, cranes, yard)
        self.fleet = cranes.fleet
        self._groups: tuple[Group, ...] = (vehicles, cranes, lanes, plugs)  # vehicles bring what cranes load
        listed = cranes, lanes, plugs, vehicles
        self.devices: list[Device] = [device for group in listed for device in group.devices]

    def advance(self, until_ms: int) -> Slice:
        """Everything with a time before `until_ms`, each once.

        Groups advance together, in steps of the time after which one may know what another one has brought.
        """
        made = Slice()
        while True:
            steps = (self.now_ms - self.start_ms) // KNOWN_AFTER_MS + 1
            end_ms = min(until_ms, self.start_ms + steps * KNOWN_AFTER_MS)
            for group in self._groups:
                group.advance(end_ms, made)
            self.now_ms = end_ms
            if end_ms >= until_ms:
                return made


def _next(seeds: np.random.SeedSequence) -> np.random.SeedSequence:
    """The seed of the next group."""
    (seed,) = seeds.spawn(1)
    return seed
