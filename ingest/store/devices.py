"""Device ids: known ones from memory, new ones from the database in a transaction of their own."""

from collections.abc import Iterable

from infra.connection import Connection
from infra.database import Link
from infra.devices import device, devices, set_type
from infra.history import FOREVER_US
from infra.sql import blocks
from ingest.decode.address import Address
from ingest.store import calibrations, site_configuration
from processing.cranes.parameters import works_ships
from processing.model.device import Device
from processing.site.configuration import Sites
from processing.streams import BY_NAME

SQL = blocks(__file__, "devices.sql")


class DeviceRegistry:
    """All devices seen.

    Args:
        link: to the database; must not be the one over which batches are written.
        sites: parameters of cranes.
    """

    def __init__(self, link: Link, sites: Sites) -> None:
        self.link = link
        self._sites = sites
        self._ids: dict[Address, int] = {}
        self.devices: dict[int, Device] = {}

    async def load(self) -> list[Device]:
        """Read what is registered; returned with the time of each device's first sample."""
        return await self.read(await self.link.get())

    async def read(self, connection: Connection) -> list[Device]:
        """The same over a given connection."""
        for one in await devices(connection, self._sites):
            self._enter(one)
        return list(self.devices.values())

    async def ensure(self, addresses: Iterable[Address]) -> list[Device]:
        """Register addresses not known yet, sorted, so that two writers cannot deadlock; the new ones are returned."""
        missing = {self._plain(address) for address in addresses if self._plain(address) not in self._ids}
        if not missing:
            return []
        ordered = sorted(missing, key=lambda a: (a.terminal, a.stream, a.device))
        connection = await self.link.get()
        async with connection.transaction():
            rows = await connection.fetch(
                SQL["register"],
                [a.terminal for a in ordered],
                [a.stream for a in ordered],
                [a.device for a in ordered],
                [BY_NAME[a.stream].type_of(a.device) for a in ordered],
            )
            new = [device(row, self._sites) for row in rows]
            await calibrations.use(connection, new)
            await site_configuration.note(connection, self._sites, {one.terminal for one in new})
        return [self._enter(one) for one in new]

    async def set_type(self, address: Address, kind: str) -> Device | None:
        """Note the type that a device reports; the device is returned where that is news."""
        known = self.devices[self.id_of(address)]
        if known.type == kind:
            return None
        connection = await self.link.get()
        async with connection.transaction():
            changed = await set_type(connection, self._sites, known.device_id, kind)
            # Samples are under way that were read with the old parameters: nobody knows yet which will be the last.
            await calibrations.use(connection, [changed], FOREVER_US)
            if works_ships(kind) != works_ships(known.type):
                await site_configuration.mark(connection, changed)
        return self._enter(changed)

    def id_of(self, address: Address) -> int:
        """Device id of a registered address."""
        return self._ids[self._plain(address)]

    def address_of(self, device_id: int) -> Address:
        """Address of a registered device."""
        device = self.devices[device_id]
        return Address("telemetry", device.terminal, device.stream, device.name)

    @staticmethod
    def _plain(address: Address) -> Address:
        return (
            address
            if address.kind == "telemetry"
            else Address("telemetry", address.terminal, address.stream, address.device)
        )

    def _enter(self, device: Device) -> Device:
        self.devices[device.device_id] = device
        self._ids[Address("telemetry", device.terminal, device.stream, device.name)] = device.device_id
        return device
