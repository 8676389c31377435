"""Routes of move lists."""

from api.http.route import API, Route
from api.reconciliation.answers import Reconciliation
from api.reconciliation.comparison import TAKES, CompareQuery, ListQuery, get, put
from infra.access.roles import Role
from processing.tos.table import MOST_BYTES

ROUTES = (
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}/tos",
        put,
        ListQuery,
        Reconciliation,
        "Import a call's move list (CSV or EDIFACT COARRI) in place of the one before, and compare it",
        (404, 503),
        method="POST",
        role=Role.OPERATOR,
        body=bytes,
        takes=TAKES,
        most_bytes=MOST_BYTES,
    ),
    Route(
        f"{API}/calls/{{terminal}}/{{call_id}}/reconciliation",
        get,
        CompareQuery,
        Reconciliation,
        "A call's detected moves beside its imported move list",
        (404, 503),
    ),
)
