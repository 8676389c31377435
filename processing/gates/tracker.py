"""Transactions of all lanes, from the columns of a whole batch."""

import numpy as np
from numpy.typing import NDArray

from processing.gates.signals import GATE
from processing.gates.transactions import LaneDetector
from processing.gates.truck import GateEvent
from processing.model.device import LastValues
from processing.model.facts import Fact
from processing.model.samples import Samples
from processing.model.tracker import Tracker, or_none, text_or_none


class GateTracker(Tracker[LaneDetector]):
    """Transactions of all lanes."""

    READ = (
        "event",
        "direction",
        "visit_id",
        "appointment_id",
        "plate",
        "container_ids",
        "gross_weight_kg",
        "queue_length",
    )

    def seed(self, device_id: int, known: LastValues) -> None:
        """Nothing is carried forward at a gate."""

    def feed(self, samples: Samples, _starts: NDArray[np.intp], _ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order."""
        events, directions = GATE.by_name["event"].values, GATE.by_name["direction"].values
        facts: list[Fact] = []
        rows = zip(
            samples.device_id.tolist(),
            samples.time_us.tolist(),
            or_none(samples.number("event")),
            or_none(samples.number("direction")),
            or_none(samples.number("gross_weight_kg")),
            or_none(samples.number("queue_length")),
            samples.texts["visit_id"],
            samples.texts["plate"],
            samples.texts["container_ids"],
            samples.texts["appointment_id"],
            strict=True,
        )
        for device_id, time_us, event, direction, weight, queue, visit, plate, containers, appointment in rows:
            if event is None:  # its value was none of the known ones and was left out
                continue
            what = GateEvent(
                time_us,
                events[int(event)],
                None if direction is None else directions[int(direction)],
                text_or_none(visit),
                text_or_none(plate),
                containers if isinstance(containers, tuple) else (),
                weight,
                queue,
                text_or_none(appointment),
            )
            facts += self._detector(device_id).feed(what)
        return facts

    def final_us(self, device_id: int, _last_us: int) -> int | None:
        """Facts with an earlier key cannot change by events after the last one; None: nothing new of that."""
        return self._detectors[device_id].final_us if device_id in self._detectors else None

    def in_step(self, device_id: int, after_us: int) -> bool:
        """Whether events of a lane up to a time make no difference any more. [µs since 1970 UTC]."""
        return device_id in self._detectors and self._detectors[device_id].in_step(after_us)

    def _new_detector(self, device_id: int) -> LaneDetector:
        return LaneDetector(device_id, self._device(device_id).name)
