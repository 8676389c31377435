"""Routes of delays, their causes and the edits of people."""

from api.delays.answers import Causes, Confirmed, Delay, Delays, Edits
from api.delays.edits import Confirmation, ConfirmQuery, DelayEdit, DelayPath, confirm, edit, edits
from api.delays.listing import CausesQuery, causes, delays
from api.http.parameters import FactsQuery
from api.http.route import API, Route
from infra.access.roles import Role

ROUTES = (
    Route(f"{API}/causes", causes, CausesQuery, Causes, "Why cranes are delayed", ()),
    Route(f"{API}/delays", delays, FactsQuery, Delays, "Delays of cranes that touch the span, newest first"),
    Route(
        f"{API}/delays/confirm",
        confirm,
        ConfirmQuery,
        Confirmed,
        "Confirm the causes found of delays that ended in a span",
        (404, 503),
        method="POST",
        role=Role.OPERATOR,
        body=Confirmation,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}",
        edit,
        DelayPath,
        Delay,
        "State why a crane is delayed; who and when is kept",
        (404, 503),
        method="PUT",
        role=Role.OPERATOR,
        body=DelayEdit,
    ),
    Route(
        f"{API}/delays/{{terminal}}/{{device}}/{{began_at}}/edits",
        edits,
        DelayPath,
        Edits,
        "All edits of a delay, newest first",
        (404, 503),
    ),
)
