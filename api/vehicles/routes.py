"""GET /api/v1/vehicles/trips and /api/v1/vehicles/charges."""

from api.http.route import API
from api.vehicles.answers import CHARGES, TRIPS

ROUTES = (
    TRIPS.route(f"{API}/vehicles/trips", "Trips of vehicles that touch the span, newest first"),
    CHARGES.route(f"{API}/vehicles/charges", "Charging sessions of vehicles that touch the span, newest first"),
)
