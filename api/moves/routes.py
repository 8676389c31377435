"""GET /api/v1/moves."""

from api.http.route import API
from api.moves.answers import MOVES

ROUTES = (MOVES.route(f"{API}/moves", "Crane moves, newest first"),)
