"""Device ids without a database."""

from collections.abc import Iterable
from typing import cast

from infra.database import Link
from ingest.decode.address import Address
from ingest.store.devices import DeviceRegistry
from processing.model.device import Device
from processing.site.configuration import Sites
from processing.streams import BY_NAME


class KnownDevices(DeviceRegistry):
    """A registry that numbers devices as they come."""

    def __init__(self) -> None:
        super().__init__(cast("Link", None), Sites())

    async def ensure(self, addresses: Iterable[Address]) -> list[Device]:
        """Register what is not known yet."""
        new: list[Device] = []
        for address in sorted({self._plain(a) for a in addresses}, key=lambda a: (a.terminal, a.stream, a.device)):
            if address not in self._ids:
                kind = BY_NAME[address.stream].type_of(address.device)
                device = Device(len(self._ids) + 1, address.terminal, address.stream, address.device, kind, 2**62)
                self._ids[address] = device.device_id
                self.devices[device.device_id] = device
                new.append(device)
        return new

    async def set_type(self, address: Address, kind: str) -> Device | None:  # noqa: ARG002 - the signature is the registry's
        """A status message's type changes nothing here."""
        return None
