"""KPI samples after causes of delays, stated or decided by vehicles: always those that the stored facts give."""

from dataclasses import replace

import pytest

from infra.clock import from_us
from processing.cranes.facts import CraneDelay
from processing.vehicles.facts import VehicleTrip
from tests.integration.kpi_terminal import NOTE, at, call, serving

STATE_CAUSE = (
    "INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by) VALUES ($1, $2, $3, '', 'anna')"
)


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
async def test_a_stated_cause_reaches_calls(database_url: str, restarted: bool) -> None:
    """Also where the worker is restarted between the statement and its note."""
    async with serving(database_url) as demo:
        stop = CraneDelay(demo.crane, at(2), at(3), "ship")
        await demo.go(1, calls=(call("v1", 1, 8, 9),))
        await demo.go(4, demo.move(1.5), stop)
        await demo.go(12, demo.move(11.5))
        await demo.execute(STATE_CAUSE, demo.crane, from_us(stop.began_us), "lashing")
        if restarted:
            await demo.start()
        for subject in ("demo", "sts1"):
            await demo.execute(NOTE, "stop", subject, from_us(stop.began_us))
        assert await demo.settled() == []


async def test_a_stated_cause_of_a_delay_that_lasts_for_a_week(database_url: str) -> None:
    """It counts in every sample to come, in this life and in the next."""
    async with serving(database_url) as demo:
        stop = CraneDelay(demo.crane, at(1), None, "not_assigned")
        await demo.go(2, stop)
        for hour in range(4, 110, 2):
            await demo.go(hour)
        await demo.execute(STATE_CAUSE, demo.crane, from_us(stop.began_us), "strike")
        for subject in ("demo", "sts1"):
            await demo.execute(NOTE, "stop", subject, from_us(stop.began_us))
        assert await demo.settled() == []
        await demo.go(112)
        assert await demo.settled() == []
        await demo.start()
        await demo.go(114)
        assert await demo.settled() == []


def trip(vehicle: int, began: float, ended: float, x_m: float) -> VehicleTrip:
    """A trip of a vehicle along the quay from hour to hour."""
    places = (None, None, x_m, 10.0)
    return VehicleTrip(vehicle, at(began), at(ended), None, "block", "quay", *places, True, 500.0, 1.0, ())


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
async def test_vehicles_decide_over_causes(database_url: str, restarted: bool) -> None:
    """Of delays of a call that lasts longer than facts of others are kept; of one that no window begins before."""
    async with serving(database_url) as demo:
        agv = await (await demo.link.get()).fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', 'vehicle', 'agv1', 'AGV') "
            "RETURNING device_id"
        )
        await demo.start()
        ship = [CraneDelay(demo.crane, at(hour), at(hour + 0.4), "ship") for hour in range(1, 40)]
        await demo.go(0.8, replace(demo.move(0.7), gantry_m=200.0), calls=(call("v1", 0.25, None),))
        for hour, delay in enumerate(ship, 1):
            x_m = 200.0 if hour % 3 else 600.0
            move = replace(demo.move(hour + 0.9), gantry_m=200.0)
            await demo.go(hour + 0.95, trip(agv, hour - 0.1, hour + 0.05, x_m), delay, move)
        if restarted:
            await demo.start()
        assert await demo.settled() == []
        for late in (38.15, 4.15):  # one of them of before what is in memory
            await demo.go(40, trip(agv, late - 0.05, late, 600.0))
            assert await demo.settled() == []
        await demo.go(42)
        assert await demo.settled() == []
        found = await (await demo.link.get()).fetchval(
            "SELECT max(value) FROM kpi_sample WHERE kpi = 'idle_waiting_transport_minutes' AND subject = 'v1'"
        )
        assert found == pytest.approx((13 + 2) * 24), "every third hour, and those of the late trips"


async def test_a_call_that_is_announced_late_has_causes_by_vehicles(database_url: str) -> None:
    """Memory has forgotten the first delays, and the trips that decide over them."""
    async with serving(database_url) as demo:
        agv = await (await demo.link.get()).fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', 'vehicle', 'agv1', 'AGV') "
            "RETURNING device_id"
        )
        await demo.start()
        for hour in range(1, 50):
            move = replace(demo.move(hour - 0.5), gantry_m=200.0)
            delay = CraneDelay(demo.crane, at(hour - 0.4), at(hour - 0.1), "ship")
            await demo.go(hour, move, delay, trip(agv, hour - 0.45, hour - 0.42, 600.0 if hour % 2 else 200.0))
        await demo.go(50, calls=(call("late", 4, None),))
        assert await demo.settled() == []
        await demo.go(51, demo.move(50.5))
        assert await demo.settled() == []
