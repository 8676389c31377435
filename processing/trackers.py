"""One detector a device, fed from the columns of a whole batch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from processing.carry import LastKnown, carry_forward
from processing.cranes import RULES_BY_TYPE, STS, CraneColumns, MoveDetector, twistlock_code
from processing.facts import Fact, Level, RetractedMove
from processing.gates import GateEvent, LaneDetector
from processing.reefers import ExcursionDetector, ReeferSample
from processing.samples import Samples
from processing.streams import CRANE, GATE, REEFER


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the registry knows it; `first_us` is its first event time. [µs since 1970 UTC]."""

    device_id: int
    terminal: str
    stream: str
    name: str
    type: str
    first_us: int


Lookup = Callable[[int], Device]


class Tracker(Protocol):
    """What the engine asks of the detectors of a stream."""

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""


class CraneTracker:
    """Moves and log-ons of all cranes."""

    SIGNALS = (
        "twistlock_locked",
        "twistlock_unlocked",
        "landed",
        "load_t",
        "hoist_height_m",
        "trolley_position_m",
        "gantry_position_m",
        "spreader_size_ft",
        "twin",
        "logged_on",
    )
    ROWS = tuple(CRANE.numeric_index[name] for name in SIGNALS)

    def __init__(self, device: Lookup) -> None:
        self._device = device
        self._last = LastKnown(len(self.SIGNALS))
        self._detectors: dict[int, MoveDetector] = {}

    def seed(self, device_id: int, known: dict[str, float]) -> None:
        """Set what a crane said last before the samples that follow."""
        values = np.array([[known.get(name, np.nan)] for name in self.SIGNALS])
        self._last.remember(np.array([device_id], np.int32), values)

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        devices = samples.device_id[starts]
        last = self._last.of(devices)
        filled = carry_forward(samples.numbers[list(self.ROWS)], starts, last)
        self._last.remember(devices, filled[:, ends])
        code = twistlock_code(filled[0], filled[1])
        landed = np.nan_to_num(filled[2], nan=2).astype(np.int8)
        facts = self._log_ons(samples, filled[9], starts, last[9])
        for device_id, start, end in zip(devices.tolist(), starts.tolist(), ends.tolist(), strict=True):
            rows = slice(start, end + 1)
            columns = CraneColumns(samples.time_us[rows], code[rows], landed[rows], *filled[3:9, rows])
            moves, retracted = self._detector(device_id).feed(columns)
            facts += moves
            facts += [RetractedMove(device_id, locked_us) for locked_us in retracted]
        return facts

    def peek(self, device_id: int) -> Fact | None:
        """The move that a silent crane's last unlock would end."""
        detector = self._detectors.get(device_id)
        return detector.peek() if detector is not None else None

    def pending(self) -> list[int]:
        """Cranes whose last unlock waits for a sample to confirm it."""
        return [device_id for device_id, detector in self._detectors.items() if detector.unlock_pending]

    def _detector(self, device_id: int) -> MoveDetector:
        detector = self._detectors.get(device_id)
        if detector is None:
            rules = RULES_BY_TYPE.get(self._device(device_id).type, STS)
            self._detectors[device_id] = detector = MoveDetector(device_id, rules)
        return detector

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


class GateTracker:
    """Transactions of all lanes."""

    def __init__(self, device: Lookup) -> None:
        self._device = device
        self._lanes: dict[int, LaneDetector] = {}

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
            facts += self._lane(device_id).feed(what)
        return facts

    def _lane(self, device_id: int) -> LaneDetector:
        lane = self._lanes.get(device_id)
        if lane is None:
            self._lanes[device_id] = lane = LaneDetector(device_id, self._device(device_id).name)
        return lane


class ReeferTracker:
    """Excursions and power of all reefers."""

    CARRIED = ("setpoint_degc", "plugged", "powered", "mode")
    ROWS = tuple(REEFER.numeric_index[name] for name in CARRIED)
    DEFROST = REEFER.by_name["mode"].values.index("defrost")

    def __init__(self, _device: Lookup) -> None:
        self._last = LastKnown(len(self.CARRIED))
        self._plugs: dict[int, ExcursionDetector] = {}

    def seed(self, device_id: int, known: dict[str, float]) -> None:
        """Set what a reefer said last before the samples that follow."""
        values = np.array([[known.get(name, np.nan)] for name in self.CARRIED])
        self._last.remember(np.array([device_id], np.int32), values)

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
            facts += self._plug(device_id).feed(sample)
        return facts

    def _plug(self, device_id: int) -> ExcursionDetector:
        plug = self._plugs.get(device_id)
        if plug is None:
            self._plugs[device_id] = plug = ExcursionDetector(device_id)
        return plug


def _or_none(column: NDArray[np.float64]) -> list[float | None]:
    """The column's values, None where absent."""
    values = column.astype(object)
    values[np.isnan(column)] = None
    return cast("list[float | None]", values.tolist())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
