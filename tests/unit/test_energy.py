"""Energy by quarters of an hour, expected values by hand: from samples, in memory, as KPIs."""

import itertools
import random
from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from processing.cranes.facts import CraneMove
from processing.cranes.signals import CRANE
from processing.energy.facts import EnergyUse, Equipment
from processing.energy.grid import GridFactor
from processing.engine import Engine
from processing.facts.cranes import CraneFacts
from processing.facts.energy import Amount
from processing.facts.store import FactStore
from processing.kpi.evidence import QuarterOf, UseOf
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import look
from processing.kpi.windows import DAY
from processing.model.device import NEVER_US, Device
from processing.model.facts import Retracted
from processing.model.samples import Samples, empty, groups
from processing.model.stream import Stream
from processing.model.times import ALWAYS_US, MINUTE_US, QUARTER_US
from processing.reefers.signals import REEFER
from processing.site.configuration import Site, Sites
from processing.streams import BY_NAME
from processing.vehicles.signals import VEHICLE
from tests.unit.test_crane_kpis import T0, at, move

Row = tuple[float, Mapping[str, float]]
"""Minutes after T0, signals."""


def samples(stream: Stream, rows: Iterable[Row]) -> Samples:
    """Rows of device 1 as columns."""
    listed, made = list(rows), empty(stream)
    n = len(listed)
    made.device_id = np.ones(n, np.int32)
    made.time_us = np.array([at(minute) for minute, _ in listed], np.int64)
    made.seq, made.received_us = np.arange(1, n + 1), made.time_us.copy()
    made.numbers = np.full((len(stream.numeric), n), np.nan)
    made.texts = {signal.name: [None] * n for signal in stream.textual}
    made.boot, made.extra = [None] * n, [None] * n
    for place, (_, signals) in enumerate(listed):
        for name, value in signals.items():
            made.numbers[stream.numeric_index[name], place] = value
    return made


def found(stream: Stream, rows: Iterable[Row], cuts: Iterable[int] = (), first_us: int = NEVER_US) -> list[EnergyUse]:
    """Quarters of a device, fed in batches that are cut before these rows; by default its first sample is the first."""
    made, device = samples(stream, rows), Device(1, "demo", stream.name, "x-1", "", first_us)
    tracker, uses = BY_NAME[stream.name].tracker(lambda _device_id: device), []
    for begin, end in itertools.pairwise([0, *sorted({*cuts} - {0}), len(made)]):
        part = made.take(np.arange(begin, end))
        uses += [fact for fact in tracker.feed(part, *groups(part)) if isinstance(fact, EnergyUse)] if len(part) else []
    return uses


def taken(uses: Iterable[EnergyUse]) -> list[tuple[float, float, int]]:
    """Minute at which each quarter began, what was taken, how long it is known. [min, kWh, s]."""
    return [((one.began_us - T0) / MINUTE_US, one.energy_kwh, one.measured_s) for one in uses]


def test_power_holds_until_the_next_report() -> None:
    """3 kW for half an hour are 0.75 kWh a quarter; what the last quarter has so far is no fact yet."""
    rows: list[Row] = [(5 * n, {"power_kw": 3.0}) for n in range(9)]
    assert taken(found(REEFER, rows)) == [(0, 0.75, 900), (15, 0.75, 900)]


def test_a_report_an_hour_is_divided_by_time() -> None:
    """4 kW from minute 10 on: 5 minutes of the first quarter; then 2 kW: 10 minutes of 4, and 5 minutes of 2."""
    rows: list[Row] = [(10, {"power_kw": 4.0}), (70, {"power_kw": 2.0}), (80, {"power_kw": 2.0})]
    quarters = [(0, 0.333333, 300), (15, 1.0, 900), (30, 1.0, 900), (45, 1.0, 900), (60, 0.833333, 900)]
    assert taken(found(REEFER, rows)) == quarters


def test_after_75_minutes_power_is_unknown() -> None:
    """Of the silence from 5 to 85 min nothing is known, nor of what other samples of that time would show."""
    rows: list[Row] = [(0, {"power_kw": 4.0}), (5, {"power_kw": 4.0}), (85, {"power_kw": 4.0}), (90, {"power_kw": 4.0})]
    assert taken(found(REEFER, rows)) == [(0, 0.333333, 300), (75, 0.333333, 300)]
    held: list[Row] = [(0, {"power_kw": 4.0}), *((30.0 * n, {"setpoint_degc": 4.0}) for n in (1, 2, 3))]
    assert [minute for minute, _, _ in taken(found(REEFER, held))] == [0, 15, 30, 45]


