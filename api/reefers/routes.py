"""Routes of reefers: plugs, their temperatures, and spans in which something was wrong."""

from api.http.route import API, Route
from api.reefers.answers import OFF_POWER_SPANS, SILENCES
from api.reefers.figures import BoxFiguresAnswer, FiguresQuery, box_figures
from api.reefers.plugs import Plugs, PlugsQuery, plugs
from api.reefers.readings import Readings, ReadingsQuery, readings

ROUTES = (
    OFF_POWER_SPANS.route(f"{API}/reefers/off-power", "Boxes without power in the span, newest first"),
    SILENCES.route(f"{API}/reefers/silences", "Gaps in the reports about boxes that touch the span, newest first"),
    Route(
        f"{API}/reefers/plugs", plugs, PlugsQuery, Plugs, "All plugs at the end of the span, with what was wrong in it"
    ),
    Route(
        f"{API}/reefers/{{terminal}}/{{device}}/readings",
        readings,
        ReadingsQuery,
        Readings,
        "The temperatures of one plug, with the range that is allowed",
        (404, 503),
    ),
    Route(
        f"{API}/reefers/{{terminal}}/{{device}}/figures",
        box_figures,
        FiguresQuery,
        BoxFiguresAnswer,
        "Figures of the box on a plug over a span, each with its formula and terms",
        (404, 503),
    ),
)
