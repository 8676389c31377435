"""That devices are there, and since when, as the KPIs of their terminal need it: no KPI is about the time before."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from processing.cranes.parameters import works_ships
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.kpi.updater import FactStoreUpdater
from processing.model.device import NEVER_US, Device


class Presence(ABC):
    """Enters devices of a stream in the fact store of their terminal."""

    def subjects(self, _device: Device) -> tuple[str, ...]:
        """Subjects of KPIs, beside the terminal, that change with a device."""
        return ()

    @abstractmethod
    def enter(self, store: FactStore, device: Device) -> None:
        """Enter a device, with the time of its first sample where there is one."""

    def register(self, updater: FactStoreUpdater, device: Device) -> None:
        """Enter a device that is new, or whose type or first sample is another than before."""
        self.enter(updater.store, device)

    @abstractmethod
    def first_sample(
        self, updater: FactStoreUpdater, device: Device, before_us: int, since_us: int, peers: Iterable[Device]
    ) -> None:
        """Enter another time of a device's first sample.

        Args:
            updater: of its terminal.
            device: with the time that is right.
            before_us: the time that was known before. [µs since 1970 UTC]
            since_us: from when on KPIs change. [µs since 1970 UTC]
            peers: devices of the stream and the terminal, this one among them.
        """


class CranePresence(Presence):
    """A crane has facts of its own, and works ships or not."""

    def subjects(self, device: Device) -> tuple[str, ...]:
        """Itself."""
        return (device.name,)

    def enter(self, store: FactStore, device: Device) -> None:
        """Enter a crane."""
        yard = not works_ships(device.type)
        crane = store.cranes.setdefault(device.name, CraneFacts(device.device_id, yard, device.first_us))
        crane.yard, crane.first_seen_us = yard, min(crane.first_seen_us, device.first_us)

    def register(self, updater: FactStoreUpdater, device: Device) -> None:
        """Enter a crane; where it turns out to work ships, or not to, KPIs change since it is there."""
        known = updater.store.cranes.get(device.name)
        yard = None if known is None else known.yard
        self.enter(updater.store, device)
        crane = updater.store.cranes[device.name]
        if yard not in (None, crane.yard) and crane.first_seen_us < NEVER_US:
            updater.change_crane_type(device.name)

    def first_sample(
        self, updater: FactStoreUpdater, device: Device, _before_us: int, since_us: int, _peers: Iterable[Device]
    ) -> None:
        """Enter another time of a crane's first sample."""
        updater.store.cranes[device.name].first_seen_us = device.first_us
        updater.touch_crane(device.name, since_us)


class GatePresence(Presence):
    """Lanes are subjects of KPIs, by name; since the first of them is there trucks are counted."""

    def subjects(self, device: Device) -> tuple[str, ...]:
        """Itself."""
        return (device.name,)

    def enter(self, store: FactStore, device: Device) -> None:
        """Enter a lane."""
        store.devices[device.stream][device.name] = device.device_id
        if device.first_us < NEVER_US:
            store.gates_since_us = min(device.first_us, store.gates_since_us or device.first_us)

    def first_sample(
        self, updater: FactStoreUpdater, device: Device, before_us: int, since_us: int, peers: Iterable[Device]
    ) -> None:
        """Enter another time of a lane's first sample."""
        first_us = min(device.first_us, updater.store.gates_since_us or NEVER_US)
        if device.first_us > before_us:  # it was perhaps the first of the terminal: look which one is now
            first_us = min(peer.first_us for peer in peers)
        updater.store.gates_since_us = first_us if first_us < NEVER_US else None
        updater.evaluator.touch("visit", device.terminal, since_us)


class PlugsOfRacks(Presence):
    """Plugs belong to racks, which are subjects of KPIs; since when they are there changes nothing."""

    def subjects(self, device: Device) -> tuple[str, ...]:
        """Its rack, where it has one."""
        return () if device.rack is None else (device.rack,)

    def enter(self, store: FactStore, device: Device) -> None:
        """Enter a plug, where it belongs to a rack."""
        if device.rack is not None:
            store.put_rack(device.rack, device.device_id)

    def first_sample(
        self, updater: FactStoreUpdater, device: Device, before_us: int, since_us: int, peers: Iterable[Device]
    ) -> None:
        """Nothing depends on it."""


class NamedDevices(Presence):
    """Devices are subjects of KPIs, by name; since when they are there changes nothing."""

    def subjects(self, device: Device) -> tuple[str, ...]:
        """Itself."""
        return (device.name,)

    def enter(self, store: FactStore, device: Device) -> None:
        """Enter a device."""
        store.devices[device.stream][device.name] = device.device_id

    def first_sample(
        self, updater: FactStoreUpdater, device: Device, before_us: int, since_us: int, peers: Iterable[Device]
    ) -> None:
        """Nothing depends on it."""
