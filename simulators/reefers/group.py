"""All reefers of a terminal over time, minute by minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator, SeedSequence

from processing.reefers.signals import REEFER
from simulators.announced import TrueTreatment
from simulators.devices import Device, Rows, SampledGroup, Truth
from simulators.parameters import Preset
from simulators.reefers.happenings import pass_minute
from simulators.reefers.parameters import CARGOES, TREATED_MIN
from simulators.reefers.plugs import BoolArray, names, plugs
from simulators.reefers.readings import Columns, alarms, readings, reports
from simulators.reefers.thermal import ambient_degc, warm_and_cool
from simulators.reefers.witness import MINUTE_MS, Witness
from simulators.yard import KNOWN_AFTER_MS, REEFER_CODE, Box, Yard

Sample = tuple[int, str, dict[str, Any]]
"""Time in ms since 1970 UTC, plug, signals."""


@dataclass(frozen=True, slots=True)
class Minute:
    """What the plugs send in a minute: when it began, which of them do, signals by name, box and alarms of each."""

    begin_ms: int
    sent: BoolArray
    columns: Columns
    containers: list[str | None]
    alarms: list[tuple[str, ...] | None]


class Reefers:
    """All plugs of one terminal over time.

    Args:
        plug_names: device ids.
        rng: their own generator.
        start_ms: when they begin. [ms since 1970 UTC]
        utc_offset_h: local time, for the ambient air.
        times: how many times as often as usual power and machinery fail.
        stays: how many times as often as usual boxes leave.
        yard: where boxes come from, and go to; None: they have no other way.
        treatments: boxes under cold treatment at a time, at most.

    Attributes:
        witness: of what really happens.
        interval_min: time between reports of each plug. [min]
        phase_ms: when in a minute each plug reports. [ms]
    """

    def __init__(
        self,
        plug_names: list[str],
        rng: Generator,
        start_ms: int,
        utc_offset_h: float,
        times: float = 1.0,
        *,
        stays: float = 1.0,
        yard: Yard | None = None,
        treatments: int = 0,
    ) -> None:
        self.names = plug_names
        self._rng, self._offset_h, self._times, self._stays = rng, utc_offset_h, times, stays
        self._yard = Yard() if yard is None else yard
        self._boxes: dict[str, Box] = {}
        self._minute = start_ms // MINUTE_MS
        self._plugs = plugs(len(plug_names), rng)
        self.witness = Witness(plug_names, self._plugs, self._minute)
        self.interval_min = self._plugs.interval_min
        self.phase_ms = (np.arange(len(plug_names)) * MINUTE_MS // max(len(plug_names), 1)).tolist()
        self._waiting: list[Sample] = []
        self._treatments, self._treated = treatments, list[TrueTreatment]()
        self._treat(np.flatnonzero(self._plugs.plugged).tolist())

    def minute(self) -> Minute:
        """Let a minute pass; what is sent in it shows how things are at its beginning."""
        p, begun, outside = self._plugs, self._minute, ambient_degc(self._minute, self._offset_h)
        sent = reports(p, begun)
        columns = readings(p, self._rng, outside)
        containers = [box if plugged else None for box, plugged in zip(p.containers, p.plugged.tolist(), strict=True)]
        alarmed = p.plugged & ((p.left_min["cooling"] > 0) | (p.alarm_min > 0))
        active: list[tuple[str, ...] | None] = [() if plugged else None for plugged in p.plugged.tolist()]
        for i in np.flatnonzero(alarmed).tolist():
            active[i] = alarms(p, i)
        warm_and_cool(p, begun, outside)
        before = p.setpoint_degc.copy()
        swapped = pass_minute(p, self._rng, begun, self._times, self._stays)
        changed = p.setpoint_degc != before
        changed[swapped] = p.plugged[swapped]
        self._minute += 1
        self._exchange(swapped.tolist())
        self._treat(swapped.tolist())
        self.witness.minute(p, self._minute, swapped, changed)
        return Minute(begun * MINUTE_MS, sent, columns, containers, active)

    def _exchange(self, swapped: Sequence[int]) -> None:
        """Boxes that wait for a plug have come to those that were free; those that left may be fetched."""
        p, now_ms = self._plugs, self._minute * MINUTE_MS
        for i in swapped:
            if p.plugged[i]:
                for box in self._yard.warm.take(now_ms - KNOWN_AFTER_MS):
                    p.containers[i] = box.number
                    self._boxes[box.number] = box
            else:
                box = self._boxes.pop(p.containers[i], Box(p.containers[i], REEFER_CODE, export=bool(i % 2)))
                shown_ms = now_ms + int(self.interval_min[i]) * MINUTE_MS
                self._yard.fetchable(box, shown_ms)

    def _treat(self, came: Sequence[int]) -> None:
        """Cold treatments begin with fruit that came to plugs, as long as there are not too many."""
        p, cargo = self._plugs, self._plugs.cargo
        for i in came:
            schedule = CARGOES[cargo[i]].schedule
            if p.plugged[i] and schedule and np.count_nonzero(p.treated_min) < self._treatments:
                p.treated_min[i] = TREATED_MIN
                self._treated.append(TrueTreatment(p.containers[i], schedule, self._minute * MINUTE_MS))

    def until(self, end_ms: int) -> tuple[list[Sample], list[Truth]]:
        """Samples (time, plug, signals) before a time in order, and what came to its end."""
        while self._minute * MINUTE_MS < end_ms:
            self._waiting += self._samples(self.minute())
        ready = [sample for sample in self._waiting if sample[0] < end_ms]
        self._waiting = [sample for sample in self._waiting if sample[0] >= end_ms]
        truth, self.witness.done = [*self._treated, *self.witness.done], []
        self._treated.clear()
        self.witness.possible.clear()
        return ready, truth

    def _samples(self, made: Minute) -> list[Sample]:
        rows = np.flatnonzero(made.sent)
        columns = {name: _listed(values[rows]) for name, values in made.columns.items()}
        samples: list[Sample] = []
        for at, (i, *values) in enumerate(zip(rows.tolist(), *columns.values(), strict=True)):
            if made.containers[i] is None:
                signals = {name: columns[name][at] for name in ("plugged", "powered", "ambient_degc")}
            else:
                signals = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
                signals |= {"container_id": made.containers[i], "alarms": made.alarms[i]}
            samples.append((made.begin_ms + self.phase_ms[i], self.names[i], signals))
        return samples


def _listed(column: np.ndarray[Any, np.dtype[Any]]) -> list[Any]:
    """A column's values, None where absent."""
    listed: list[Any] = column.tolist()
    return [None if value != value else value for value in listed] if column.dtype.kind == "f" else listed  # noqa: PLR0124 - NaN is not itself


def reefers(preset: Preset, seed: SeedSequence, start_ms: int, boot: str, yard: Yard) -> SampledGroup:
    """All plugs of a terminal."""
    listed = names(preset.reefers)
    rng = np.random.default_rng(seed)
    p = preset
    simulator = Reefers(
        listed,
        rng,
        start_ms,
        p.utc_offset_h,
        p.reefer_troubles,
        stays=p.reefer_stays,
        yard=yard,
        treatments=p.treatments,
    )
    return SampledGroup([Device("reefer", plug, "PLUG") for plug in listed], simulator, Rows(REEFER, boot))
