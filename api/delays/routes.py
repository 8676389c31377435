"""Routes of delays, their causes and the edits of people."""

from api.delays.answers import Causes, Confirmed, Delay, Delays, Edits
from api.delays.edits import Confirmation, ConfirmQuery, DelayEdit, DelayPath, confirm, edit, edits
from api.delays.listing import CausesQuery, causes, delays
from api.http.parameters import FactsQuery
from api.http.route import API, Route

ROUTES = (
    Route(f"{API}/causes", causes, CausesQuery, Causes, "Why cranes stop", ()),
    Route(f"{API}/delays", delays, FactsQuery, Delays, "Stops of cranes that touch the span, newest first"),
    Route(
        f"{API}/delays/confirm",
        confirm,
        ConfirmQuery,
        Confirmed,
        "Confirm the causes found of stops that ended in a span",
        (404, 503),
        method="POST",
        body=Confirmation,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}",
        edit,
        DelayPath,
        Delay,
        "Say why a crane stood still; who and when is kept",
        (404, 503),
        method="PUT",
        body=DelayEdit,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}/edits",
        edits,
        DelayPath,
        Edits,
        "All that was said of a stop, newest first",
        (404, 503),
    ),
)
