"""Routes of messages of the terminal operating system."""

from api.http.route import API, Route
from api.tos.answers import TosEvents, TosImport
from api.tos.events import MOST_BYTES, TAKES, ImportQuery, TosEventsQuery, get, post
from infra.access.roles import Role

EVENTS = f"{API}/tos/events"

ROUTES = (
    Route(
        EVENTS,
        post,
        ImportQuery,
        TosImport,
        "Import messages about boxes: EDIFACT COARRI and CODECO, or CSV; what is wrong is listed, the rest is taken",
        method="POST",
        role=Role.OPERATOR,
        body=bytes,
        takes=TAKES,
        most_bytes=MOST_BYTES,
    ),
    Route(EVENTS, get, TosEventsQuery, TosEvents, "What messages state of boxes, newest first"),
)
