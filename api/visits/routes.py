"""GET /api/v1/visits."""

from api.http.route import API
from api.visits.answers import VISITS

ROUTES = (VISITS.route(f"{API}/visits", "Truck visits, newest first"),)
