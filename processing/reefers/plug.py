"""One reefer plug: whether a box is there, has power and runs; its excursions; when nothing is known of it."""

from msgspec import Struct

from processing.model.facts import Fact
from processing.model.level import LevelChange, LevelName
from processing.model.times import MINUTE_US
from processing.reefers.excursions import Air, ExcursionDetector
from processing.reefers.facts import PlugChange, ReeferSilence
from processing.reefers.identity import BoxIdentity, Reading
from processing.reefers.intervals import ReportInterval
from processing.reefers.off_power import OffPowerDetector
from processing.reefers.plug_state import PlugState
from processing.reefers.profiles import ReeferProfile, ReeferProfiles
from processing.reefers.stuck_air import StuckAir


class ReeferSample(Struct, frozen=True):
    """One sample; None is unknown. Carried forward except for box, air, and whether it draws power.

    Attributes:
        time_us: event time. [µs since 1970 UTC]
        container_id: the box's number.
        setpoint_degc, supply_degc, return_degc: [°C]
        plugged, powered: a box's cable is in the plug; the plug has power.
        defrost: whether coils are defrosted.
        running: whether the machinery is on, by its mode.
        draws: whether this sample shows that it draws power: then a box is there, whatever else it reports.
    """

    time_us: int
    container_id: str | None
    setpoint_degc: float | None
    supply_degc: float | None
    return_degc: float | None
    plugged: bool | None
    powered: bool | None
    defrost: bool
    running: bool | None = None
    draws: bool = False


