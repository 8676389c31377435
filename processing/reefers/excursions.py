"""Reefer excursions: out of range for longer than a delay, back in range with hysteresis.

Source: docs/sources.md, Reefers; all figures are parameters.
"""

from dataclasses import dataclass, replace

from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.reefers.facts import ReeferExcursion
from processing.reefers.profiles import CHILLED, MAX_GAP_US, PULL_DOWN_US, ReeferProfile, profile_of


@dataclass(frozen=True, slots=True)
class ReeferSample:
    """One sample; None is unknown, carried forward except for the two air temperatures. `time_us` since 1970 UTC."""

    time_us: int
    container_id: str | None
    setpoint_degc: float | None
    supply_degc: float | None
    return_degc: float | None
    plugged: bool | None
    powered: bool | None
    defrost: bool


class ExcursionDetector:
    """Judges the reefer on one plug. State depends on the samples alone, whatever their split into batches."""

    __slots__ = (
        "_calm_us",
        "_container",
        "_defrost_until_us",
        "_first_us",
        "_last_us",
        "_normal_us",
        "_open",
        "_out_us",
        "_plugged",
        "_pull_down_until_us",
        "_setpoint_degc",
        "_unpowered",
        "_worst_degc",
        "device_id",
    )

    def __init__(self, device_id: int) -> None:
        self.device_id = device_id
        self._container: str | None = None
        self._setpoint_degc: float | None = None
        self._plugged: bool | None = None
        self._unpowered: bool | None = None
        self._pull_down_until_us = 0
        self._defrost_until_us = 0
        self._out_us: int | None = None
        self._worst_degc = 0.0
        self._open: ReeferExcursion | None = None
        self._normal_us: int | None = None
        self._last_us: int | None = None
        self._first_us: int | None = None
        self._calm_us: int | None = None  # since when every judged sample was well in range

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the plug's first sample had been seen.

        What a pull-down hides has passed by then, and an excursion begun before would have ended.
        """
        first_us, last_us, calm_us = self._first_us, self._last_us, self._calm_us
        if first_us is None or last_us is None or calm_us is None:
            return False
        return calm_us - first_us >= PULL_DOWN_US and last_us - calm_us >= CHILLED.normal_us

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final, and nothing has begun."""
        return self._open is None and self._out_us is None and self._normal_us is None

    def seed(self, container_id: str) -> None:
        """Set the last known container before the samples that follow."""
        self._container = container_id

    def feed(self, sample: ReeferSample) -> list[Fact]:
        """Advance by one sample in time order."""
        if self._first_us is None:
            self._first_us = sample.time_us
        facts: list[Fact] = self._levels(sample)
        if self._last_us is not None and sample.time_us - self._last_us > MAX_GAP_US:
            self._out_us = self._normal_us = self._calm_us = None
        self._last_us = sample.time_us
        self._note_cargo(sample, facts)
        if sample.plugged is False:
            self._close(sample.time_us, facts)
            self._calm_us = self._calm_us if self._calm_us is not None else sample.time_us
            return facts
        if sample.setpoint_degc is not None:
            self._judge(sample, sample.setpoint_degc, profile_of(sample.setpoint_degc), facts)
        return facts

    def _levels(self, sample: ReeferSample) -> list[Fact]:
        """Changes of the levels `plugged` and `unpowered`."""
        facts: list[Fact] = []
        if sample.plugged is not None and sample.plugged != self._plugged:
            facts.append(LevelChange(self.device_id, "plugged", sample.time_us, float(sample.plugged)))
        unpowered = bool(sample.plugged) and sample.powered is False
        if unpowered != self._unpowered:
            facts.append(LevelChange(self.device_id, "unpowered", sample.time_us, float(unpowered)))
        self._unpowered = unpowered
        return facts

    def _note_cargo(self, sample: ReeferSample, facts: list[Fact]) -> None:
        """A new box, a new setpoint_degc or a new plug-in starts a pull-down, which is no excursion."""
        changed = (
            (sample.plugged is True and self._plugged is False)
            or (sample.container_id is not None and self._container not in (None, sample.container_id))
            or (sample.setpoint_degc is not None and self._setpoint_degc not in (None, sample.setpoint_degc))
        )
        self._plugged = sample.plugged if sample.plugged is not None else self._plugged
        self._container = sample.container_id or self._container
        self._setpoint_degc = sample.setpoint_degc if sample.setpoint_degc is not None else self._setpoint_degc
        if changed:
            self._close(sample.time_us, facts)
            self._pull_down_until_us = sample.time_us + PULL_DOWN_US

    def _judge(self, sample: ReeferSample, setpoint_degc: float, profile: ReeferProfile, facts: list[Fact]) -> None:
        """Judge the air of one sample, unless a pull-down or a defrost explains it."""
        air = sample.supply_degc if profile.probe == "supply" else sample.return_degc
        if sample.defrost:
            self._defrost_until_us = sample.time_us + profile.defrost_us
        if air is None:
            return
        deviation_k = air - setpoint_degc
        distance_k = abs(deviation_k) if profile.below_counts else deviation_k
        if distance_k <= profile.tolerance_degc:
            self._pull_down_until_us = 0
        if sample.time_us < max(self._pull_down_until_us, self._defrost_until_us):
            self._out_us = None
            return
        if distance_k > profile.tolerance_degc - profile.hysteresis_degc:
            self._calm_us = None
        elif self._calm_us is None:
            self._calm_us = sample.time_us
        if self._open is None:
            self._watch(sample, setpoint_degc, profile, deviation_k, distance_k, facts)
        else:
            self._follow(sample, profile, deviation_k, distance_k, facts)

    def _watch(
        self,
        sample: ReeferSample,
        setpoint_degc: float,
        profile: ReeferProfile,
        deviation_k: float,
        distance_k: float,
        facts: list[Fact],
    ) -> None:
        """While there is no excursion: one begins where the air stays out of range for the delay."""
        if distance_k <= profile.tolerance_degc:
            self._out_us = None
            return
        if self._out_us is None:
            self._out_us, self._worst_degc = sample.time_us, deviation_k
        self._worst_degc = deviation_k if abs(deviation_k) > abs(self._worst_degc) else self._worst_degc
        if sample.time_us - self._out_us >= profile.delay_us:
            self._open = ReeferExcursion(
                self.device_id, self._container, profile.probe, self._out_us, None, setpoint_degc, self._worst_degc
            )
            self._out_us = self._normal_us = None
            facts.append(self._open)

    def _follow(
        self, sample: ReeferSample, profile: ReeferProfile, deviation_k: float, distance_k: float, facts: list[Fact]
    ) -> None:
        """While there is an excursion: it ends where the air stays in range for long enough."""
        current = self._open
        if current is None:
            return
        if abs(deviation_k) > abs(current.worst_degc):
            self._open = current = replace(current, worst_degc=deviation_k)
            facts.append(current)
        if distance_k > profile.tolerance_degc - profile.hysteresis_degc:
            self._normal_us = None
            return
        if self._normal_us is None:
            self._normal_us = sample.time_us
        if sample.time_us - self._normal_us >= profile.normal_us:
            self._close(self._normal_us, facts)

    def _close(self, ended_us: int, facts: list[Fact]) -> None:
        if self._open is not None:
            facts.append(replace(self._open, ended_us=ended_us))
        self._open = self._out_us = self._normal_us = None
