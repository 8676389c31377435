"""The resources of the API, each a package with its routes, queries and answers; adding one is a line here."""

from importlib import import_module

from api.http.route import Route

RESOURCES = (
    "health",
    "metrics",
    "parts",
    "openapi",
    "session",
    "keys",
    "accounts",
    "users",
    "audit",
    "terminals",
    "devices",
    "kpis",
    "moves",
    "cranes",
    "delays",
    "reconciliation",
    "visits",
    "gate",
    "excursions",
    "reefers",
    "vehicles",
    "energy",
    "treatments",
    "alarms",
    "quarantine",
    "calls",
    "containers",
    "tos",
    "dcsa",
    "live",
)
"""In the order of /openapi.json."""

ROUTES: tuple[Route, ...] = tuple(route for name in RESOURCES for route in import_module(f"api.{name}.routes").ROUTES)
