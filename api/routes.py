"""The table of routes: the server, its parameter checks and /openapi.json derive from it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from msgspec import Struct

from api import (
    answers,
    call_changes,
    calls,
    cycles,
    delay_edits,
    delays,
    explanations,
    frames,
    handlers,
    kpis,
    requests,
    sockets,
    tos,
    trace,
)
from api.bodies import JSON
from api.services import Call
from processing.reconcile.move_list import MOST_BYTES

TEXT = "text/plain"
Handler = Callable[[Any], Awaitable[Struct | web.StreamResponse]]
"""Takes a `Call` of the route's query; where there is a body, a `Sent`, which holds it too."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row.

    Attributes:
        path: aiohttp's form; a name in braces is a field of `query`.
        handler: answers it.
        query: Struct of its parameters.
        response: type of its answer.
        summary: one line.
        statuses: what it answers with beside 200, 400 and 500.
        media: media type of the answer.
        method: HTTP method; pages of other hosts may ask for GET only.
        body: Struct (a `Body`) of its JSON, or `bytes`: handed on as it is; None: the route takes no body.
        takes: media types of the body.
        most_bytes: largest body. [bytes]
        socket: a WebSocket, whose frames are of type `response`.
    """

    path: str
    handler: Handler
    query: type[Struct]
    response: Any
    summary: str
    statuses: tuple[int, ...] = (503,)
    media: str = JSON
    method: str = "GET"
    body: Any = None
    takes: tuple[str, ...] = (JSON,)
    most_bytes: int = 64 * 1024
    socket: bool = False

    @property
    def all_statuses(self) -> tuple[int, ...]:
        """Every status but the good one, in order."""
        of_write = () if self.method == "GET" else (403,)
        of_body = () if self.body is None else (408, 411, 413, 415)
        return tuple(sorted({400, 500, *self.statuses, *of_write, *of_body}))

    @property
    def path_names(self) -> tuple[str, ...]:
        """Parameters that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))


async def _openapi(_call: Call[requests.NoQuery]) -> web.Response:
    return web.Response(body=_document(), content_type=JSON)


def _document() -> bytes:
    from api import openapi  # noqa: PLC0415 - it reads this table; made at the first request only

    return openapi.text()


API = "/api/v1"

ROUTES: tuple[Route, ...] = (
    Route("/healthz", handlers.healthz, requests.NoQuery, answers.Liveness, "Is the program alive", ()),
    Route("/readyz", handlers.readyz, requests.NoQuery, answers.Readiness, "Are database, broker and worker there"),
    Route("/metrics", handlers.prometheus, requests.NoQuery, str, "Prometheus metrics, the worker's too", (), TEXT),
    Route("/openapi.json", _openapi, requests.NoQuery, dict[str, Any], "This document", ()),
    Route(f"{API}/terminals", handlers.terminals, requests.NoQuery, answers.Terminals, "Terminals"),
    Route(f"{API}/devices", handlers.devices, requests.DevicesQuery, answers.Devices, "Devices and their counters"),
    Route(
        f"{API}/devices/{{terminal}}/{{stream}}/{{device}}/latest",
        handlers.latest_of,
        requests.DevicePath,
        answers.Latest,
        "Newest sample of one device",
        (404, 503),
    ),
    Route(f"{API}/latest", handlers.latest, requests.DevicesQuery, answers.LatestList, "Newest sample of each device"),
    Route(f"{API}/kpis", kpis.kpis, requests.NoQuery, answers.KpiCatalogue, "The KPIs and what they mean", ()),
    Route(f"{API}/kpis/live", kpis.kpis_live, requests.LiveKpisQuery, answers.KpiValues, "Newest KPI values", ()),
    Route(
        f"{API}/kpis/{{kpi}}/history",
        kpis.kpi_history,
        requests.HistoryQuery,
        answers.KpiHistory,
        "One KPI over time",
        (404, 503),
    ),
    Route(
        f"{API}/kpis/{{kpi}}/explain",
        explanations.explained,
        explanations.ExplainQuery,
        explanations.Explained,
        "Why a KPI has its value: formula with numbers, what was counted, what was left out",
        (404, 503),
    ),
    Route(f"{API}/moves", handlers.moves, requests.FactsQuery, answers.Moves, "Crane moves, newest first"),
    Route(
        f"{API}/cranes/{{terminal}}/{{device}}/cycles",
        cycles.cycles,
        cycles.CyclesQuery,
        cycles.Cycles,
        "A crane's last cycles with their phases, newest first",
        (404, 503),
    ),
    Route(
        f"{API}/cranes/{{terminal}}/{{device}}/trace",
        trace.trace,
        trace.TraceQuery,
        trace.Trace,
        "A crane's raw signals over time",
        (404, 503),
    ),
    Route(f"{API}/causes", delays.causes, requests.TerminalQuery, delays.Causes, "Why cranes stop", ()),
    Route(
        f"{API}/delays",
        delays.delays,
        requests.FactsQuery,
        delays.Delays,
        "Stops of cranes that touch the span, newest first",
    ),
    Route(
        f"{API}/delays/confirm",
        delay_edits.confirm,
        delay_edits.ConfirmQuery,
        delay_edits.Confirmed,
        "Confirm the causes found of stops that ended in a span",
        (404, 503),
        method="POST",
        body=delay_edits.Confirmation,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}",
        delay_edits.edit,
        delay_edits.DelayPath,
        delays.Delay,
        "Say why a crane stood still; who and when is kept",
        (404, 503),
        method="PUT",
        body=delay_edits.DelayEdit,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}/edits",
        delay_edits.edits,
        delay_edits.DelayPath,
        delay_edits.Edits,
        "All that was said of a stop, newest first",
        (404, 503),
    ),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}/tos",
        tos.put,
        tos.ListQuery,
        tos.Reconciliation,
        "Import a call's move list (CSV or EDIFACT COARRI) in place of the one before, and compare it",
        (404, 503),
        method="POST",
        body=bytes,
        takes=tos.TAKES,
        most_bytes=MOST_BYTES,
    ),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}/reconciliation",
        tos.get,
        tos.CompareQuery,
        tos.Reconciliation,
        "A call's detected moves beside its imported move list",
        (404, 503),
    ),
    Route(f"{API}/visits", handlers.visits, requests.VisitsQuery, answers.Visits, "Truck visits, newest first"),
    Route(
        f"{API}/excursions",
        handlers.excursions,
        requests.FactsQuery,
        answers.Excursions,
        "Reefer excursions that touch the span, newest first",
    ),
    Route(
        f"{API}/quarantine",
        handlers.quarantine,
        requests.QuarantineQuery,
        answers.Quarantine,
        "Messages not understood, newest first",
    ),
    Route(f"{API}/calls", calls.calls, calls.CallsQuery, calls.PortCalls, "Vessel calls that last in the span"),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}",
        calls.call_of,
        calls.CallPath,
        calls.PortCall,
        "One vessel call",
        (404, 503),
    ),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}",
        call_changes.put,
        call_changes.ChangeQuery,
        calls.PortCall,
        "Tell a vessel call: published, and stored by the worker",
        (202, 409, 503),
        method="PUT",
        body=call_changes.CallBody,
    ),
    Route(
        f"{API}/live",
        sockets.live,
        requests.LiveQuery,
        frames.LiveFrame,
        "WebSocket: a snapshot, then what changes",
        (403, 503),
        socket=True,
    ),
)
