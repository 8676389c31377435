"""GET /api/v1/excursions."""

from api.excursions.answers import EXCURSIONS
from api.http.route import API

ROUTES = (EXCURSIONS.route(f"{API}/excursions", "Reefer excursions that touch the span, newest first"),)
