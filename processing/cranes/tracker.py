"""Moves, delays and log-ons of all cranes, from the columns of a whole batch."""

import numpy as np
from numpy.typing import NDArray

from processing.cranes.conditions import conditions, limits_before
from processing.cranes.crane_columns import CARRIED, CarriedSignals, crane_columns
from processing.cranes.detector.crane import CraneDetector
from processing.cranes.facts import CraneMove
from processing.cranes.parameter_intervals import ParameterIntervals, parameter_intervals
from processing.cranes.parameters import PARAMETERS_BY_TYPE, STS, CraneParameters, ParameterHistory
from processing.cranes.segments import CraneBatch, cut
from processing.energy.metered_tracker import MeteredTracker
from processing.energy.sources import by_counter
from processing.model.device import Device, Lookup
from processing.model.facts import Fact
from processing.model.level import level_changes
from processing.model.samples import Samples
from processing.model.silence import silences

SECOND_SPREADER = {"tandem", "spreader2_locked", "spreader2_unlocked"}
"""Signals of the second of two spreaders."""
MOST_AWAKE = 256
"""So many cranes of a batch take more room until the next one, in which they are likely to be too."""


class CraneTracker(MeteredTracker[CraneDetector]):
    """Moves, delays, log-ons and energy of all cranes."""

    EQUIPMENT = "crane"
    CARRIED = CARRIED
    READ = (*CARRIED, "container_ids")

    def __init__(self, device: Lookup) -> None:
        super().__init__(device)
        self._awake: set[int] = set()

    @classmethod
    def carried(cls, device: Device) -> tuple[str, ...]:
        """Signals whose last value before a sample matters for what follows from the sample.

        A yard crane has no boom, and few have a second spreader: to look for the last known values would be to read all
        samples of the crane.
        """
        history = [PARAMETERS_BY_TYPE.get(device.type, STS), *(parameters for _, parameters in device.parameters)]
        without = {"boom_down"} if all(one.yard for one in history) else set()
        without |= set() if any(one.tandem for one in history) else SECOND_SPREADER
        return tuple(name for name in cls.CARRIED if name not in without)

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        filled, last = self._carry(samples, starts, ends)
        devices = samples.device_id[starts].tolist()
        signals, before = CarriedSignals(*filled), CarriedSignals(*last)
        facts: list[Fact] = [*level_changes(samples, "logged_on", signals.logged_on, starts, before.logged_on)]
        detectors = [self._detector(device_id) for device_id in devices]
        histories = [self._parameters(device_id) for device_id in devices]
        intervals = parameter_intervals(samples.time_us, starts, ends, histories)
        columns = crane_columns(samples, signals, before, starts, intervals)
        firsts_us = samples.time_us[starts].tolist()
        lasts_us = [us if one.last_us is None else one.last_us for one, us in zip(detectors, firsts_us, strict=True)]
        facts += conditions(samples, signals, before, starts, intervals, limits_before(histories, lasts_us))
        segments, bounds = cut(
            columns,
            intervals.starts,
            _before_us(samples.time_us, detectors, intervals),
            intervals.by_row([one.gap_us for one in intervals.parameters]),
            min(one.idle_us for one in intervals.parameters),
        )
        for crane, parameters, first, after, end in zip(
            intervals.cranes, intervals.parameters, bounds[:-1], bounds[1:], intervals.ends, strict=True
        ):
            facts += detectors[crane].feed(CraneBatch(columns, segments, first, after, end), parameters)
        self._let_rest(devices)
        steps = self._meter.steps(samples, starts)
        facts += silences(samples, steps.begin_us)
        taken = by_counter(signals.energy_kwh, before.energy_kwh, starts, steps)
        return [*facts, *self._meter.feed(samples, starts, ends, steps, *taken)]

    def final_us(self, device_id: int, last_us: int) -> int | None:
        """Facts with an earlier key cannot change by samples after the last one."""
        detector = self._detectors.get(device_id)
        return None if detector is None else min(detector.final_us, last_us + 1)

    def peek(self, device_id: int) -> CraneMove | None:
        """The move that a silent crane's last unlock would end, None where it was reported early already."""
        detector = self._detectors.get(device_id)
        return detector.peek() if detector is not None else None

    def mark_reported(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been reported."""
        self._detectors[move.device_id].mark_reported(move)

    def pending(self) -> list[int]:
        """Cranes whose last unlock waits for a sample to confirm it."""
        return [device_id for device_id, detector in self._detectors.items() if detector.unlock_pending]

    def _let_rest(self, fed: list[int]) -> None:
        """Let all cranes but those that were fed take little room."""
        awake = set(fed[:MOST_AWAKE])
        for device_id in self._awake.union(fed) - awake:
            self._detectors[device_id].rest()
        self._awake = awake

    def _parameters(self, device_id: int) -> tuple[CraneParameters, ParameterHistory]:
        """Parameters of a crane's type, and its own with their beginnings; looked up each time: they may change."""
        device = self._device(device_id)
        return PARAMETERS_BY_TYPE.get(device.type, STS), device.parameters

    def _new_detector(self, device_id: int) -> CraneDetector:
        return CraneDetector(device_id, PARAMETERS_BY_TYPE.get(self._device(device_id).type, STS))


def _before_us(
    time_us: NDArray[np.int64], detectors: list[CraneDetector], intervals: ParameterIntervals
) -> NDArray[np.int64]:
    """Time of the sample before each interval; of its first one, where there is none before. [µs since 1970 UTC]."""
    before = time_us[np.maximum(intervals.starts - 1, 0)]
    for at, (crane, start) in enumerate(zip(intervals.cranes, intervals.starts.tolist(), strict=True)):
        if at == 0 or crane != intervals.cranes[at - 1]:
            last_us = detectors[crane].last_us
            before[at] = time_us[start] if last_us is None else last_us
    return before
