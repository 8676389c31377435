"""All lanes of a preset as a group of devices."""

import numpy as np

from processing.gates.signals import GATE as STREAM
from simulators.devices import Device, Rows, SampledGroup
from simulators.gates.gate import Gate
from simulators.gates.parameters import GATE, GateParameters
from simulators.parameters import Preset
from simulators.yard import Yard


def lanes(preset: Preset) -> tuple[list[str], list[str]]:
    """Names of the lanes in and out."""
    return [f"in{n}" for n in range(1, preset.lanes_in + 1)], [f"out{n}" for n in range(1, preset.lanes_out + 1)]


def gates(
    preset: Preset,
    seed: np.random.SeedSequence,
    start_ms: int,
    boot: str,
    parameters: GateParameters = GATE,
    yard: Yard | None = None,
) -> SampledGroup:
    """All lanes of a terminal."""
    lanes_in, lanes_out = lanes(preset)
    rng = np.random.default_rng(seed)
    gate = Gate(lanes_in, lanes_out, preset.trucks_per_h, preset.utc_offset_h, rng, start_ms, parameters, yard)
    return SampledGroup([Device("gate", lane, "LANE") for lane in lanes_in + lanes_out], gate, Rows(STREAM, boot))
