"""KPIs of appointments of trucks."""

from processing.gates.appointments import APPOINTMENT
from processing.kpi.definition import Kpi, Scopes, ratio
from processing.kpi.subjects import TERMINAL
from processing.kpi.terms.appointments import any_settled
from processing.kpi.windows import DAY, HOUR, SHIFT

PERIODS: Scopes = ((TERMINAL, (HOUR, SHIFT, DAY)),)
SOURCE = "common practice: arrivals within −30 to +60 min of the appointment, of all; no-show rate"


def _percent(part: float, whole: float) -> float | None:
    share = ratio(part, whole)
    return None if share is None else 100 * share


def _share(name: str, title: str, text: str) -> Kpi:
    return Kpi(
        f"appointment_{name}_share",
        title,
        "%",
        APPOINTMENT,
        PERIODS,
        (f"appointments_{name}", "appointments_settled"),
        _percent,
        f"100 × {{appointments_{name}}} ÷ {{appointments_settled}} in the window",
        SOURCE,
        text,
        busy=any_settled,
    )


APPOINTMENT_KPIS: tuple[Kpi, ...] = (
    _share("on_time", "Appointments kept", "How many trucks came from 30 min before until 60 min after their time."),
    _share("early", "Appointments, early", "How many trucks came more than 30 min before their time."),
    _share("late", "Appointments, late", "How many trucks came more than 60 min after their time."),
    _share("no_show", "Appointments, no-show", "How many trucks had not come four hours after their time."),
)
