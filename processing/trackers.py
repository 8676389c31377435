"""One detector a device, fed from the columns of a whole batch."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from typing import Any, Generic, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from processing.carry import LastKnown, carry_forward
from processing.cranes import RULES_BY_TYPE, STS, CraneRules, Schedule
from processing.cranes.columns import (
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
from processing.cranes.detector import CraneDetector
from processing.cranes.stretches import Stretches, calibrated, stretches
from processing.facts import CraneMove, Fact, Level
from processing.gates import GateEvent, LaneDetector
from processing.reefers import ExcursionDetector, ReeferSample
from processing.samples import Samples
from processing.streams import CRANE, GATE, REEFER


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the registry knows it.

    Attributes:
        first_us: its first event time. [µs since 1970 UTC]
        rules: of a crane, its parameters with validity in time; empty: those of its type.
    """

    device_id: int
    terminal: str
    stream: str
    name: str
    type: str
    first_us: int
    rules: Schedule = ()


Lookup = Callable[[int], Device]


Known = dict[str, float | str]
"""What a device said last, by signal."""


class Detector(Protocol):
    """What a tracker asks of the detector of one device."""

    @property
    def synchronised(self) -> bool:
        """Whether it is as if it had seen the device's first sample."""

    @property
    def resting(self) -> bool:
        """Whether what it told so far is final, and nothing has begun."""


D = TypeVar("D", bound=Detector)


class Tracker(ABC, Generic[D]):
    """The detectors of a stream's devices.

    Args:
        device: looks a device up.
    """

    READ: tuple[str, ...] = ()
    """Signals that are read."""

    def __init__(self, device: Lookup) -> None:
        self._device = device
        self._detectors: dict[int, D] = {}

    @abstractmethod
    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""

    @abstractmethod
    def seed(self, device_id: int, known: Known) -> None:
        """Set what a device said last before the samples that follow."""

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals of which the last value before a sample decides over what follows from it."""
        return ()

    def known(self, _device_id: int) -> list[str]:
        """Signals of a device whose last value is carried forward and known."""
        return []

    @abstractmethod
    def _made(self, device_id: int) -> D:
        """A detector that has seen nothing."""

    def synchronised(self, device_id: int) -> bool:
        """Whether the detector of a device is as if the device's first sample had been seen."""
        return device_id in self._detectors and self._detectors[device_id].synchronised

    def resting(self, device_id: int) -> bool:
        """Whether what was told of a device so far is final, and nothing has begun."""
        return device_id in self._detectors and self._detectors[device_id].resting

    def final_us(self, device_id: int, last_us: int) -> int | None:
        """Facts with an earlier key cannot change by samples after the last one; None: nothing new of that.

        Args:
            device_id: the device.
            last_us: its last sample. [µs since 1970 UTC]
        """
        return last_us + 1 if self.resting(device_id) else None

    def adopt(self, other: "Tracker[Any]", device_id: int) -> None:
        """Take the detector of a device from another tracker of the same stream."""
        if device_id in other._detectors:
            self._detectors[device_id] = other._detectors[device_id]

    def _detector(self, device_id: int) -> D:
        detector = self._detectors.get(device_id)
        if detector is None:
            self._detectors[device_id] = detector = self._made(device_id)
        return detector


class Carrying(Tracker[D]):
    """A tracker of a stream whose absent signals keep their last value."""

    CARRIED: tuple[str, ...] = ()

    def __init__(self, device: Lookup) -> None:
        super().__init__(device)
        self._last = LastKnown(len(self.CARRIED))

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals of which the last value before a sample decides over what follows from it."""
        return cls.CARRIED

    def seed(self, device_id: int, known: Known) -> None:
        """Set what a device said last before the samples that follow."""
        self._last.seed(device_id, [known.get(name) for name in self.CARRIED])

    def known(self, device_id: int) -> list[str]:
        """Signals of a device whose last value is carried forward and known."""
        values = self._last.of(np.array([device_id], np.int32))[:, 0].tolist()
        told = [name for name, value in zip(self.CARRIED, values, strict=True) if not math.isnan(value)]
        carried = self.carried(self._device(device_id))
        return [name for name in told if name in carried]

    def adopt(self, other: Tracker[Any], device_id: int) -> None:
        """Take the detector of a device, and what it said last, from another tracker of the same stream."""
        super().adopt(other, device_id)
        if isinstance(other, Carrying):
            self._last.copy(other._last, device_id)


class CraneTracker(Carrying[CraneDetector]):
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
        plan = [RULES_BY_TYPE.get(device.type, STS), *(rules for _, rules in device.rules)]
        return tuple(name for name in cls.CARRIED if name != "boom_down" or not all(rules.yard for rules in plan))

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        devices = samples.device_id[starts]
        last = self._last.of(devices)
        filled = carry_forward(samples.numbers[list(self.ROWS)], starts, last)
        self._last.remember(devices, filled[:, ends])
        facts = self._log_ons(samples, filled[13], starts, last[13])
        detectors = [self._detector(device_id) for device_id in devices.tolist()]
        parts = stretches(samples.time_us, starts, ends, [self._plan(device_id) for device_id in devices.tolist()])
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

    def _plan(self, device_id: int) -> tuple[CraneRules, Schedule]:
        """Rules of a crane's type, and its own with their beginnings; asked for anew each time: they may change."""
        device = self._device(device_id)
        return RULES_BY_TYPE.get(device.type, STS), device.rules

    @staticmethod
    def _before_us(time_us: NDArray[np.int64], detectors: list[CraneDetector], parts: Stretches) -> NDArray[np.int64]:
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
        parts: Stretches,
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
        """The move that a silent crane's last unlock would end, None where it was told early already."""
        detector = self._detectors.get(device_id)
        return detector.peek() if detector is not None else None

    def tell_early(self, move: CraneMove) -> None:
        """Note that what `peek` gave has been told."""
        self._detectors[move.device_id].tell_early(move)

    def pending(self) -> list[int]:
        """Cranes whose last unlock waits for a sample to confirm it."""
        return [device_id for device_id, detector in self._detectors.items() if detector.unlock_pending]

    def _made(self, device_id: int) -> CraneDetector:
        return CraneDetector(device_id, RULES_BY_TYPE.get(self._device(device_id).type, STS))

    @staticmethod
    def _log_ons(
        samples: Samples, logged: NDArray[np.float64], starts: NDArray[np.intp], last: NDArray[np.float64]
    ) -> list[Fact]:
        before = np.empty_like(logged)
        before[1:] = logged[:-1]
        before[starts] = last
        changed = ~np.isnan(logged) & (logged != before)
        return [
            Level(int(samples.device_id[i]), "logged_on", int(samples.time_us[i]), float(logged[i]))
            for i in np.flatnonzero(changed)
        ]


