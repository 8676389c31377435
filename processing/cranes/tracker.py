"""Moves, delays and log-ons of all cranes, from the columns of a whole batch."""

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from processing.cranes.detector import CraneDetector
from processing.cranes.facts import CraneMove
from processing.cranes.parameter_intervals import ParameterIntervals, calibrated, parameter_intervals
from processing.cranes.parameters import PARAMETERS_BY_TYPE, STS, CraneParameters, ParameterHistory
from processing.cranes.segments import (
    BARE_T,
    BETWEEN,
    BOOM_UP,
    FAULT,
    LOGGED_OFF,
    MOTION_M,
    NO_SPREADER,
    WIND,
    CraneColumns,
    cut,
    twistlock_code,
)
from processing.cranes.signals import CRANE
from processing.model.carry import carry_forward
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.samples import Samples
from processing.model.tracker import CarryForwardTracker


class CraneTracker(CarryForwardTracker[CraneDetector]):
    """Moves, stops and log-ons of all cranes."""

    CARRIED = (
        "twistlock_locked",
        "twistlock_unlocked",
        "landed",
        "load_t",
        "hoist_height_m",
        "trolley_position_m",
        "gantry_position_m",
        "spreader_size_ft",
        "twin",
        "energy_kwh",
        "wind_speed_mps",
        "state",
        "boom_down",
        "logged_on",
    )
    READ = (*CARRIED, "container_ids")
    ROWS = tuple(CRANE.numeric_index[name] for name in CARRIED)
    FAULT = CRANE.by_name["state"].values.index("fault")

    @classmethod
    def carried(cls, device: Device) -> tuple[str, ...]:
        """Signals of which the last value before a sample decides over what follows from it.

        A yard crane has no boom: to look for what it said of one last would be to look at all that it ever said.
        """
        plan = [PARAMETERS_BY_TYPE.get(device.type, STS), *(rules for _, rules in device.parameters)]
        return tuple(name for name in cls.CARRIED if name != "boom_down" or not all(rules.yard for rules in plan))

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        devices = samples.device_id[starts]
        last = self._last.of(devices)
        filled = carry_forward(samples.numbers[list(self.ROWS)], starts, last)
        self._last.remember(devices, filled[:, ends])
        facts = self._log_ons(samples, filled[13], starts, last[13])
        detectors = [self._detector(device_id) for device_id in devices.tolist()]
        parts = parameter_intervals(
            samples.time_us, starts, ends, [self._plan(device_id) for device_id in devices.tolist()]
        )
        columns = self._columns(samples, filled, starts, last, parts)
        segments, bounds = cut(
            columns,
            parts.starts,
            self._before_us(samples.time_us, detectors, parts),
            np.array([rules.gap_us for rules in parts.rules]),
            min(rules.idle_us for rules in parts.rules),
        )
        for crane, rules, first, end, stop in zip(
            parts.cranes, parts.rules, bounds[:-1], bounds[1:], parts.stops, strict=True
        ):
            facts += detectors[crane].feed(columns, segments, first, end, stop, rules)
        return facts

    def _plan(self, device_id: int) -> tuple[CraneParameters, ParameterHistory]:
        """Rules of a crane's type, and its own with their beginnings; asked for anew each time: they may change."""
        device = self._device(device_id)
        return PARAMETERS_BY_TYPE.get(device.type, STS), device.parameters

    @staticmethod
    def _before_us(
        time_us: NDArray[np.int64], detectors: list[CraneDetector], parts: ParameterIntervals
    ) -> NDArray[np.int64]:
        """Time of the sample before each stretch; of its first one, where there is none before. [µs since 1970 UTC]."""
        before = time_us[np.maximum(parts.starts - 1, 0)]
        for at, (crane, start) in enumerate(zip(parts.cranes, parts.starts.tolist(), strict=True)):
            if at == 0 or crane != parts.cranes[at - 1]:
                last_us = detectors[crane].last_us
                before[at] = time_us[start] if last_us is None else last_us
        return before

    def _columns(
        self,
        samples: Samples,
        filled: NDArray[np.float64],
        starts: NDArray[np.intp],
        last: NDArray[np.float64],
        parts: ParameterIntervals,
    ) -> CraneColumns:
        height, trolley = filled[4], filled[5]
        moving = np.empty(len(samples), bool)
        moving[1:] = (np.abs(np.diff(height)) >= MOTION_M) | (np.abs(np.diff(trolley)) >= MOTION_M)
        hoisted, reached = np.abs(height[starts] - last[4]), np.abs(trolley[starts] - last[5])
        moving[starts] = (hoisted >= MOTION_M) | (reached >= MOTION_M)
        stop_mps = parts.by_row([rules.stop_wind_mps for rules in parts.rules])
        boom = parts.by_row([not rules.yard for rules in parts.rules])
        code = twistlock_code(filled[0], filled[1])
        context = (
            (filled[11] == self.FAULT) * FAULT
            + (filled[10] >= stop_mps) * WIND
            + (filled[13] == 0) * LOGGED_OFF
            + (filled[12] == 0) * BOOM_UP * boom
            + ((code == BETWEEN) & (filled[3] < BARE_T)) * NO_SPREADER
        ).astype(np.int8)
        texts = samples.texts["container_ids"]
        ids = [(row, told) for row, told in compress(enumerate(texts), texts) if isinstance(told, tuple)]
        return CraneColumns(
            samples.time_us,
            code,
            np.nan_to_num(filled[2], nan=2).astype(np.int8),
            context,
            load_t=filled[3],
            height_m=filled[4],
            trolley_m=calibrated(filled[5], parts),
            gantry_m=filled[6],
            size_ft=filled[7],
            twin=filled[8],
            energy_kwh=filled[9],
            moving=moving,
            ids=ids,
        )

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

    def _made(self, device_id: int) -> CraneDetector:
        return CraneDetector(device_id, PARAMETERS_BY_TYPE.get(self._device(device_id).type, STS))

    @staticmethod
    def _log_ons(
        samples: Samples, logged: NDArray[np.float64], starts: NDArray[np.intp], last: NDArray[np.float64]
    ) -> list[Fact]:
        before = np.empty_like(logged)
        before[1:] = logged[:-1]
        before[starts] = last
        changed = ~np.isnan(logged) & (logged != before)
        return [
            LevelChange(int(samples.device_id[i]), "logged_on", int(samples.time_us[i]), float(logged[i]))
            for i in np.flatnonzero(changed)
        ]
