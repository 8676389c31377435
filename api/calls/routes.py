"""Routes of vessel calls."""

from api.calls.answers import PortCall, PortCalls
from api.calls.calls import CallPath, CallsQuery, call_of, calls
from api.calls.changes import CallBody, ChangeQuery, put
from api.http.route import API, Route
from infra.access.roles import Role

ROUTES = (
    Route(f"{API}/calls", calls, CallsQuery, PortCalls, "Vessel calls that last in the span"),
    Route(f"{API}/calls/{{terminal}}/{{call_id}}", call_of, CallPath, PortCall, "One vessel call", (404, 503)),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}",
        put,
        ChangeQuery,
        PortCall,
        "Announce a vessel call: published, and stored by the worker",
        (202, 409, 503),
        method="PUT",
        role=Role.OPERATOR,
        body=CallBody,
    ),
)
