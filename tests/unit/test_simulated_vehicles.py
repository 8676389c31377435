"""Simulated vehicles: within the laws of motion, below the cranes when boxes change hands, their trips found again."""

import pickle
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from processing.vehicles.facts import VehicleCharge, VehicleTrip
from processing.vehicles.signals import VEHICLE
from simulators.cranes import CraneSamples, TrueDelay, TrueMove
from simulators.cranes.group import Cranes
from simulators.devices import Slice
from simulators.parameters import PRESETS
from simulators.score.trip_table import bars, table
from simulators.score.trips import TripScore
from simulators.score.vehicle_day import VehicleDay, simulate
from simulators.terminal import Terminal
from simulators.vehicles.drive import Drive, Stop
from simulators.vehicles.layout import Layout, path, zone
from simulators.vehicles.parameters import TRUCK
from simulators.vehicles.truth import TrueCharge, TrueCharges, TrueTrip, TrueTrips
from simulators.vehicles.vehicle import Vehicle
from tests.length import length

START_MS = 1_795_000_000_000
MINUTES = length(45, 180)
WARM_MS = START_MS + 10 * 60_000
"""Until then vehicles come from where they were parked."""
BELOW_M = 12.0
SAMPLES_A_SECOND = 10


class Place(NamedTuple):
    """Where a crane stands. [ms since 1970 UTC; m]."""

    ts: int
    gantry_position_m: float


def places(_cranes: Cranes, _crane: str, samples: CraneSamples) -> list[object]:
    """Where a crane stands, once a second; the rest of what it sends, ten times a second, is left out."""
    rows = np.flatnonzero(samples.time_ms % 1000 < 1000 / SAMPLES_A_SECOND)
    times_ms, gantry_m = samples.time_ms[rows], samples.signals["gantry_position_m"][rows]
    return [Place(*place) for place in zip(times_ms.tolist(), gantry_m.tolist(), strict=True)]


@cache
def simulated() -> Slice:
    """What happens in chancay."""
    terminal, whole = Terminal("chancay", 6, START_MS, "boot"), Slice()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Cranes, "_rows", places)
        for minute in range(1, MINUTES + 1):
            made = terminal.advance(START_MS + minute * 60_000)
            for key, rows in made.rows.items():
                whole.rows.setdefault(key, []).extend(rows)
            whole.truth += made.truth
    return whole


def vehicles() -> Iterator[tuple[str, list[Any]]]:
    """Rows of each vehicle."""
    yield from ((name, rows) for (stream, name), rows in simulated().rows.items() if stream == "vehicle")


