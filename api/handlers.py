"""One function per route: parameters in, Struct out. Errors are raised; `errors.STATUS` turns them into answers."""

from datetime import timedelta

import msgspec
from aiohttp import web
from msgspec import Struct

from api import answers, metrics, readings, requests
from api.services import Call
from api.spans import span
from infra.clock import utc_now

DAY, KPI_DEFAULT = timedelta(days=1), timedelta(hours=6)
LONGEST = timedelta(days=366)
LONGEST_KPI = timedelta(days=92)
MOST_POINTS = 5_000


async def healthz(_call: Call[requests.NoQuery]) -> Struct:
    """The program runs."""
    return answers.Liveness("ok")


async def readyz(call: Call[requests.NoQuery]) -> web.Response:
    """Whether all parts are there: 200, else 503 with what to do."""
    readiness = await call.services.health.readiness()
    return web.Response(
        status=200 if readiness.ready else 503,
        body=msgspec.json.encode(readiness),
        content_type="application/json",
    )


async def prometheus(call: Call[requests.NoQuery]) -> web.Response:
    """Own metrics, then the worker's."""
    text = call.services.metrics.text(await call.services.worker.metrics())
    return web.Response(body=text.encode(), headers={"Content-Type": metrics.CONTENT_TYPE})


async def terminals(call: Call[requests.NoQuery]) -> Struct:
    """All terminals."""
    return answers.Terminals(await readings.terminals(call.services.database, call.services.sites))


async def devices(call: Call[requests.DevicesQuery]) -> Struct:
    """Devices with their counters."""
    return answers.Devices(await readings.devices(call.services.database, call.query.terminal, call.query.stream))


async def latest(call: Call[requests.DevicesQuery]) -> Struct:
    """Newest sample of each device."""
    query = call.query
    return answers.LatestList(await readings.latest(call.services.database, query.terminal, query.stream, utc_now()))


async def latest_of(call: Call[requests.DevicePath]) -> Struct:
    """Newest sample of one device."""
    query = call.query
    return await readings.latest_of(call.services.database, query.terminal, query.stream, query.device)


async def moves(call: Call[requests.FactsQuery]) -> Struct:
    """Crane moves."""
    query = call.query
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    return answers.Moves(
        await readings.moves(call.services.database, query.terminal, query.device, wanted, query.limit)
    )


async def visits(call: Call[requests.VisitsQuery]) -> Struct:
    """Truck visits."""
    query = call.query
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    return answers.Visits(await readings.visits(call.services.database, query.terminal, wanted, query.limit))


async def excursions(call: Call[requests.FactsQuery]) -> Struct:
    """Reefer excursions."""
    query = call.query
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    return answers.Excursions(
        await readings.excursions(call.services.database, query.terminal, query.device, wanted, query.limit)
    )


async def quarantine(call: Call[requests.QuarantineQuery]) -> Struct:
    """Quarantined messages and counts."""
    query = call.query
    return await readings.quarantine(call.services.database, query.terminal, query.reason, query.limit)
