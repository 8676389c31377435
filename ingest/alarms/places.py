"""Terminals as the derivation of alarms sees them: devices, conditions, neighbours."""

from collections.abc import Mapping

from ingest.alarms.derivation import Place
from processing.alarms.condition import Condition
from processing.alarms.overrides import conditions
from processing.model.device import Device
from processing.site.configuration import Sites


class Places:
    """All terminals.

    Args:
        devices: by id; may grow.
        sites: configurations of terminals.
    """

    def __init__(self, devices: Mapping[int, Device], sites: Sites) -> None:
        self._devices = devices
        self._sites = sites
        self._known = 0
        self._places: dict[str, Place] = {}

    @property
    def terminals(self) -> list[str]:
        """Those that have devices."""
        self._refresh()
        return sorted(self._places)

    def of(self, terminal: str) -> Place:
        """One terminal."""
        self._refresh()
        return self._places.get(terminal) or self._place(terminal, {})

    def _refresh(self) -> None:
        if self._known == len(self._devices):
            return
        found: dict[str, dict[int, Device]] = {}
        for device in list(self._devices.values()):
            found.setdefault(device.terminal, {})[device.device_id] = device
        self._places = {terminal: self._place(terminal, some) for terminal, some in found.items()}
        self._known = sum(map(len, found.values()))

    def _place(self, terminal: str, devices: dict[int, Device]) -> Place:
        site = self._sites.of(terminal)
        streams = {device.name: device.stream for device in devices.values()}

        def group_of(condition: Condition, subject: str) -> str:
            if condition.storm is None:
                return subject
            if condition.storm.by == "stream":
                return streams.get(subject, subject)
            return site.rack_of(subject) or subject

        targets = {one.condition.id: one.condition for one in site.kpi_targets}
        names = {device.device_id: device.name for device in devices.values()}
        return Place(terminal, names, conditions(site.alarms) | targets, group_of)
