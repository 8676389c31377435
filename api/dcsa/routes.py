"""Routes of events in the form of DCSA."""

from api.dcsa.answers import DcsaEvents
from api.dcsa.events import ContainerDcsaQuery, DcsaEventsQuery, of_container, of_terminal
from api.http.route import API, Route

ROUTES = (
    Route(
        f"{API}/containers/{{container_id}}/dcsa",
        of_container,
        ContainerDcsaQuery,
        DcsaEvents,
        "What happened to a container in the form of DCSA Track & Trace and reefer events, retractions too",
    ),
    Route(
        f"{API}/dcsa/events",
        of_terminal,
        DcsaEventsQuery,
        DcsaEvents,
        "The same of all containers of a terminal, in the order in which they became known",
    ),
)
