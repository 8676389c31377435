"""One device's samples read again from rest to rest, to tell what its facts are.

A detector that has been started in the middle does not know what came before. It is as if it had seen everything from
the moment it is *synchronised*; and facts up to the last moment at which nothing was going on are *final*. Between two
such moments the facts of a device are a function of its samples alone.
"""

from collections.abc import Iterable
from typing import Any

from processing.cranes.facts import CraneMove
from processing.cranes.tracker import CraneTracker
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact, fact_key, time_of
from processing.model.samples import Samples, groups
from processing.model.tracker import Tracker
from processing.streams import BY_NAME


class DeviceRecomputation:
    """Reads the samples of one device in order.

    Args:
        device: the device.
        known: what it said last before the first of them.
        from_first: whether that is the very first sample of the device.

    Attributes:
        device: the device.
        facts: told so far, by kind and key.
        last_us: time of the last sample. [µs since 1970 UTC]
        final_us: facts with an earlier key cannot change by samples that come later. [µs since 1970 UTC]
        locks_us: when the moves that it has told were locked, in the order of telling. [µs since 1970 UTC]
    """

    def __init__(self, device: Device, known: LastValues, *, from_first: bool) -> None:
        self.device = device
        self.facts: dict[tuple[str, tuple[object, ...]], DeviceFact] = {}
        self.last_us: int | None = None
        self.final_us: int | None = None
        self.locks_us: list[int] = []
        self._from_first = from_first
        self.tracker: Tracker[Any] = BY_NAME[device.stream].tracker(lambda _device_id: device)
        self.tracker.seed(device.device_id, known)

    def feed(self, samples: Samples) -> None:
        """Advance over samples in order."""
        if len(samples):
            self.note(self.tracker.feed(samples, *groups(samples)), int(samples.time_us[-1]))

    def note(self, facts: Iterable[Fact], last_us: int) -> None:
        """Take in what its tracker has told, fed up to a sample. [µs since 1970 UTC]."""
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
        return self._from_first or self.tracker.synchronised(self.device.device_id)

    def early(self) -> CraneMove | None:
        """The move that the last samples end if nothing contradicts them."""
        return self.tracker.peek(self.device.device_id) if isinstance(self.tracker, CraneTracker) else None

    def mark_reported(self, move: CraneMove) -> None:
        """Note that what `early` gave has been told already."""
        if isinstance(self.tracker, CraneTracker):
            self.tracker.mark_reported(move)

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, Retracted):
            self.facts.pop(fact_key(fact.fact), None)
        elif not isinstance(fact, TerminalFact):
            self.facts[fact_key(fact)] = fact
            if isinstance(fact, CraneMove):
                self.locks_us.append(fact.locked_us)


class StreamRecomputation:
    """Replays of devices of one stream that are fed at once, from the columns of all of them.

    Args:
        replays: each as far as it has read; at least one.
    """

    def __init__(self, replays: Iterable[DeviceRecomputation]) -> None:
        self._replays = {replay.device.device_id: replay for replay in replays}
        stream = next(iter(self._replays.values())).device.stream
        self._tracker = BY_NAME[stream].tracker(lambda device_id: self._replays[device_id].device)
        for device_id, replay in self._replays.items():
            self._tracker.adopt(replay.tracker, device_id)
            replay.tracker = self._tracker

    def feed(self, samples: Samples) -> list[tuple[DeviceRecomputation, slice]]:
        """Advance over samples in order; whose they are, and which rows of each."""
        starts, ends = groups(samples)
        facts: dict[int, list[Fact]] = {}
        for fact in self._tracker.feed(samples, starts, ends):
            told = fact.fact if isinstance(fact, Retracted) else fact
            if not isinstance(told, TerminalFact):
                facts.setdefault(told.device_id, []).append(fact)
        fed = []
        for device_id, first, last in zip(
            samples.device_id[starts].tolist(), starts.tolist(), ends.tolist(), strict=True
        ):
            replay = self._replays[device_id]
            replay.note(facts.get(device_id, ()), int(samples.time_us[last]))
            fed.append((replay, slice(first, last + 1)))
        return fed
