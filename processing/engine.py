"""The engine: samples in, facts and KPI values out. Holds all state that is derived; knows no I/O and no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from processing.calls.call import VesselCall
from processing.cranes.parameters import works_ships
from processing.cranes.tracker import CraneTracker
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.gates.facts import TruckVisit
from processing.gates.tracker import GateTracker
from processing.kpi.definition import KpiValue, StaleKpis
from processing.kpi.evaluator import KpiEvaluator
from processing.kpi.updater import FactStoreUpdater
from processing.model.device import Device
from processing.model.facts import Fact, Retracted, TerminalFact
from processing.model.samples import Samples, groups
from processing.model.tracker import Tracker
from processing.model.watermarks import Watermarks
from processing.reefers.tracker import ReeferTracker
from processing.site.configuration import Sites

LIVE_US = 120_000_000
"""A terminal heard of within this time is live: its "now" goes on with the clock. [µs]"""
NEVER_US = 2**62
"""First event time of a device that has sent nothing. [µs since 1970 UTC]"""
SILENCE_US = 2_000_000
"""A crane silent for this long is told as it looks. [µs]"""


@dataclass(frozen=True, slots=True)
class KpiOutput:
    """Samples to store, live values to publish, and older samples to be made again from stored facts."""

    samples: list[KpiValue]
    live: list[KpiValue]
    stale: list[StaleKpis]


class Engine:
    """Derives everything from samples; the same set of samples gives the same facts.

    Args:
        sites: what terminals have decided.
    """

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._devices: dict[int, Device] = {}
        self.evaluators: dict[str, KpiEvaluator] = {}
        self._updaters: dict[str, FactStoreUpdater] = {}
        self._tombstones: list[KpiValue] = []  # what is told of subjects that are gone
        self.watermarks = Watermarks()
        self.cranes = CraneTracker(self._devices.__getitem__)
        self.gates = GateTracker(self._devices.__getitem__)
        self.reefers = ReeferTracker(self._devices.__getitem__)
        self.trackers: dict[str, Tracker[Any]] = {"crane": self.cranes, "gate": self.gates, "reefer": self.reefers}

    @property
    def devices(self) -> list[Device]:
        """All devices known."""
        return list(self._devices.values())

    def changed(self) -> list[StaleKpis]:
        """Whose KPI samples the facts told since the last `kpis` change, and from when on."""
        return [stale for evaluator in self.evaluators.values() for stale in evaluator.changed()]

    def register(self, device: Device) -> None:
        """Make a device known before its first sample is fed."""
        known = self._devices.get(device.device_id)
        device = device if known is None else replace(device, first_us=min(known.first_us, device.first_us))
        self._devices[device.device_id] = device
        if device.stream == "crane":
            store = self.evaluator(device.terminal).store
            yard = not works_ships(device.type)
            crane = store.cranes.setdefault(device.name, CraneFacts(device.device_id, yard, device.first_us))
            changed = crane.yard != yard
            crane.yard, crane.first_seen_us = yard, min(crane.first_seen_us, device.first_us)
            if changed and crane.first_seen_us < NEVER_US:
                self.updater(device.terminal).turn_crane(device.name)
        elif device.stream == "gate" and device.first_us < NEVER_US:
            store = self.evaluator(device.terminal).store
            store.gates_since_us = min(device.first_us, store.gates_since_us or device.first_us)

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

    def feed(self, samples: Samples, now_us: int) -> list[Fact]:
        """Advance over samples that are ahead of their device's watermark, in order, each once.

        Args:
            samples: of one stream; see `Samples.in_order` and `Watermarks.behind`.
            now_us: bound of event time: the clock where samples are live. [µs since 1970 UTC]

        Returns: facts new or changed, those to be stored only.
        """
        if not len(samples):
            return []
        starts, ends = groups(samples)
        self.watermarks.advance(samples, ends)
        self._see(samples.device_id[starts].tolist(), samples.time_us[starts].tolist())
        facts = self._note(self.trackers[samples.stream.name].feed(samples, starts, ends))
        for device_id, time_us in zip(samples.device_id[ends].tolist(), samples.time_us[ends].tolist(), strict=True):
            self.evaluator(self._devices[device_id].terminal).advance(min(time_us, now_us))
        return facts

    def _see(self, devices: list[int], times_us: list[int]) -> None:
        """Note since when devices are there: no KPI tells of the time before."""
        for device_id, time_us in zip(devices, times_us, strict=True):
            device = self._devices[device_id]
            if time_us < device.first_us:
                self._there_since(device, time_us, time_us)

    def _there_since(self, device: Device, time_us: int, changed_us: int) -> None:
        self._devices[device.device_id] = replace(device, first_us=time_us)
        evaluator = self.evaluator(device.terminal)
        if device.stream == "crane":
            evaluator.store.cranes[device.name].first_seen_us = time_us
            self.updater(device.terminal).touch_crane(device.name, changed_us)
        elif device.stream == "gate":
            since_us = min(time_us, evaluator.store.gates_since_us or NEVER_US)
            if time_us > device.first_us:  # it was perhaps the first: look who is now
                since_us = min(d.first_us for d in self.devices if (d.stream, d.terminal) == ("gate", device.terminal))
            evaluator.store.gates_since_us = since_us if since_us < NEVER_US else None
            evaluator.touch("visit", device.terminal, changed_us)

    def replay(self, samples: Samples) -> list[Fact]:
        """Read stored samples again, in order, to rebuild the detectors; watermarks and "now" stay."""
        if not len(samples):
            return []
        return self._note(self.trackers[samples.stream.name].feed(samples, *groups(samples)))

    def amend(self, device_id: int, changes: Iterable[Fact], since_us: int, first_us: int) -> list[Fact]:
        """Take in what a device's stored samples tell: facts changed and retracted, and since when it is there.

        Args:
            device_id: the device.
            changes: facts as they are now, and `Retracted` ones.
            since_us: from when on its samples were in doubt. [µs since 1970 UTC]
            first_us: time of its first stored sample, `NEVER_US` where there is none. Later than `since_us` where the
                database has refused samples that were fed to us, in this life or an earlier one. [µs since 1970 UTC]

        Returns: facts new or changed, those of other devices that follow from them included.
        """
        device = self._devices[device_id]
        if first_us != device.first_us or first_us > since_us:
            self._there_since(device, first_us, min(device.first_us, first_us, since_us))
        return self._note(changes)

    def tick(self, now_us: int) -> list[Fact]:
        """Let a second pass: live terminals' "now" goes on, and silent cranes are told as they look.

        Returns: facts told early; the same facts come again, or are retracted, when samples arrive.
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
        early: list[Fact] = []
        for device_id in self.cranes.pending():
            seen_us = self.watermarks.of(device_id)
            if seen_us is not None and self._devices[device_id].terminal in live and now_us - seen_us > SILENCE_US:
                move = self.cranes.peek(device_id)
                if move is not None:
                    self.cranes.mark_reported(move)
                    early.append(move)
        return self._note(early)

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

    def tell_call(self, call: VesselCall) -> None:
        """Take in a vessel call as it is told now."""
        self._tombstones += self.updater(call.terminal).call(call)

    def withdraw_call(self, terminal: str, call_id: str) -> None:
        """A vessel call is none any more."""
        self._tombstones += self.updater(terminal).call_gone(call_id)

    def forget(self) -> None:
        """Drop what no window can see any more."""
        for evaluator in self.evaluators.values():
            self._tombstones += evaluator.forget()

    def restore(self, facts: Iterable[Fact]) -> None:
        """Take in facts that are stored already, for the windows that are open."""
        self._note(list(facts))

    def _note(self, facts: Iterable[Fact]) -> list[Fact]:
        """Enter facts in the fact store of their terminal; visits follow from transactions."""
        stored: list[Fact] = []
        for fact in facts:
            if isinstance(fact, TruckVisit):
                stored.append(self.updater(fact.terminal).visit(fact))
                continue
            if isinstance(fact, TerminalFact):
                raise TypeError(f"no way to enter a {type(fact).__name__}")
            stored.append(fact)
            changed, retracted = (fact.fact, True) if isinstance(fact, Retracted) else (fact, False)
            device = self._devices[changed.device_id]
            stored += self.updater(device.terminal).apply(device.name, changed, retracted=retracted)
        return stored

    def replace_visit(self, terminal: str, name: str, visit: TruckVisit | None) -> None:
        """Take a visit as it is now, None where it is none any more, after transactions of it changed."""
        self.updater(terminal).replace_visit(name, visit)
