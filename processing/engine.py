"""The engine: samples in, facts and KPI values out. Holds all state that is derived; knows no I/O and no clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from processing.calls.call import VesselCall
from processing.containers.derivation import of_device
from processing.containers.events import MEMORY_US, ContainerEvents
from processing.containers.sources import SOURCES
from processing.facts.store import FactStore
from processing.gates.facts import GateTransaction, TruckVisit
from processing.kpi.definition import KpiValue, StaleKpis
from processing.kpi.evaluator import KpiEvaluator
from processing.kpi.updater import FactStoreUpdater
from processing.model.device import Device
from processing.model.facts import Fact, Retracted, TerminalFact
from processing.model.samples import Samples, groups
from processing.model.times import MINUTE_US, SECOND_US
from processing.model.tracker import Tracker
from processing.model.unnumbered import merged
from processing.model.watermarks import Watermarks
from processing.site.configuration import Sites
from processing.streams import BY_NAME, ROWS

LIVE_US = 2 * MINUTE_US
"""A terminal heard of within this time is live: its "now" goes on with the clock. [µs]"""
SILENCE_US = 2 * SECOND_US
"""Of a device silent for this long facts are reported that its last samples end if nothing contradicts them. [µs]"""


@dataclass(frozen=True, slots=True)
class KpiOutput:
    """Samples to store, live values to publish, and older samples to be recomputed from stored facts."""

    samples: list[KpiValue]
    live: list[KpiValue]
    stale: list[StaleKpis]


class Engine:
    """Derives everything from samples; the same set of samples gives the same facts.

    Args:
        sites: configurations of terminals.

    Attributes:
        heard_us: time of the newest sample that was fed, by terminal; who reads it clears it. [µs since 1970 UTC]
    """

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._devices: dict[int, Device] = {}
        self.evaluators: dict[str, KpiEvaluator] = {}
        self._updaters: dict[str, FactStoreUpdater] = {}
        self._events: dict[str, ContainerEvents] = {}
        self._tombstones: list[KpiValue] = []  # of subjects that are removed
        self.watermarks = Watermarks()
        self.heard_us: dict[str, int] = {}
        self.trackers: dict[str, Tracker[Any]] = {
            row.stream.name: row.tracker(self._devices.__getitem__) for row in ROWS
        }

    @property
    def devices(self) -> list[Device]:
        """All devices known."""
        return list(self._devices.values())

    def changed(self) -> list[StaleKpis]:
        """Whose KPI samples the facts since the last `kpis` change, and from when on."""
        return [stale for evaluator in self.evaluators.values() for stale in evaluator.changed()]

    def register(self, device: Device) -> None:
        """Make a device known before its first sample is fed."""
        known = self._devices.get(device.device_id)
        device = device if known is None else replace(device, first_us=min(known.first_us, device.first_us))
        self._devices[device.device_id] = device
        presence = BY_NAME[device.stream].presence
        if presence is not None:
            presence.register(self.updater(device.terminal), device)

    def evaluator(self, terminal: str) -> KpiEvaluator:
        """The KPI evaluator of a terminal."""
        evaluator = self.evaluators.get(terminal)
        if evaluator is None:
            self.evaluators[terminal] = evaluator = KpiEvaluator(FactStore(terminal, self.sites.of(terminal)))
            self._updaters[terminal] = FactStoreUpdater(evaluator)
        return evaluator

    def updater(self, terminal: str) -> FactStoreUpdater:
        """The fact-store updater of a terminal."""
        self.evaluator(terminal)
        return self._updaters[terminal]

    def events(self, terminal: str) -> ContainerEvents:
        """The container events of a terminal."""
        return self._events.setdefault(terminal, ContainerEvents())

    def stale_events(self) -> set[tuple[str, int]]:
        """Terminals and hours whose events are to be derived from stored facts, noted since this was asked last."""
        found = {(terminal, hour) for terminal, events in self._events.items() for hour in events.stale_hours}
        for events in self._events.values():
            events.stale_hours.clear()
        return found

    def feed(self, samples: Samples, now_us: int) -> list[Fact]:
        """Advance over samples that are ahead of their device's watermark, in order, each once.

        Args:
            samples: of one stream; see `Samples.in_order` and `Watermarks.behind`.
            now_us: bound of event time: the clock where samples are live. [µs since 1970 UTC]

        Returns: facts new or changed, those to be stored only.
        """
        if not len(samples):
            return []
        samples = merged(samples, self.trackers[samples.stream.name].READ)
        starts, ends = groups(samples)
        self.watermarks.advance(samples, ends)
        self._see(samples.device_id[starts].tolist(), samples.time_us[starts].tolist())
        facts = self._note(self.trackers[samples.stream.name].feed(samples, starts, ends))
        newest_us: dict[str, int] = {}
        for device_id, time_us in zip(samples.device_id[ends].tolist(), samples.time_us[ends].tolist(), strict=True):
            terminal, at_us = self._devices[device_id].terminal, min(time_us, now_us)
            newest_us[terminal] = max(at_us, newest_us.get(terminal, at_us))
        for terminal, at_us in newest_us.items():
            self.heard_us[terminal] = max(at_us, self.heard_us.get(terminal, at_us))
            self.evaluator(terminal).advance(at_us)
            facts += self.updater(terminal).pass_time(at_us)
        return facts

    def _see(self, devices: list[int], times_us: list[int]) -> None:
        """Note since when devices are there: no KPI is about the time before."""
        for device_id, time_us in zip(devices, times_us, strict=True):
            device = self._devices[device_id]
            if time_us < device.first_us:
                self._first_sample(device, time_us, time_us)

    def _first_sample(self, before: Device, first_us: int, since_us: int) -> None:
        """Note another time of a device's first sample, and that KPIs change from a time on. [µs since 1970 UTC]."""
        self._devices[before.device_id] = device = replace(before, first_us=first_us)
        updater = self.updater(device.terminal)
        presence = BY_NAME[device.stream].presence
        if presence is not None:
            place = device.stream, device.terminal
            peers = (other for other in self._devices.values() if (other.stream, other.terminal) == place)
            presence.first_sample(updater, device, before.first_us, since_us, peers)

    def restore_samples(self, samples: Samples) -> None:
        """Read stored samples, in order, to restore the detectors; watermarks and "now" stay.

        What they find is stored already, or will be when late samples among them are worked off: whoever entered it now
        would see no change then, and leave KPI samples as they are.
        """
        if len(samples):
            self.trackers[samples.stream.name].feed(samples, *groups(samples))

    def amend(self, device_id: int, changes: Iterable[Fact], since_us: int, first_us: int) -> list[Fact]:
        """Take in what follows from a device's stored samples: facts changed and retracted, since when it is there.

        Args:
            device_id: the device.
            changes: facts as they are now, and `Retracted` ones.
            since_us: from when on its samples were in doubt. [µs since 1970 UTC]
            first_us: time of its first stored sample, `NEVER_US` where there is none. Later than `since_us` where the
                database has refused samples that were fed, by this process or one before. [µs since 1970 UTC]

        Returns: facts new or changed, those of other devices that follow from them included.
        """
        device = self._devices[device_id]
        # Where the first sample is in doubt too, it may have come late, to a process that was killed before it saw it.
        if first_us != device.first_us or first_us >= since_us:
            self._first_sample(device, first_us, min(device.first_us, first_us, since_us))
        return self._note(changes)

    def tick(self, now_us: int) -> list[Fact]:
        """Let a second pass: the "now" of live terminals goes on, and early facts of silent devices are reported.

        Returns: facts reported early; the same facts come once more, or are retracted, when samples arrive.
        """
        live = {
            terminal: evaluator
            for terminal, evaluator in self.evaluators.items()
            if evaluator.now_us is not None and now_us - evaluator.now_us < LIVE_US
        }
        for evaluator in live.values():
            evaluator.advance(now_us - SILENCE_US)
        for evaluator in self.evaluators.values():
            evaluator.refresh()
        return self._note(self._early(live, now_us))

    def _early(self, live: Collection[str], now_us: int) -> list[Fact]:
        """Facts that the last samples of silent devices end if nothing contradicts them, each once."""
        early: list[Fact] = []
        for tracker in self.trackers.values():
            for device_id in tracker.pending():
                seen_us = self.watermarks.of(device_id)
                if seen_us is None or self._devices[device_id].terminal not in live or now_us - seen_us <= SILENCE_US:
                    continue
                fact = tracker.peek(device_id)
                if fact is not None:
                    tracker.mark_reported(fact)
                    early.append(fact)
        return early

    def kpis(self, *, everything: bool = False, live: bool = True) -> KpiOutput:
        """KPI samples that are due and live values that changed.

        Args:
            everything: look at the live values of all subjects.
            live: without, live values wait until they are asked for.
        """
        samples = [value for evaluator in self.evaluators.values() for value in evaluator.samples()]
        stale = [stale for evaluator in self.evaluators.values() for stale in evaluator.stale()]
        return KpiOutput(samples, self._live(everything=everything) if live else [], stale)

    def _live(self, *, everything: bool) -> list[KpiValue]:
        live, self._tombstones = self._tombstones, []
        live += [value for evaluator in self.evaluators.values() for value in evaluator.live(everything=everything)]
        return live

    def announce_call(self, call: VesselCall) -> None:
        """Take in a vessel call, new or changed."""
        self._tombstones += self.updater(call.terminal).announce_call(call)

    def withdraw_call(self, terminal: str, call_id: str) -> None:
        """Remove a vessel call."""
        self._tombstones += self.updater(terminal).withdraw_call(call_id)

    def forget(self) -> None:
        """Drop what no window can see any more."""
        for terminal, evaluator in self.evaluators.items():
            self._tombstones += evaluator.forget()
            if evaluator.now_us is not None:
                self.events(terminal).forget(evaluator.now_us - MEMORY_US)

    def restore(self, facts: Iterable[Fact]) -> None:
        """Take in facts that are stored already, for the windows that are open."""
        self._note(list(facts), stored=True)

    def _note(self, facts: Iterable[Fact], *, stored: bool = False) -> list[Fact]:
        """Enter facts in the fact store of their terminal; visits and container events follow from them.

        Args:
            facts: new, changed and retracted ones.
            stored: they are stored already, and so are container events that follow from them.

        Returns: these facts, and those of the terminal that follow.
        """
        found: list[Fact] = []
        for fact in facts:
            found.append(fact)
            changed, retracted = (fact.fact, True) if isinstance(fact, Retracted) else (fact, False)
            if isinstance(changed, TruckVisit) and not retracted:
                self.updater(changed.terminal).visit(changed)
                continue
            if isinstance(changed, TerminalFact):
                raise TypeError(f"no way to enter a {type(changed).__name__}")
            device = self._devices[changed.device_id]
            if stored and isinstance(changed, GateTransaction):  # visits that follow from it are stored too
                self.updater(device.terminal).store.put(device.name, changed)
                continue
            found += self.updater(device.terminal).apply(device.name, changed, retracted=retracted)
            if type(changed) in SOURCES and not stored:
                found += self.events(device.terminal).apply(of_device(device, changed), retracted=retracted)
        return found
