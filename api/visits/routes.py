"""GET /api/v1/visits, and one visit with what it was made of."""

from api.http.route import API, Route
from api.visits.answers import VISITS
from api.visits.service import VisitPath, VisitService, service

ROUTES = (
    VISITS.route(f"{API}/visits", "Truck visits, newest first"),
    Route(
        f"{API}/visits/{{lane}}/{{time}}",
        service,
        VisitPath,
        VisitService,
        "One visit, by lane and time of either passage, and what it was made of: gate, waiting, service",
        (404, 503),
    ),
)
