"""A terminal: its devices over time, from one start, whatever the pace."""

import numpy as np

from simulators.cranes.group import Cranes
from simulators.devices import Device, Group, Slice
from simulators.gates import gates
from simulators.parameters import PRESETS
from simulators.reefers.group import reefers
from simulators.vehicles.group import Vehicles

STREAMS = 4
"""Each has a seed of its own, in the order in which they were added: that of the others stays as it is."""


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
        crane_seed, gate_seed, reefer_seed, vehicle_seed = np.random.SeedSequence(seed).spawn(STREAMS)
        cranes = Cranes(self.preset, crane_seed, start_ms, boot)
        self.fleet = cranes.fleet
        self._groups: tuple[Group, ...] = (
            cranes,
            gates(self.preset, gate_seed, start_ms, boot),
            reefers(self.preset, reefer_seed, start_ms, boot),
            Vehicles(self.preset, vehicle_seed, start_ms, boot, cranes),
        )
        self.devices: list[Device] = [device for group in self._groups for device in group.devices]

    def advance(self, until_ms: int) -> Slice:
        """Everything with a time before `until_ms`, each once."""
        made = Slice()
        for group in self._groups:
            group.advance(until_ms, made)
        self.now_ms = until_ms
        return made
