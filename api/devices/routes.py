"""Routes of devices and of their newest samples."""

from msgspec import Struct

from api.devices import latest, queries
from api.devices.answers import Devices, Latest, LatestList
from api.http.context import Context
from api.http.parameters import DeviceId, StreamName, TerminalId
from api.http.route import API, Route
from infra.clock import utc_now


class DevicesQuery(Struct, frozen=True):
    """Which devices."""

    terminal: TerminalId | None = None
    stream: StreamName | None = None


class DevicePath(Struct, frozen=True):
    """One device."""

    terminal: TerminalId
    stream: StreamName
    device: DeviceId


async def _devices(context: Context[DevicesQuery, None]) -> Struct:
    query = context.query
    return Devices(await queries.devices(context.database, query.terminal, query.stream))


async def _latest(context: Context[DevicesQuery, None]) -> Struct:
    query = context.query
    return LatestList(await latest.latest(context.database, query.terminal, query.stream, utc_now()))


async def _latest_of(context: Context[DevicePath, None]) -> Struct:
    query = context.query
    return await latest.latest_of(context.database, query.terminal, query.stream, query.device)


ROUTES = (
    Route(f"{API}/devices", _devices, DevicesQuery, Devices, "Devices and their counters"),
    Route(
        f"{API}/devices/{{terminal}}/{{stream}}/{{device}}/latest",
        _latest_of,
        DevicePath,
        Latest,
        "Newest sample of one device",
        (404, 503),
    ),
    Route(f"{API}/latest", _latest, DevicesQuery, LatestList, "Newest sample of each device"),
)
