"""GET /api/v1/reefers/off-power and /api/v1/reefers/silences."""

from api.http.route import API
from api.reefers.answers import OFF_POWER_SPANS, SILENCES

ROUTES = (
    OFF_POWER_SPANS.route(f"{API}/reefers/off-power", "Boxes without power in the span, newest first"),
    SILENCES.route(f"{API}/reefers/silences", "Gaps in the reports about boxes that touch the span, newest first"),
)
