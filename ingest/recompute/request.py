"""What `quaystream reprocess` is to recompute: devices, a period, and the KPI samples that follow from them."""

from dataclasses import dataclass
from datetime import datetime

from infra import history
from infra.clock import now_us, to_us
from infra.connection import Connection
from infra.database import Link
from infra.sql import blocks
from ingest.store.devices import DeviceRegistry
from ingest.store.site_configuration import all_kpis
from processing.calls.call import VesselCall
from processing.kpi.definition import StaleKpis
from processing.model.device import Device
from processing.model.errors import QuaystreamError
from processing.site.configuration import Sites
from processing.streams import STREAMS

SQL = blocks(__file__, "reprocess.sql")


class ReprocessError(QuaystreamError):
    """What was asked for cannot be done."""


@dataclass(frozen=True, slots=True)
class RecomputeRequest:
    """What is to be recomputed: devices, all there are, the calls that they work, and a period.

    Times in µs since 1970 UTC; `last_us` is that of the newest sample in it.
    """

    devices: list[Device]
    everyone: list[Device]
    calls: list[VesselCall]
    from_us: int
    to_us: int
    last_us: int

    def kpis(self) -> dict[str, list[StaleKpis]]:
        """All KPIs of the period, by terminal."""
        found = all_kpis(self.devices, self.calls, self.from_us)
        return {
            terminal: [stale for stale in sorted(found) if stale.terminal == terminal]
            for terminal in sorted({stale.terminal for stale in found})
        }


async def read_request(
    connection: Connection, sites: Sites, name: str | None, since: datetime | None, until: datetime | None
) -> RecomputeRequest:
    """What the arguments mean: a device, all where None; a time, or the first sample; a time, or now.

    Raises:
        ReprocessError: no such device, or the period is empty.
    """
    everyone = await DeviceRegistry(Link("", ""), sites).read(connection)
    devices = [d for d in everyone if name is None or _is(d, name)]
    if not devices:
        known = ", ".join(sorted({d.name for d in everyone})[:20]) or "none"
        raise ReprocessError(f"no device {name or ''} is known; known are: {known}")
    bounds = [
        row for s in STREAMS.values() for row in await connection.fetch(SQL["bounds"].format(table=s.table), s.name)
    ]
    first_us = min((to_us(first) for first, _ in bounds if first is not None), default=now_us())
    last_us = max((to_us(last) for _, last in bounds if last is not None), default=first_us)
    since_us = first_us if since is None else max(to_us(since), first_us)
    until_us = now_us() if until is None else to_us(until)
    if since_us >= until_us:
        raise ReprocessError("--from is not before --to, or nothing is stored that early")
    terminals = sorted({device.terminal for device in devices})
    calls = await history.calls(connection, terminals, since_us, until_us)
    return RecomputeRequest(devices, everyone, calls, since_us, until_us, min(until_us, last_us))


def _is(device: Device, name: str) -> bool:
    if "/" in name:
        return name in (f"{device.terminal}/{device.stream}/{device.name}", f"{device.terminal}/{device.name}")
    return device.name == name
