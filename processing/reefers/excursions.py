"""Reefer excursions: out of range for longer than a delay, back in range with hysteresis.

Source: docs/sources.md, Reefers; all figures are those of profiles.
"""

from dataclasses import replace

from msgspec import Struct

from processing.model.facts import Fact
from processing.reefers.facts import ReeferExcursion
from processing.reefers.profiles import ReeferProfile

LEAST_OUT = 2
"""Samples out of range: one shows no duration, unless the delay is none."""


class Air(Struct, frozen=True):
    """What one sample shows of a box's air.

    Attributes:
        time_us: of the sample. [µs since 1970 UTC]
        container: the box, as far as known.
        setpoint_degc: asked for. [°C]
        supply_degc, return_degc: None where the sample has none. [°C]
        defrost: whether coils are defrosted.
        max_gap_us: longest silence after which more is known than the moment. [µs]
    """

    time_us: int
    container: str | None
    setpoint_degc: float
    supply_degc: float | None
    return_degc: float | None
    defrost: bool
    max_gap_us: int


class ExcursionDetector:
    """Judges the air of the box on one plug. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the plug.

    Attributes:
        calm_us: since when all air that was judged was well in range, or the plug free; None: it is not.
    """

    __slots__ = (
        "_before",
        "_crossed_us",
        "_defrost_until_us",
        "_normal_us",
        "_open",
        "_out_us",
        "_outs",
        "_pull_down_until_us",
        "_worst_k",
        "calm_us",
        "device_id",
    )

    def __init__(self, device_id: int) -> None:
        self.device_id = device_id
        self.calm_us: int | None = None
        self._open: ReeferExcursion | None = None
        self._out_us: int | None = None  # first sample of those out of range without a break
        self._crossed_us = 0  # when the air left the range, between two samples
        self._outs = 0
        self._worst_k = 0.0
        self._normal_us: int | None = None
        self._before: tuple[int, float] | None = None
        self._pull_down_until_us = self._defrost_until_us = 0

    @property
    def began_us(self) -> int | None:
        """When the excursion that lasts, or may become one, began; None: there is none. [µs since 1970 UTC]."""
        return self._out_us if self._open is None else self._open.began_us

    def silence(self) -> None:
        """Nothing is known of a while: it was neither in range nor out of it."""
        self._out_us = self._normal_us = self._before = self.calm_us = None

    def change(self, time_us: int, pull_down_us: int, facts: list[Fact]) -> None:
        """Another box, a new plug-in or another setpoint starts a pull-down, which is no excursion."""
        self.end(time_us, facts)
        self._before = self.calm_us = None
        self._pull_down_until_us = time_us + pull_down_us

    def free(self, time_us: int, facts: list[Fact]) -> None:
        """The plug is free: what becomes of the box is not known."""
        self.end(time_us, facts)
        self._before = None
        self.calm_us = time_us if self.calm_us is None else self.calm_us

    def end(self, time_us: int, facts: list[Fact]) -> None:
        """The excursion that lasts, if there is one, ended."""
        if self._open is not None:
            facts.append(replace(self._open, ended_us=time_us))
        self._open = self._out_us = self._normal_us = None

    def judge(self, air: Air, profile: ReeferProfile, facts: list[Fact]) -> None:
        """Judge the air of one sample, unless a pull-down or a defrost explains it."""
        if air.defrost:
            self._defrost_until_us = air.time_us + profile.defrost_us
        off_k = profile.deviation_k(air.setpoint_degc, air.supply_degc, air.return_degc)
        if off_k is None:
            return
        # Others of its signals were read meanwhile: air that is not read for less than it must stay in range to end an
        # excursion cannot have ended one.
        longest_us = max(air.max_gap_us, profile.in_delay_us)
        if self._before is not None and air.time_us - self._before[0] > longest_us:
            self.silence()
        distance_k = profile.distance_k(off_k)
        now = air.time_us, distance_k
        before, self._before = self._before, now
        if distance_k <= profile.tolerance_k:
            self._pull_down_until_us = 0
        suspended_us = max(self._pull_down_until_us, self._defrost_until_us)
        if air.time_us < suspended_us:
            self._out_us = self.calm_us = None
            return
        self._note_calm(air.time_us, out=distance_k > profile.tolerance_k - profile.hysteresis_k)
        if self._open is not None:
            self._follow(self._open, air, profile, off_k, facts)
            return
        if distance_k <= profile.tolerance_k:
            self._out_us = None
            return
        if self._out_us is None:
            self._out_us, self._outs, self._worst_k = air.time_us, 0, off_k
            self._crossed_us = _crossing_us(before, now, profile.tolerance_k, suspended_us)
        self._watch(self._out_us, air, profile, off_k, facts)

    def _note_calm(self, time_us: int, *, out: bool) -> None:
        if out:
            self.calm_us = None
        elif self.calm_us is None:
            self.calm_us = time_us

    def _watch(self, out_us: int, air: Air, profile: ReeferProfile, off_k: float, facts: list[Fact]) -> None:
        """While it is out of range: an excursion begins where it stays so for the delay."""
        self._outs += 1
        self._worst_k = max(self._worst_k, off_k, key=abs)
        enough = self._outs >= LEAST_OUT or profile.out_delay_us == 0
        if enough and air.time_us - self._crossed_us >= profile.out_delay_us:
            self._open = ReeferExcursion(
                self.device_id, air.container, profile.probe, out_us, None, air.setpoint_degc, self._worst_k
            )
            self._out_us = self._normal_us = None
            facts.append(self._open)

    def _follow(
        self, lasting: ReeferExcursion, air: Air, profile: ReeferProfile, off_k: float, facts: list[Fact]
    ) -> None:
        """While there is an excursion: it ends where the air stays in range for long enough."""
        container = air.container if lasting.container_id is None else lasting.container_id
        worst_k = max(lasting.worst_degc, off_k, key=abs)
        if (container, worst_k) != (lasting.container_id, lasting.worst_degc):
            self._open = replace(lasting, container_id=container, worst_degc=worst_k)
            facts.append(self._open)
        if profile.distance_k(off_k) > profile.tolerance_k - profile.hysteresis_k:
            self._normal_us = None
            return
        if self._normal_us is None:
            self._normal_us = air.time_us
        if air.time_us - self._normal_us >= profile.in_delay_us:
            self.end(self._normal_us, facts)


def _crossing_us(
    before: tuple[int, float] | None, out: tuple[int, float], tolerance_k: float, suspended_us: int
) -> int:
    """When the air left the range: on the straight line from the sample before, not while it was not judged.

    Args:
        before: time and distance of the sample before; None: not known. [µs since 1970 UTC; K]
        out: of the first sample out of range.
        tolerance_k: [K]
        suspended_us: until when it was not judged. [µs since 1970 UTC]
    """
    if before is None:
        return out[0]
    share = max(0.0, (tolerance_k - before[1]) / (out[1] - before[1])) if before[1] < out[1] else 0.0
    return min(out[0], max(suspended_us, before[0] + round(share * (out[0] - before[0]))))
