"""The energy meter of all devices of a stream: what each took, by quarters of an hour of event time.

From sample to sample a device takes an amount of energy, in whole numbers; a step over the end of a quarter is divided
by time. So the quarters of a device are a function of its samples alone, whatever their split into batches.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.energy.facts import MWH_PER_KWH, EnergyUse, Equipment
from processing.model.carry import shifted
from processing.model.samples import Samples
from processing.model.times import QUARTER_US, SECOND_US

MJ_PER_MWH = 3_600
"""[1e-3 J per 1e-3 Wh]"""
MJ_PER_KWH = MJ_PER_MWH * MWH_PER_KWH
LAST_US, EXACT_US, ENTERED_US, ENERGY_MJ, MEASURED_US = range(5)
"""Rows of the state: time of the last sample; beginning of the first quarter of which all is known; of the quarter of
the last sample the last sample before it, and what it has so far."""
FOREVER_US = 2**62
NONE_US = -1
"""No sample so far."""
IsFirst = Callable[[int, int], bool]
"""Whether a sample of a device, by its time, is the very first one. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class Steps:
    """From sample to sample: the sample before each, and how long it is to it; of no length without one. Shape (n,)."""

    begin_us: NDArray[np.int64]
    length_us: NDArray[np.int64]


class EnergyMeter:
    """Of one stream.

    Args:
        equipment: whose energy it is.
        is_first: whether a sample is the first of a device. Of one that is read from the middle, no quarter is reported
            before all of it has been read.
        reach_us: samples so long before a quarter make a difference to it. [µs]
    """

    def __init__(self, equipment: Equipment, is_first: IsFirst, reach_us: int = 0) -> None:
        self._equipment = equipment
        self._is_first = is_first
        self._reach_us = reach_us
        self._state = np.full((5, 64), NONE_US, np.int64)

    def steps(self, samples: Samples, starts: NDArray[np.intp]) -> Steps:
        """The steps of samples in order; `starts` has each device's first row."""
        devices = samples.device_id[starts]
        self._reserve(int(devices.max()))
        last_us = self._state[LAST_US, devices]
        begin_us = shifted(samples.time_us, np.where(last_us == NONE_US, samples.time_us[starts], last_us), starts)
        return Steps(begin_us, samples.time_us - begin_us)

    def feed(
        self,
        samples: Samples,
        starts: NDArray[np.intp],
        ends: NDArray[np.intp],
        steps: Steps,
        energy_mj: NDArray[np.int64],
        known: NDArray[np.bool_],
    ) -> list[EnergyUse]:
        """Advance over samples in order; the quarters that end with them.

        Args:
            samples: n of them.
            starts: first row of each device, shape (d,).
            ends: last row of each.
            steps: of them.
            energy_mj: taken in each step, 0 where that is not known, shape (n,). [1e-3 J]
            known: whether it is, shape (n,).
        """
        state, devices = self._state, samples.device_id[starts]
        for at in (state[LAST_US, devices] == NONE_US).nonzero()[0].tolist():
            device_id, time_us = int(devices[at]), int(samples.time_us[starts[at]])
            state[:, device_id] = time_us, self._first_exact_us(device_id, time_us), NONE_US, 0, 0
        measured_us = np.where(known, steps.length_us, 0)
        crosses = samples.time_us // QUARTER_US > steps.begin_us // QUARTER_US
        facts: list[EnergyUse] = []
        if crosses.any():
            facts = self._by_quarters(samples, starts, steps, crosses, (energy_mj, measured_us))
        else:
            state[ENERGY_MJ, devices] += np.add.reduceat(energy_mj, starts)
            state[MEASURED_US, devices] += np.add.reduceat(measured_us, starts)
        state[LAST_US, devices] = samples.time_us[ends]
        return facts

    def _by_quarters(
        self,
        samples: Samples,
        starts: NDArray[np.intp],
        steps: Steps,
        crosses: NDArray[np.bool_],
        taken: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> list[EnergyUse]:
        """Add up steps of which some cross the end of a quarter; the quarters that end.

        Args:
            samples: n of them.
            starts: first row of each device.
            steps: of them.
            crosses: which cross an end, shape (n,).
            taken: energy of each, and how long it is known, each of shape (n,). [1e-3 J, µs]
        """
        begins, facts = crosses.copy(), list[EnergyUse]()
        begins[starts] = True
        (rows,) = begins.nonzero()
        sums = [np.add.reduceat(np.where(crosses, 0, one), rows) for one in taken]
        for row, *more in zip(rows.tolist(), *(one.tolist() for one in sums), strict=True):
            device_id = int(samples.device_id[row])
            if crosses[row]:
                span = int(steps.begin_us[row]), int(samples.time_us[row])
                self._cross(device_id, span, (int(taken[0][row]), int(taken[1][row])), facts)
            self._state[ENERGY_MJ:, device_id] += more
        return facts

    def last_us(self, device_id: int) -> int | None:
        """Time of a device's last sample. [µs since 1970 UTC]."""
        last_us = NONE_US if device_id >= self._state.shape[1] else int(self._state[LAST_US, device_id])
        return None if last_us == NONE_US else last_us

    def exact_us(self, device_id: int) -> int:
        """Quarters that end later are as if the device's first sample had been seen. [µs since 1970 UTC]."""
        return FOREVER_US if self.last_us(device_id) is None else int(self._state[EXACT_US, device_id])

    def in_step(self, device_id: int, after_us: int, final_us: int) -> bool:
        """Whether samples up to a time make no difference to quarters that end from another time on.

        Args:
            device_id: the device.
            after_us: the time. [µs since 1970 UTC]
            final_us: the other one. [µs since 1970 UTC]
        """
        last_us = self.last_us(device_id)
        if last_us is None or final_us <= last_us // QUARTER_US * QUARTER_US:
            return False
        return int(self._state[ENTERED_US, device_id]) > after_us + self._reach_us

    def copy(self, other: "EnergyMeter", device_id: int) -> None:
        """Take a device from another meter."""
        self._reserve(device_id)
        other._reserve(device_id)
        self._state[:, device_id] = other._state[:, device_id]

    def _first_exact_us(self, device_id: int, time_us: int) -> int:
        return 0 if self._is_first(device_id, time_us) else -(-(time_us + self._reach_us) // QUARTER_US) * QUARTER_US

    def _cross(self, device_id: int, span_us: tuple[int, int], taken: tuple[int, int], facts: list[EnergyUse]) -> None:
        """A step over the end of a quarter, or of several: what was taken is divided by time.

        Args:
            device_id: the device.
            span_us: begin and end of the step. [µs since 1970 UTC]
            taken: energy, and how long it is known. [1e-3 J, µs]
            facts: takes the quarters that end.
        """
        begin_us, end_us = span_us
        self._state[ENTERED_US, device_id] = begin_us
        last = end_us // QUARTER_US
        state = [int(one) for one in self._state[ENERGY_MJ:, device_id]]
        before = [0, 0]
        # Where nothing is known of it, no quarter but the first one has anything.
        for number in range(begin_us // QUARTER_US, last if taken[1] else begin_us // QUARTER_US + 1):
            until_us = (number + 1) * QUARTER_US
            now = [amount * (until_us - begin_us) // (end_us - begin_us) for amount in taken]
            state = [so_far + one - earlier for so_far, one, earlier in zip(state, now, before, strict=True)]
            self._end(device_id, until_us, state, facts)
            state, before = [0, 0], now
        self._state[ENERGY_MJ:, device_id] = [
            so_far + amount - earlier for so_far, amount, earlier in zip(state, taken, before, strict=True)
        ]

    def _end(self, device_id: int, until_us: int, state: list[int], facts: list[EnergyUse]) -> None:
        energy_mwh, measured_s = (state[0] + MJ_PER_MWH // 2) // MJ_PER_MWH, (state[1] + SECOND_US // 2) // SECOND_US
        began_us = until_us - QUARTER_US
        if energy_mwh and began_us >= self._state[EXACT_US, device_id]:
            energy_kwh = energy_mwh / MWH_PER_KWH
            facts.append(EnergyUse(device_id, began_us, until_us, self._equipment, energy_kwh, measured_s))

    def _reserve(self, device_id: int) -> None:
        have = self._state.shape[1]
        if device_id >= have:
            wider = np.full((5, max(2 * have, device_id + 1)), NONE_US, np.int64)
            wider[:, :have] = self._state
            self._state = wider
