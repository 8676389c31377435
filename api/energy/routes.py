"""GET /api/v1/energy and /api/v1/energy/uses."""

from api.energy.answers import USES, Energy
from api.energy.summary import EnergyQuery, energy
from api.http.route import API, Route

ROUTES = (
    Route(
        f"{API}/energy",
        energy,
        EnergyQuery,
        Energy,
        "Energy and CO2 of a terminal: by kind of equipment, peaks",
        (404,),
    ),
    USES.route(f"{API}/energy/uses", "Energy of devices by quarters of an hour that touch the span, newest first"),
)
