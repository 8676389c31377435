"""One device's facts recomputed from its samples, from rest to rest.

A detector that has been started in the middle does not know what came before. It is as if it had seen everything from
the moment it is *synchronised*; and facts up to the last moment at which nothing was going on are *final*. Between two
such moments the facts of a device are a function of its samples alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from processing.model.device import NEVER_US, Device, LastValues
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact, fact_key, time_of
from processing.model.samples import Samples, groups
from processing.model.times import ALWAYS_US
from processing.model.tracker import Tracker
from processing.streams import BY_NAME


class DeviceRecomputation:
    """Reads the samples of one device in order.

    Args:
        device: the device.
        known: last values of its signals before the first of them.
        from_first: whether that is the very first sample of the device.

    Attributes:
        device: the device; its first sample is the next one, or none.
        facts: found so far, by kind and key.
        last_us: time of the last sample. [µs since 1970 UTC]
        final_us: facts with an earlier key cannot change by samples that come later. [µs since 1970 UTC]
        in_step_us: times of the facts that bring detectors in step, in the order found. [µs since 1970 UTC]
    """

    def __init__(self, device: Device, known: LastValues, *, from_first: bool) -> None:
        # Whoever reads from the middle sees no first sample, whenever that was.
        self.device = device = replace(device, first_us=NEVER_US if from_first else ALWAYS_US)
        self.facts: dict[tuple[str, tuple[object, ...]], DeviceFact] = {}
        self.last_us: int | None = None
        self.final_us: int | None = None
        self.in_step_us: list[int] = []
        self._from_first = from_first
        row = BY_NAME[device.stream]
        self._in_step = None if row.in_step is None else row.in_step.of.record
        self.tracker: Tracker[Any] = row.tracker(lambda _device_id: device)
        self.tracker.seed(device.device_id, known)

    def feed(self, samples: Samples) -> None:
        """Advance over samples in order."""
        if len(samples):
            self.note(self.tracker.feed(samples, *groups(samples)), int(samples.time_us[-1]))

    def note(self, facts: Iterable[Fact], last_us: int) -> None:
        """Take in what its tracker has found, fed up to a sample. [µs since 1970 UTC]."""
        for fact in facts:
            self._note(fact)
        self.last_us = last_us
        final_us = self.tracker.final_us(self.device.device_id, last_us)
        self.final_us = self.final_us if final_us is None else final_us

    def forget(self, before_us: int) -> None:
        """Drop facts with an earlier key: they are settled. [µs since 1970 UTC]."""
        self.facts = {key: fact for key, fact in self.facts.items() if time_of(fact) >= before_us}

    @property
    def exact(self) -> bool:
        """Whether facts from `final_us` on are those that reading everything would give."""
        device_id, since_us = self.device.device_id, self.final_us or 0
        return self._from_first or (self.tracker.synchronised(device_id) and self.tracker.whole(device_id, since_us))

    def peek(self) -> DeviceFact | None:
        """The fact that the last samples end if nothing contradicts them."""
        return self.tracker.peek(self.device.device_id)

    def mark_reported(self, fact: DeviceFact) -> None:
        """Note that what `peek` gave has been reported."""
        self.tracker.mark_reported(fact)

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, Retracted):
            self.facts.pop(fact_key(fact.fact), None)
        elif not isinstance(fact, TerminalFact):
            self.facts[fact_key(fact)] = fact
            if type(fact) is self._in_step:
                self.in_step_us.append(time_of(fact))


class StreamRecomputation:
    """Recomputations of devices of one stream that are fed at once, from the columns of all of them.

    Args:
        devices: each as far as it has read; at least one.
    """

    def __init__(self, devices: Iterable[DeviceRecomputation]) -> None:
        self._devices = {one.device.device_id: one for one in devices}
        stream = next(iter(self._devices.values())).device.stream
        self._tracker = BY_NAME[stream].tracker(lambda device_id: self._devices[device_id].device)
        for device_id, one in self._devices.items():
            self._tracker.adopt(one.tracker, device_id)
            one.tracker = self._tracker

    def feed(self, samples: Samples) -> list[tuple[DeviceRecomputation, slice]]:
        """Advance over samples in order; whose they are, and which rows of each."""
        starts, ends = groups(samples)
        facts: dict[int, list[Fact]] = {}
        for fact in self._tracker.feed(samples, starts, ends):
            about = fact.fact if isinstance(fact, Retracted) else fact
            if not isinstance(about, TerminalFact):
                facts.setdefault(about.device_id, []).append(fact)
        fed = []
        for device_id, first, last in zip(
            samples.device_id[starts].tolist(), starts.tolist(), ends.tolist(), strict=True
        ):
            one = self._devices[device_id]
            one.note(facts.get(device_id, ()), int(samples.time_us[last]))
            fed.append((one, slice(first, last + 1)))
        return fed
