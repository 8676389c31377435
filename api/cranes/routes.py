"""Routes of one crane."""

from api.cranes.cycles import Cycles, CyclesQuery, cycles
from api.cranes.trace import Trace, TraceQuery, trace
from api.http.route import API, Route

ROUTES = (
    Route(
        f"{API}/cranes/{{terminal}}/{{device}}/cycles",
        cycles,
        CyclesQuery,
        Cycles,
        "A crane's last cycles with their phases, newest first",
        (404, 503),
    ),
    Route(
        f"{API}/cranes/{{terminal}}/{{device}}/trace",
        trace,
        TraceQuery,
        Trace,
        "A crane's raw signals over time",
        (404, 503),
    ),
)