@cache
def standing() -> dict[int, list[Any]]:
    """Rows of vehicles that stand on the quay, by second."""
    found: dict[int, list[Any]] = {}
    for _, rows in vehicles():
        for row in rows:
            if row.zone == "quay" and row.speed_mps == 0:
                found.setdefault(row.ts // 1000, []).append(row)
    return found


def below(crane: str, time_ms: int) -> list[Any]:
    """Vehicles that stand below a crane."""
    rows = simulated().rows["crane", crane]
    x_m = rows[min(len(rows) - 1, (time_ms - rows[0].ts) // 1000)].gantry_position_m
    return [row for row in standing().get(time_ms // 1000, []) if abs(row.position_x_m - x_m) < BELOW_M]


def test_there_are_as_many_as_the_preset_has() -> None:
    counts = {name: sum(d.stream == "vehicle" for d in Terminal(name, 1, START_MS, "b").devices) for name in PRESETS}
    assert counts == {"demo": 6, "chancay": 40, "mixed": 4, "tandem": 0}


def test_a_sample_a_second_within_the_ranges_of_its_signals() -> None:
    for name, rows in vehicles():
        assert set(np.diff([row.ts for row in rows])) == {1000}, name
        for signal in VEHICLE.signals:
            values = {getattr(row, signal.name) for row in rows} - {None}
            if signal.kind == "enum":
                assert values <= set(signal.values)
            elif signal.kind == "float":
                assert all(signal.low <= value <= signal.high for value in values), (name, signal.name)


def test_motion_energy_and_load_are_physical() -> None:
    for name, rows in vehicles():
        x, y, speed, energy = (
            np.array([getattr(row, signal) for row in rows])
            for signal in ("position_x_m", "position_y_m", "speed_mps", "energy_kwh")
        )
        noise = 0.3
        assert (np.hypot(np.diff(x), np.diff(y)) <= TRUCK.cruise_mps[1] + noise).all(), name
        assert (np.abs(np.diff(speed)) <= TRUCK.acceleration_mps2 + noise).all(), name
        assert (np.diff(energy) >= 0).all(), name
        laden = np.array([row.laden for row in rows])
        switched = np.flatnonzero(laden[1:] != laden[:-1]) + 1
        assert (speed[switched] == 0).all(), name
        assert all(row.laden for row in rows if row.container_ids), name


def test_boxes_change_hands_below_the_cranes() -> None:
    """Nearly every box that is discharged is on the vehicle below right after, with its number where it was read."""
    moves = [m for m in simulated().of(TrueMove) if m.device.startswith("sts") and m.locked_ms > WARM_MS]
    discharged = [m for m in moves if m.kind == "discharge"]
    loaded = [m for m in moves if m.kind == "load"]
    taken = [
        m
        for m in discharged
        if any(
            row.laden and (row.container_ids or ()) == m.container_ids for row in below(m.device, m.unlocked_ms + 1000)
        )
    ]
    given = [
        m
        for m in loaded
        if any(row.laden for row in below(m.device, m.locked_ms))
        and any(not row.laden for row in below(m.device, m.lifted_ms + 1000))
    ]
    assert len(discharged) > 30
    assert len(loaded) > 30
    assert len(taken) / len(discharged) > 0.95
    assert len(given) / len(loaded) > 0.95


def test_nobody_stands_below_a_crane_that_waits_for_transport() -> None:
    waits, others = list[float](), list[float]()
    for delay in simulated().of(TrueDelay):
        if delay.device.startswith("sts") and delay.began_ms > WARM_MS:
            seconds = range(delay.began_ms + 1000, delay.ended_ms - 1000, 1000)
            share = sum(bool(below(delay.device, at)) for at in seconds) / len(seconds)
            (waits if delay.cause == "waiting_transport" else others).append(share)
    assert len(waits) > 1
    assert sum(share > 0.05 for share in waits) <= 1  # the cranes may have moved towards each other meanwhile
    assert sum(share > 0.8 for share in others) >= len(others) / 2


def test_a_simulation_goes_on_from_its_saved_state() -> None:
    whole, first = (Terminal("demo", 2, START_MS, "boot") for _ in range(2))
    half_ms = length(300_000, 600_000)
    whole.advance(START_MS + half_ms)
    first.advance(START_MS + half_ms)
    second = pickle.loads(pickle.dumps(first))  # noqa: S301 - written by ourselves
    rows = [one.advance(START_MS + 2 * half_ms).rows for one in (whole, second)]
    assert msgspec.json.encode(list(rows[0].items())) == msgspec.json.encode(list(rows[1].items()))


def test_a_way_goes_over_the_nearer_road_and_cuts_its_corners() -> None:
    way = path((60.0, 10.0), (45.0, 77.0))
    # 55 m to the road at 5 m, 67 m along it, 40 m back: 162 m; two corners, each cut by less than its two legs of 12 m.
    assert 162 - 2 * (24 - 2**0.5 * 12) < way.length_m < 162
    x, y = way.at(np.array([0.0, 1e3]))
    assert (x.tolist(), y.tolist()) == ([60, 45], [10, 77])
    assert way.headings_deg(np.array([1.0, 80.0, way.length_m]), 0).tolist() == [180, 90, 0]
    assert [zone(place) for place in ((60.0, 10.0), (5.0, 50.0), (45.0, 77.0), (-20.0, 62.0), (325.0, 62.0))] == [
        "quay",
        "lane",
        "block",
        "charger",
        "parking",
    ]
    assert zone(Layout(PRESETS["demo"]).transfer(3, 1, 100.0)) == "block"


def test_a_drive_with_a_stop_by_hand() -> None:
    """100 m at 5 m/s and 0.5 m/s² with 8 s at 50 m: each half is 10 s up over 25 m and 10 s down."""
    drive = Drive(path((60.0, 10.0), (160.0, 10.0)), 5.0, TRUCK, (Stop(50.0, 8.0),))
    assert drive.length_s == pytest.approx(48)
    t = np.array([0.0, 5, 10, 20, 24, 28, 38, 48])
    assert drive.along_m(t) == pytest.approx([0, 6.25, 25, 50, 50, 50, 75, 100])
    assert drive.speed_and_acceleration(t)[0] == pytest.approx([0, 2.5, 5, 0, 0, 0, 5, 0])
    # At 5 s: 16 t · (9.81 · 0.012 + 0.5) m/s² = 9.8835 kN at 2.5 m/s through 85 %, and 4 kW.
    assert drive.power_kw(t, laden=False)[[0, 1, 4]] == pytest.approx([4, 4 + 9.88352 * 2.5 / 0.85, 4])


def way(began_s: int, ended_s: int, to_zone: str = "quay", distance_m: float = 100.0) -> TrueTrip:
    """A drive as the simulator reports it."""
    return TrueTrip("agv01", began_s * 1000, ended_s * 1000, "block", to_zone, False, distance_m, 1.0, ())


def test_drives_become_trips() -> None:
    """After 9 s of rest the way goes on, after 10 s it is another; a box put on between them makes two at once."""
    trips = TrueTrips()
    for drive in (way(0, 50), way(59, 80), way(90, 100)):
        trips.drove(drive)
    assert [(t.began_ms, t.ended_ms, t.distance_m) for t in trips.until(105_000)] == [(0, 80_000, 200)]
    assert trips.until(110_000) == []
    trips.handed_over()
    trips.drove(way(103, 120, distance_m=4.9))
    assert [t.began_ms for t in trips.until(1_000_000)] == [90_000]
    assert trips.until(2_000_000) == []


def trip(began_s: float, ended_s: float, distance_m: float | None) -> VehicleTrip:
    """A trip as it was found, empty from block to quay."""
    return VehicleTrip(
        device_id=1,
        began_us=round(began_s * 1e6),
        ended_us=round(ended_s * 1e6),
        served_us=None,
        from_zone="block",
        to_zone="quay",
        from_x_m=0.0,
        from_y_m=0.0,
        to_x_m=0.0,
        to_y_m=0.0,
        laden=False,
        distance_m=distance_m,
        energy_kwh=1.0,
        container_ids=(),
    )


def test_trips_are_found_missed_and_invented() -> None:
    """The second is missed, the third comes from elsewhere than it was found to, 2 s early; one at 700 s never was."""
    day = VehicleDay("agv01", 1000, 2_000_000_000, trips=[way(0, 50), way(100, 150), way(200, 250, "lane")])
    day.found = [trip(0, 50.5, 101.0), trip(198, 250, None), trip(700, 750, 1.0)]
    score = TripScore()
    score.add([day], "1")
    c = score.all
    assert (c.true, c.missed, c.invented, c.kind_wrong, c.boxes_wrong) == (3, 1, 1, 1, 0)
    assert dict(score.off_by_more) == {"began": 1, "ended": 0}
    assert (score.way_m, score.unknown["way"]) == ([100.0, 101.0], 1)
    assert {bar.what for bar in bars(score, clean=True) if bar.reached} == {
        "containers wrong",
        "ended more than a sample off",
        "energy of all trips",
        "charging sessions missed",
        "charging sessions invented",
        "charging session began more than a sample off",
        "charging session ended more than a sample off",
        "energy of all charging sessions",
    }
    assert "| recall | 66.667 % | ≥ 99 % | **no** |" in table({"all faults": score})


def test_charging_sessions_are_found_missed_and_invented() -> None:
    """One found 3 s late with 1 % less energy, one missed, one invented, and one that may yet be reported as over."""
    day = VehicleDay("agv01", 1000, 20_000_000_000)
    day.charges = [
        TrueCharge("agv01", 0, 4_000_000, 29.5, 90.0, 160.0),
        TrueCharge("agv01", 5_000_000, 6_000_000, 30, 45, 40.0),
    ]
    day.found_charges = [
        VehicleCharge(1, 3_000_000, 4_000_500_000, 29.5, 89.0, 158.4),
        VehicleCharge(1, 8_000_000_000, 8_100_000_000, 50.0, 51.0, None),
        VehicleCharge(1, 19_900_000_000, 19_999_000_000, 50.0, 51.0, None),
    ]
    day.spoilt = [("reboot", 5_500_000_000, 5_510_000_000)]
    score = TripScore()
    score.add([day], "1")
    of = score.charges
    assert (of.all.true, of.all.missed, of.all.invented) == (2, 1, 1)
    assert (of.by_fault["reboot"].true, of.by_fault["reboot"].missed) == (1, 1)
    assert (dict(of.off_by_more), of.errors_ms) == ({"began": 1, "ended": 0}, {"began": [3000.0], "ended": [500.0]})
    assert (of.energy_kwh, of.unknown, of.battery_errors_pct) == ([160.0, 158.4], 0, {"began": [0.0], "ended": [-1.0]})
    assert "| charging sessions, recall | 50.000 % | ≥ 95 % | **no** |" in table({"all faults": score})
    assert "| charge at begin or end off by, at most | 1.00 % of the battery |" in table({"all faults": score})


def test_a_vehicle_is_charged_by_hand() -> None:
    """146 kW net for 36 s, from 100.5 s to 136.5 s, as samples on whole seconds show it: 1.46 kWh of 280."""
    vehicle = Vehicle(
        "agv01", TRUCK, (0.0, 0.0), 0, np.random.default_rng(1), battery_share=0.5, energy_kwh=0.0, phase_ms=0
    )
    vehicle.stand(100_500, "standby", charger_kw=TRUCK.charger_kw)
    assert vehicle.charges.until(200_000) == []
    assert [row for times, columns in vehicle.until(120_000) for row in zip(times, columns["charging"], strict=True)][
        100:102
    ] == [(100_000, False), (101_000, True)]
    vehicle.stand(136_500, "standby")
    (charge,) = vehicle.charges.until(200_000)
    assert (charge.device, charge.began_ms, charge.ended_ms) == ("agv01", 101_000, 137_000)
    assert charge.energy_kwh == pytest.approx(1.46)
    # 4 kW for 100.5 s leave 139.8883 kWh; half a second at the charger, and half a second after it, are not in between.
    assert charge.battery_from_pct == pytest.approx(100 * (139.888333 + 0.020278) / 280)
    assert charge.battery_to_pct == pytest.approx(100 * (139.888333 + 1.46 - 0.000556) / 280)
    assert vehicle.charges.until(300_000) == []


def test_sessions_are_reported_once_when_a_sample_has_shown_their_end() -> None:
    """One in which no sample lies is none."""
    charges = TrueCharges()
    first, second = (TrueCharge("agv01", began, began + 5_000, 30, 31, 1.0) for began in (0, 10_000))
    for charge in (first, TrueCharge("agv01", 7_000, 7_000, 31, 31, 0.0), second):
        charges.charged(charge)
    assert charges.until(5_000) == []
    assert charges.until(5_001) == [first]
    assert charges.until(60_000) == [second]
    assert charges.until(90_000) == []


def test_every_trip_and_charging_session_of_some_hours_is_found() -> None:
    score = TripScore()
    score.add(simulate("mixed", 22, 3), "22")
    assert score.all.true > 150
    assert score.charges.all.true > 0
    assert [bar for bar in bars(score, clean=True) if not bar.reached] == []