class GateTracker(Tracker[LaneDetector]):
    """Transactions of all lanes."""

    READ = (
        "event",
        "direction",
        "visit_id",
        "plate",
        "container_ids",
        "gross_weight_kg",
        "queue_length",
    )

    def seed(self, device_id: int, known: Known) -> None:
        """Nothing is carried forward at a gate."""

    def feed(self, samples: Samples, _starts: NDArray[np.intp], _ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order."""
        events, directions = GATE.by_name["event"].values, GATE.by_name["direction"].values
        facts: list[Fact] = []
        rows = zip(
            samples.device_id.tolist(),
            samples.time_us.tolist(),
            _or_none(samples.number("event")),
            _or_none(samples.number("direction")),
            _or_none(samples.number("gross_weight_kg")),
            _or_none(samples.number("queue_length")),
            samples.texts["visit_id"],
            samples.texts["plate"],
            samples.texts["container_ids"],
            strict=True,
        )
        for device_id, time_us, event, direction, weight, queue, visit, plate, containers in rows:
            if event is None:  # its word was none of the table's and was left out
                continue
            what = GateEvent(
                time_us,
                events[int(event)],
                None if direction is None else directions[int(direction)],
                _text(visit),
                _text(plate),
                containers if isinstance(containers, tuple) else (),
                weight,
                queue,
            )
            facts += self._detector(device_id).feed(what)
        return facts

    def _made(self, device_id: int) -> LaneDetector:
        return LaneDetector(device_id, self._device(device_id).name)


class ReeferTracker(Carrying[ExcursionDetector]):
    """Excursions and power of all reefers."""

    CARRIED = ("setpoint_degc", "plugged", "powered", "mode")
    READ = (*CARRIED, "container_id", "supply_degc", "return_degc")
    ROWS = tuple(REEFER.numeric_index[name] for name in CARRIED)
    DEFROST = REEFER.by_name["mode"].values.index("defrost")

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals of which the last value before a sample decides over what follows from it."""
        return (*cls.CARRIED, "container_id")

    def seed(self, device_id: int, known: Known) -> None:
        """Set what a reefer said last before the samples that follow."""
        super().seed(device_id, known)
        container = known.get("container_id")
        if isinstance(container, str):
            self._detector(device_id).seed(container)

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        devices = samples.device_id[starts]
        filled = carry_forward(samples.numbers[list(self.ROWS)], starts, self._last.of(devices))
        self._last.remember(devices, filled[:, ends])
        facts: list[Fact] = []
        rows = zip(
            samples.device_id.tolist(),
            samples.time_us.tolist(),
            samples.texts["container_id"],
            *(_or_none(column) for column in filled),
            _or_none(samples.number("supply_degc")),
            _or_none(samples.number("return_degc")),
            strict=True,
        )
        for device_id, time_us, container, setpoint, plugged, powered, mode, supply, back in rows:
            sample = ReeferSample(
                time_us,
                _text(container),
                setpoint,
                supply,
                back,
                None if plugged is None else plugged == 1,
                None if powered is None else powered == 1,
                mode == self.DEFROST,
            )
            facts += self._detector(device_id).feed(sample)
        return facts

    def _made(self, device_id: int) -> ExcursionDetector:
        return ExcursionDetector(device_id)


def _or_none(column: NDArray[np.float64]) -> list[float | None]:
    """The column's values, None where absent."""
    values = column.astype(object)
    values[np.isnan(column)] = None
    return cast("list[float | None]", values.tolist())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