class PlugDetector:
    """Follows one plug. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the plug.
        profiles: of its terminal.
    """

    __slots__ = (
        "_booked",
        "_excursions",
        "_first_us",
        "_interval",
        "_last_us",
        "_levels",
        "_named_us",
        "_off_power",
        "_plug",
        "_profile",
        "_profile_of",
        "_profiles",
        "_setpoint_degc",
        "_shown",
        "_stuck_air",
        "box",
        "device_id",
    )

    def __init__(self, device_id: int, profiles: ReeferProfiles) -> None:
        self.device_id = device_id
        self.box = BoxIdentity()
        self._profiles, self._booked = profiles, profiles.booked
        self._interval = ReportInterval()
        self._excursions = ExcursionDetector(device_id)
        self._off_power = OffPowerDetector(device_id)
        self._levels: dict[LevelName, float] = {}
        self._shown: tuple[bool | None, ...] = ()
        self._plug = PlugState()
        self._stuck_air = StuckAir()
        self._setpoint_degc: float | None = None
        self._profile: ReeferProfile | None = None
        self._profile_of: tuple[str | None, float] | None = None
        self._first_us: int | None = None
        self._last_us = self._named_us = 0

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the plug's first sample had been seen.

        What a pull-down hides has passed by then, and an excursion begun before would have ended.
        """
        first_us, calm_us = self._first_us, self._excursions.calm_us
        parts = self._interval, self._off_power, self._stuck_air, self.box
        if first_us is None or calm_us is None or not all(part.known for part in parts):
            return False
        pulled_down = calm_us - first_us >= self._profiles.longest_pull_down_us
        return pulled_down and self._last_us - calm_us >= self._profiles.longest_memory_us

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final, and nothing has begun."""
        begun = self._excursions.began_us, self._off_power.began_us, self.box.doubtful_since_us
        return begun == (None, None, None)

    def final_us(self, last_us: int) -> int:
        """Facts with an earlier key are final; silence may have begun with the last sample. [µs since 1970 UTC]."""
        begun = self._excursions.began_us, self._off_power.began_us, self.box.doubtful_since_us
        return min([last_us, *(time_us for time_us in begun if time_us is not None)])

    def in_step(self, after_us: int) -> bool:
        """Whether what was up to a time makes no difference any more. [µs since 1970 UTC].

        The box has been in range, or the plug free, since then, for longer than anything that happened before could
        make a difference: a defrost, a pull-down, an excursion, another report interval, a number misread, probes that
        keep their values. It has power and has reported its plug without contradiction: a span without power that lasts
        may have begun at another time. The box that is known was named since then.
        """
        if self.box.number is not None and self._named_us <= after_us:
            return False
        calm_us = self._excursions.calm_us
        if calm_us is None or not (self._interval.known and self.resting and self._plug.settled_us > after_us):
            return False
        if not self._stuck_air.in_step(after_us):
            return False
        since_us = min(self._last_us - self._profiles.longest_memory_us, self._interval.since_us)
        return since_us >= max(calm_us, after_us + 1)

    def feed(self, sample: ReeferSample) -> list[Fact]:
        """Advance by one sample in time order; of facts with the same key the last one counts."""
        facts: list[Fact] = []
        time_us = self._last_us = sample.time_us
        self._first_us = time_us if self._first_us is None else self._first_us
        silent_us = self._interval.silent_since(time_us)
        self._report("silence_min", -(-self._interval.max_gap_us // MINUTE_US), time_us, facts)
        if silent_us is not None:
            self._excursions.silence()
            if self._plug.plugged:
                facts.append(ReeferSilence(self.device_id, self.box.number, silent_us, time_us))
        was_free = self._plug.plugged is False
        air = sample.supply_degc, sample.return_degc
        plugged = self._plug.read(time_us, sample.plugged, air, draws=sample.draws)
        self._report_levels(sample, plugged, facts)
        if plugged is False:
            if self.box.number is not None:
                facts.append(PlugChange(self.device_id, False, self.box.number, time_us))
            self.box.leave()
            self._off_power.feed(time_us, None, facts, off=False)
            self._excursions.free(time_us, facts)
            self._stuck_air.forget()
            self._report("stuck_air", False, time_us, facts)
        else:
            doubtful = self._note_cargo(sample, facts, plugged_in=plugged is True and was_free)
            off = plugged is True and sample.powered is False
            self._off_power.feed(time_us, self.box.number, facts, off=off)
            stuck = self._stuck_air.read(time_us, air, self._interval.max_gap_us)
            self._report("stuck_air", stuck, time_us, facts)
            if stuck:
                self._excursions.silence()
            elif not doubtful:
                self._judge(sample, facts)
        self._report_booking(time_us, plugged, facts)
        return facts

    def _report_levels(self, sample: ReeferSample, plugged: bool | None, facts: list[Fact]) -> None:
        """Changes of the levels `plugged`, `unpowered` and `running`: a box, no power for it, its machinery on."""
        shown = plugged, sample.powered, sample.running
        if shown == self._shown:  # as nearly always
            return
        self._shown = shown
        there = plugged is True
        off = plugged is False or (there and sample.powered is False)
        for name, value in (
            ("plugged", plugged),
            ("unpowered", there and sample.powered is False),
            ("running", False if off else sample.running if there else None),
        ):
            self._report(name, value, sample.time_us, facts)

    def _report_booking(self, time_us: int, plugged: bool | None, facts: list[Fact]) -> None:
        """The level `wrong_setpoint`, where any box has a booked setpoint; of free plugs and other boxes it is not."""
        if not self._booked or self.box.doubtful_since_us is not None:
            return
        number = self.box.number
        if number is not None:
            wrong = self._profiles.contradicts_booking(number, self._setpoint_degc)
            self._report("wrong_setpoint", wrong, time_us, facts)
        elif plugged is False:
            self._report("wrong_setpoint", False, time_us, facts)

    def _report(self, name: LevelName, value: float | None, time_us: int, facts: list[Fact]) -> None:
        """A change of a level; None is not known, and no change."""
        if value is not None and value != self._levels.get(name):
            self._levels[name] = value
            facts.append(LevelChange(self.device_id, name, time_us, float(value)))

    def _note_cargo(self, sample: ReeferSample, facts: list[Fact], *, plugged_in: bool) -> bool:
        """A new plug-in, another box or another setpoint ends what was found; whether the box may be another one."""
        reading = self._read_number(sample, facts)
        setpoint_degc = sample.setpoint_degc
        other_setpoint = setpoint_degc is not None and self._setpoint_degc not in (None, setpoint_degc)
        self._setpoint_degc = self._setpoint_degc if setpoint_degc is None else setpoint_degc
        since_us = self.box.since_us if reading == "other" else sample.time_us
        if reading == "other":
            self._off_power.change_box(since_us, self.box.number, facts)
        if plugged_in or reading == "other" or other_setpoint:
            profile = self._current_profile()
            pull_down_us = self._profiles.longest_pull_down_us if profile is None else profile.pull_down_us
            self._excursions.change(since_us, pull_down_us, facts)
        return reading == "doubtful"

    def _read_number(self, sample: ReeferSample, facts: list[Fact]) -> Reading:
        """Which box it is; another one than before was plugged in, and that one out, unseen."""
        before = self.box.number
        reading = self.box.read(sample.container_id, sample.time_us)
        if sample.container_id is not None:
            self._named_us = sample.time_us
        time_us = self.box.since_us if reading == "other" else sample.time_us
        for number, plugged in ((before, False), (self.box.number, True)):
            if before != self.box.number and number is not None:
                facts.append(PlugChange(self.device_id, plugged, number, time_us))
        return reading

    def _judge(self, sample: ReeferSample, facts: list[Fact]) -> None:
        profile = self._current_profile()
        if profile is not None and self._setpoint_degc is not None:
            air = Air(
                sample.time_us,
                self.box.number,
                self._setpoint_degc,
                sample.supply_degc,
                sample.return_degc,
                sample.defrost,
                self._interval.max_gap_us,
            )
            self._excursions.judge(air, profile, facts)

    def _current_profile(self) -> ReeferProfile | None:
        """The profile of the box with its setpoint; None while that is not known."""
        if self._setpoint_degc is None:
            return None
        wanted = self.box.number, self._setpoint_degc
        if wanted != self._profile_of:
            self._profile, self._profile_of = self._profiles.of(*wanted), wanted
        return self._profile