def test_nothing_taken_is_no_fact() -> None:
    assert found(REEFER, [(5 * n, {"power_kw": 0.0}) for n in range(9)]) == []


def test_a_counter_shows_what_was_taken_during_silence() -> None:
    """4 kWh in the 20 minutes from 10 on: 1 in the first quarter, 3 in the second."""
    rows: list[Row] = [(10, {"energy_kwh": 100.0}), (30, {"energy_kwh": 104.0})]
    assert taken(found(CRANE, rows)) == [(0, 1.0, 300), (15, 3.0, 900)]


def test_a_counter_that_was_set_back_or_replaced_shows_nothing() -> None:
    """From 12 on it counts from 0, from 20 on another one does: 2 kWh until 10, 1 from 12 to 14, 3 from 20 to 30."""
    rows: list[Row] = [
        *(
            (0, {"energy_kwh": 100.0}),
            (10, {"energy_kwh": 102.0}),
            (12, {"energy_kwh": 0.0}),
            (14, {"energy_kwh": 1.0}),
        ),
        *((20, {"energy_kwh": 50_000.0}), (30, {"energy_kwh": 50_003.0})),
    ]
    assert taken(found(CRANE, rows)) == [(0, 3.0, 720), (15, 3.0, 600)]


def test_a_counter_that_does_not_rise_is_known_all_the_same() -> None:
    """The crane reports its counter every two minutes only, other signals each minute: 1 kWh a report."""
    rows: list[Row] = [
        (n, {"energy_kwh": 100.0 + n // 2} if n % 2 == 0 else {"hoist_height_m": 1.0}) for n in range(31)
    ]
    assert taken(found(CRANE, rows)) == [(0, 7.0, 900), (15, 8.0, 900)]


def test_vehicles_take_what_they_charge() -> None:
    """150 kW for 6 minutes, whatever the sign; driving takes nothing from the grid."""
    rows: list[Row] = [
        (n / 2, {"charging": float(8 <= n < 20), "power_kw": -150.0 if n >= 8 else 40.0}) for n in range(40)
    ]
    assert taken(found(VEHICLE, rows)) == [(0, 15.0, 360)]


def test_of_a_device_that_is_read_from_the_middle_the_first_quarter_is_left_out() -> None:
    rows: list[Row] = [(5 * n + 2, {"energy_kwh": 100.0 + n}) for n in range(10)]
    assert [minute for minute, _, _ in taken(found(CRANE, rows))] == [0, 15, 30]
    assert [minute for minute, _, _ in taken(found(CRANE, rows, first_us=ALWAYS_US))] == [15, 30]


@pytest.mark.parametrize("stream", [CRANE, REEFER, VEHICLE], ids=lambda stream: stream.name)
def test_any_split_into_batches_gives_the_same_quarters(stream: Stream) -> None:
    """Irregular steps, some of no length, some over several quarters, some signals absent."""
    random_ = random.Random(stream.name)
    minutes = list(itertools.accumulate(random_.choice((0, 0.01, 0.7, 0.9, 40)) for _ in range(120)))
    rows: list[Row] = []
    for minute in minutes:
        signals = {
            "energy_kwh": round(minute * random_.uniform(0.9, 1.1), 3),
            "power_kw": round(random_.uniform(-1, 9), 1),
        }
        signals |= {"charging": 1.0} if stream is VEHICLE else {}
        signals = {name: value for name, value in signals.items() if name in stream.numeric_index}
        rows.append((minute, signals if random_.random() < 0.8 else {}))
    whole = found(stream, rows)
    assert len(whole) > 20
    for _ in range(3):
        assert found(stream, rows, random_.sample(range(1, 120), 30)) == whole


def test_reports_of_a_reefer_before_a_start_make_no_difference_after_75_minutes() -> None:
    """Power that some samples lack is held; whoever starts later reports no quarter that it may be wrong about."""
    random_ = random.Random(3)
    minutes = list(itertools.accumulate(random_.choice((1, 5, 20, 60)) for _ in range(80)))
    powers = [{"power_kw": round(random_.uniform(0, 9), 1)} if random_.random() < 0.6 else {} for _ in minutes]
    rows: list[Row] = list(zip(minutes, powers, strict=True))
    whole = found(REEFER, rows)
    for first in range(1, 60, 7):
        late = found(REEFER, rows[first:], first_us=ALWAYS_US)
        assert set(late) <= set(whole)
        assert {one for one in whole if one.began_us >= at(minutes[first] + 90)} <= set(late)


def use(
    device_id: int, minute: float, energy_kwh: float, kind: Equipment = "reefer", measured_s: int = 900
) -> EnergyUse:
    """What a device took in the quarter that began at a minute."""
    return EnergyUse(device_id, at(minute), at(minute) + QUARTER_US, kind, energy_kwh, measured_s)


def store(*facts: EnergyUse | CraneMove, site: Site | None = None) -> FactStore:
    """A terminal with the crane sts1 (1), the vehicle agv01 (2) and the plugs a-1 (3), a-2 (4), b-1 (5)."""
    made = FactStore("demo", site)
    made.cranes["sts1"] = CraneFacts(1, yard=False, first_seen_us=T0)
    made.devices["vehicle"]["agv01"] = 2
    for rack, device_id in (("a", 3), ("a", 4), ("b", 5)):
        made.put_rack(rack, device_id)
    for fact in facts:
        made.put("sts1", fact)
    return made


HOUR = (
    use(1, 0, 40.0, "crane"),
    use(2, 15, 25.0, "vehicle", 600),
    use(3, 0, 1.0),
    use(3, 15, 1.5),
    use(4, 15, 1.25, measured_s=450),
    use(5, 15, 0.25),
)


def value(facts: FactStore, kpi: str, minute: float, subject: str = "demo") -> float | None:
    """Over the last hour that ends at a minute."""
    view = look(facts, subject, BY_ID[kpi].main, at(minute))
    assert view is not None
    return BY_ID[kpi].of(view)


def test_energy_of_each_kind_of_subject() -> None:
    """41 kWh in the first quarter, 28 in the second; a window holds the quarters that ended in it."""
    facts = store(*HOUR)
    assert [value(facts, "energy_used", minute) for minute in (14, 15, 29, 30, 74, 75, 90)] == [
        *(None, 41, 41, 69, 69, 28, None),
    ]
    used = {subject: value(facts, "energy_used", 30, subject) for subject in ("sts1", "agv01", "a", "b")}
    assert used == {"sts1": 40, "agv01": 25, "a": 3.75, "b": 0.25}
    kinds = [value(facts, f"energy_used_{kind}", 30) for kind in ("cranes", "reefers", "vehicles")]
    assert kinds == [40, 4, 25]


def test_the_peak_is_that_of_the_largest_quarter() -> None:
    """41 kWh in a quarter are 164 kW; of rack a 2.75 kWh are 11 kW."""
    facts = store(*HOUR)
    assert [value(facts, "energy_peak", minute) for minute in (30, 75)] == [164, 112]
    assert value(facts, "energy_peak", 30, "a") == 11


def test_energy_per_reefer_hour_is_over_the_time_for_which_it_is_known() -> None:
    """4 kWh in 15 + 15 + 7.5 + 15 minutes; 0.25 kWh in 15."""
    facts = store(*HOUR)
    assert value(facts, "energy_per_reefer_hour", 30) == round(4 / 0.875, 6)
    assert value(facts, "energy_per_reefer_hour", 30, "b") == 1


def test_energy_and_carbon_per_box() -> None:
    """Two boxes; 0.2 kg/kWh until the first quarter ends, 0.1 afterwards: 8.2 + 2.8 kg."""
    site = Site(grid=(GridFactor(0, at(15), 200_000), GridFactor(at(15), None, 100_000)))
    facts = store(*HOUR, move(20), move(25), site=site)
    assert value(facts, "co2", 30) == 11
    assert (value(facts, "energy_per_box", 30), value(facts, "co2_per_box", 30)) == (34.5, 5.5)
    assert value(facts, "co2", 30, "a") == round(0.2 + 0.275, 6)


def test_without_a_factor_co2_is_not_known() -> None:
    """Nor where it is missing for a part of the window only."""
    assert value(store(*HOUR), "co2", 30) is None
    later = Site(grid=(GridFactor(at(15), None, 100_000),))
    assert [value(store(*HOUR, site=later), "co2", minute) for minute in (30, 75)] == [None, 2.8]


def test_an_explanation_lists_quarters_and_devices() -> None:
    site = Site(grid=(GridFactor(0, None, 500_000),))
    view = look(store(*HOUR, site=site), "demo", DAY, at(30))
    assert view is not None
    explained = explain(BY_ID["co2"], view)
    assert (explained.value, explained.filled) == (34.5, "34.5 kg = 34.5 kg")
    assert explained.evidence.quarters == [
        QuarterOf(at(0), at(15), 41_000_000, {"crane": 40_000_000, "reefer": 1_000_000}, 500_000),
        QuarterOf(at(15), at(30), 28_000_000, {"reefer": 3_000_000, "vehicle": 25_000_000}, 500_000),
    ]
    assert explained.evidence.uses == [
        UseOf(1, "crane", 1, 40_000_000, 900),
        UseOf(2, "vehicle", 1, 25_000_000, 600),
        UseOf(3, "reefer", 2, 2_500_000, 1_800),
        UseOf(4, "reefer", 1, 1_250_000, 450),
        UseOf(5, "reefer", 1, 250_000, 900),
    ]
    of_rack = look(store(*HOUR), "b", DAY, at(30))
    assert of_rack is not None
    assert explain(BY_ID["energy_per_reefer_hour"], of_rack).evidence.uses == [UseOf(5, "reefer", 1, 250_000, 900)]


def test_sums_depend_on_the_facts_alone() -> None:
    """Entered, entered again with other values, dropped, in any order: as if only the last versions had been."""
    random_ = random.Random(7)
    for _ in range(6):
        facts, last = store(), dict[tuple[int, float], EnergyUse]()
        for _ in range(200):
            device_id, minute = random_.randint(1, 5), random_.choice((0, 15, 30, 45))
            kind: Equipment = {1: "crane", 2: "vehicle"}.get(device_id, "reefer")  # type: ignore[assignment] # of three words
            fact = use(device_id, minute, round(random_.uniform(-3, 50), 6) or 1.0, kind, random_.randint(1, 900))
            if random_.random() < 0.3:
                facts.energy.drop(fact)
                last.pop((device_id, minute), None)
            else:
                facts.energy.put(fact)
                last[device_id, minute] = fact
            if random_.random() < 0.1:
                value(facts, "energy_peak", 60, "a")  # what groups took is kept
        fresh = store(*last.values())
        for kpi, subject in (
            ("energy_used", "demo"),
            ("energy_peak", "demo"),
            ("energy_used", "a"),
            ("energy_used", "sts1"),
        ):
            assert value(facts, kpi, 60, subject) == value(fresh, kpi, 60, subject)
        ended = [list(one.energy.ended(T0, T0 + 4 * QUARTER_US)) for one in (facts, fresh)]
        assert [one.sums for one in ended[0]] == [one.sums for one in ended[1]]


def test_a_kind_without_a_fact_has_no_sum() -> None:
    """The only reefer's fact is retracted, a crane's stays: not known, as it is after a restart, and not zero."""
    facts = store(use(1, 0, 10.0, "crane"), use(3, 0, 1.0, "reefer"))
    facts.energy.drop(use(3, 0, 1.0, "reefer"))
    (quarter,) = facts.energy.ended(T0, T0 + 4 * QUARTER_US)
    assert quarter.sums == {"crane": Amount(10_000_000, 900)}


def test_samples_follow_late_and_retracted_quarters() -> None:
    """A plug that reports every hour: the sample of minute 15 changes when its quarter is known."""
    made = Engine(Sites())
    made.register(Device(3, "demo", "reefer", "a-1", "PLUG", T0, rack="a"))
    evaluator = made.evaluator("demo")
    evaluator.advance(T0)

    def go(minute: float) -> dict[tuple[str, float], float | None]:
        evaluator.advance(at(minute))
        return {
            (one.subject, (one.time_us - T0) / MINUTE_US): one.value
            for one in made.kpis().samples
            if (one.kpi, one.window) == ("energy_used", "PT1H")
        }

    assert go(31) == {}
    made.restore([use(3, 0, 1.0)])
    assert go(32) == {("demo", 15): 1, ("demo", 30): 1, ("a", 15): 1, ("a", 30): 1}
    made.restore([use(3, 0, 1.0)])
    assert go(33) == {}
    made.restore([Retracted(use(3, 0, 1.0))])
    assert go(34) == {("demo", 15): None, ("demo", 30): None, ("a", 15): None, ("a", 30): None}


def test_racks_are_named_by_plugs_or_by_the_site() -> None:
    site = Site(racks={"r001": "north", "a1-18": "north"})
    assert [site.rack_of(plug) for plug in ("r001", "a1-18", "a1-17", "b-2-03", "r01", "-1")] == [
        *("north", "north", "a1", "b-2", None, None),
    ]
