"""Appointments of trucks, and KPIs of them; expected values by hand."""

import itertools

import pytest

from processing.facts.store import FactStore
from processing.gates.appointments import Arrival, TruckAppointment, settled
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import View, look
from processing.kpi.windows import WINDOWS
from processing.model.times import HOUR_US, MINUTE_US
from tests.unit.gate_signals import event, found

T0 = 472_000 * HOUR_US


def came(minute: int, lane: str = "in1") -> Arrival:
    """A truck that joined the queue at a minute and was through three minutes later."""
    return Arrival(T0 + minute * MINUTE_US, T0 + (minute + 3) * MINUTE_US, lane)


def of(*arrivals: Arrival) -> tuple[str, float, str | None]:
    """Outcome of an appointment at minute 0, minute at which it is settled, lane; in whatever order trucks came."""
    made = {settled("demo", "A1", T0, order) for order in itertools.permutations(arrivals)}
    (one,) = made
    return one.outcome, (one.settled_us - T0) / MINUTE_US, one.lane


@pytest.mark.parametrize(
    ("minute", "outcome"), [(-31, "early"), (-30, "on_time"), (0, "on_time"), (60, "on_time"), (61, "late")]
)
def test_a_truck_is_on_time_from_half_an_hour_before_to_an_hour_after(minute: int, outcome: str) -> None:
    assert of(came(minute)) == (outcome, minute + 3, "in1")


def test_a_truck_that_does_not_come_within_four_hours_is_a_no_show() -> None:
    assert of() == of(came(241)) == of(came(-721)) == ("no_show", 240, None)
    assert of(came(240)) == ("late", 243, "in1")


def test_the_first_of_several_trucks_that_name_it_counts() -> None:
    assert of(came(200, "in2"), came(10), came(-800)) == ("on_time", 13, "in1")


def test_a_lane_reports_which_appointment_a_truck_names() -> None:
    steps = [
        event(0, "lane_enter"),
        event(9, "kiosk", appointment="A-4711", visit="V1"),
        event(20, "barrier_open"),
        event(25, "lane_exit"),
    ]
    assert [one.appointment for one in found(*steps)] == ["A-4711"]


@pytest.fixture
def store() -> FactStore:
    """Settled at minutes 13, 20, 30, 33 and 64: two on time, one early, one no-show, one late."""
    made = FactStore("demo")
    rows = [
        settled("demo", "A1", T0, [came(10)]),
        settled("demo", "A2", T0 + 50 * MINUTE_US, [came(17)]),
        settled("demo", "A3", T0 - 210 * MINUTE_US, []),
        settled("demo", "A4", T0 + 30 * MINUTE_US, [came(30)]),
        settled("demo", "A5", T0 - 60 * MINUTE_US, [came(61)]),
    ]
    made.appointments.load(rows, T0 - HOUR_US)
    return made


def view(store: FactStore, minute: int) -> View:
    made = look(store, "demo", WINDOWS["PT1H"], T0 + minute * MINUTE_US)
    assert made is not None
    return made


@pytest.mark.parametrize(("name", "percent"), [("on_time", 50.0), ("early", 25.0), ("late", 0.0), ("no_show", 25.0)])
def test_shares_of_the_appointments_that_were_settled(store: FactStore, name: str, percent: float) -> None:
    assert BY_ID[f"appointment_{name}_share"].of(view(store, 60)) == percent


def test_the_appointments_are_listed(store: FactStore) -> None:
    why = explain(BY_ID["appointment_late_share"], view(store, 90))  # after 30, until 90
    listed = [(one.appointment, one.outcome) for one in why.evidence.appointments]
    assert (why.value, listed) == (50.0, [("A4", "on_time"), ("A5", "late")])
    assert why.filled == "100 × 1 appointments ÷ 2 appointments in the window = 50 %"


def test_nothing_is_known_of_an_hour_without_appointments(store: FactStore) -> None:
    empty = view(store, 200)
    assert {BY_ID[f"appointment_{one}_share"].of(empty) for one in ("on_time", "early", "late", "no_show")} == {None}
    assert not BY_ID["appointment_no_show_share"].busy(empty)


def test_a_truck_that_comes_after_all_moves_its_appointment(store: FactStore) -> None:
    """What was to be a no-show at 30 is one that was late at 12; both times see a difference."""
    late: TruckAppointment = settled("demo", "A3", T0 - 210 * MINUTE_US, [came(9)])
    assert store.appointments.replace("A3", [late]) == T0 + 12 * MINUTE_US
    assert BY_ID["appointment_no_show_share"].of(view(store, 60)) == 0.0
    assert BY_ID["appointment_late_share"].of(view(store, 60)) == 25.0
