"""Simulated reefers: physical, reported as often as their racks do, and truth that follows from what they were."""

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest

from processing.containers.iso6346 import check_digit
from processing.reefers.signals import REEFER
from simulators.devices import Truth
from simulators.reefers.group import Reefers, Sample
from simulators.reefers.happenings import pass_minute
from simulators.reefers.parameters import CARGOES, COOL_K_PER_MIN
from simulators.reefers.plugs import arrive, names, plugs
from simulators.reefers.range import DELAY_MIN, TOLERANCE_K, Run
from simulators.reefers.thermal import ambient_degc, warm_and_cool
from simulators.reefers.truth import TrueExcursion, TrueOffPower, TruePlugged, TrueSilence
from tests.length import length

START_MS = 1_794_999_960_000
HOURS = length(10, 96)
MINUTE_MS = 60_000


@cache
def simulated() -> tuple[dict[str, list[tuple[int, dict[str, Any]]]], list[Truth]]:
    """Samples of 96 plugs in two racks by plug, and the truth, of a terminal with many troubles."""
    samples, truth = Reefers(names(96), np.random.default_rng(5), START_MS, -5, 25.0).until(
        START_MS + HOURS * 60 * MINUTE_MS
    )
    return by_plug(samples), truth


def by_plug(samples: list[Sample]) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Samples by plug."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for time_ms, plug, signals in samples:
        found.setdefault(plug, []).append((time_ms, signals))
    return found


def test_the_rack_of_a_plug_is_its_name_before_the_last_dash() -> None:
    assert names(50)[:1] + names(50)[24:26] + names(50)[-1:] == ["r01-01", "r01-25", "r02-01", "r02-25"]
    assert (names(960)[47], names(960)[48], names(960)[-1]) == ("r01-48", "r02-01", "r20-48")


def test_values_are_within_the_ranges_of_their_signals() -> None:
    rows, _ = simulated()
    for plug, listed in rows.items():
        for _, signals in listed[::9]:
            assert set(signals) <= set(REEFER.by_name)
            for name, value in signals.items():
                signal = REEFER.by_name[name]
                if signal.kind == "float":
                    assert signal.low <= value <= signal.high, (plug, name)
                elif signal.kind == "enum":
                    assert value in signal.values
            if "container_id" in signals:
                assert check_digit(signals["container_id"][:10]) == int(signals["container_id"][10])


def test_a_plug_without_a_box_reports_nothing_of_one() -> None:
    rows, _ = simulated()
    empty = [signals for listed in rows.values() for _, signals in listed if not signals["plugged"]]
    assert len(empty) > 100
    assert {name for signals in empty for name in signals} == {"plugged", "powered", "ambient_degc"}


def test_each_rack_reports_at_its_interval() -> None:
    """Racks of 1, 1, 1 and 5 min."""
    samples, _ = Reefers(names(192), np.random.default_rng(3), START_MS, -5).until(START_MS + 60 * MINUTE_MS)
    steps = {plug: {b - a for (a, _), (b, _) in itertools.pairwise(rows)} for plug, rows in by_plug(samples).items()}
    offline = 5
    for rack, minutes in (("r01", 1), ("r02", 1), ("r03", 1), ("r04", 5)):
        other = [plug for plug, found in steps.items() if plug.startswith(rack) and found != {minutes * MINUTE_MS}]
        assert len(other) < offline


def test_the_same_whatever_the_slicing() -> None:
    ends = [START_MS + minutes * MINUTE_MS for minutes in (1, 2, 61, length(120, 240))]
    whole = Reefers(names(30), np.random.default_rng(9), START_MS, -5, 20.0)
    sliced = Reefers(names(30), np.random.default_rng(9), START_MS, -5, 20.0)
    samples, truth = whole.until(ends[-1])
    parts = [sliced.until(end) for end in (ends[0] - MINUTE_MS // 2, *ends)]
    assert [one for part, _ in parts for one in part] == samples
    assert [one for _, part in parts for one in part] == truth


def test_air_warms_without_power_and_is_cooled_with_it() -> None:
    """Frozen cargo at 21 °C outside: by 41 K / 1500 min at first; then cooled by 0.12 K a minute."""
    p = plugs(1, np.random.default_rng(1))
    p.plugged[:], p.cargo[:], p.setpoint_degc[:], p.booked_degc[:] = True, 0, -20.0, -20.0
    p.air_degc[:], p.pulp_degc[:], p.next_defrost_min[:] = -20.0, -20.0, 1e6
    p.left_min["power"][:] = 1.0
    warm_and_cool(p, 0, 21.0)
    assert p.air_degc[0] == pytest.approx(-20 + 41 / 1500)
    p.air_degc[:], p.left_min["power"][:] = -10.0, 0.0
    warm_and_cool(p, 0, 21.0)
    assert p.air_degc[0] == pytest.approx(-10 - COOL_K_PER_MIN)


def test_outside_air_is_warmest_at_three_in_the_afternoon() -> None:
    """15 h at UTC-5 is 20 h UTC."""
    assert [ambient_degc(hour * 60, -5) for hour in (20, 8)] == pytest.approx([25, 17])


def test_what_happens_happens() -> None:
    _, truth = simulated()
    assert {type(one) for one in truth} == {TrueExcursion, TrueOffPower, TruePlugged, TrueSilence}
    assert {one.rack for one in truth if isinstance(one, TrueOffPower)} == {True, False}
    assert any(signals.get("alarms") for listed in simulated()[0].values() for _, signals in listed)


def test_some_boxes_come_with_another_setpoint_than_booked_and_somebody_puts_it_right() -> None:
    p = plugs(3000, np.random.default_rng(1))
    wrong = p.setpoint_degc != p.booked_degc
    assert 10 < wrong.sum() < 60
    assert (p.wrong_min[wrong] > 0).all()
    p.wrong_min[wrong] = 1.0
    pass_minute(p, np.random.default_rng(2), 0, 1.0)
    np.testing.assert_array_equal(p.setpoint_degc, p.booked_degc)


def test_true_excursions_show_in_the_readings() -> None:
    """Of each that must be found the readings of its probe are out of range for the delay before it is due."""
    rows, truth = simulated()
    setpoints = {cargo.setpoint_degc for cargo in CARGOES}
    checked = 0
    for one in (one for one in truth if isinstance(one, TrueExcursion)):
        frozen = one.probe == "return"
        assert one.ended_ms - one.began_ms >= DELAY_MIN[frozen] * MINUTE_MS
        if one.due_ms is not None:
            inside = [s for at, s in rows[one.device] if one.due_ms - DELAY_MIN[frozen] * MINUTE_MS <= at < one.due_ms]
            off_k = [s[f"{one.probe}_degc"] - s["setpoint_degc"] for s in inside]
            assert min(map(abs, off_k)) > TOLERANCE_K[frozen], one
            assert {s["container_id"] for s in inside} == {one.container_id}
            checked += inside[0]["setpoint_degc"] in setpoints
    assert checked > 5


def test_spans_without_power_show_in_the_readings() -> None:
    rows, truth = simulated()
    spans = [one for one in truth if isinstance(one, TrueOffPower) and one.due_ms is not None]
    assert len(spans) > 20
    for one in spans:
        powered = [s["powered"] for at, s in rows[one.device] if one.began_ms <= at < one.ended_ms]
        assert powered
        assert not any(powered)


def test_out_of_range_is_counted_from_the_end_of_a_defrost_s_suspension() -> None:
    """Chilled: defrost in minutes 0 to 19, out of range all the time: counted from minute 79 on."""
    p = plugs(1, np.random.default_rng(1))
    arrive(p, np.array([0]), np.random.default_rng(2))
    p.plugged[:], p.setpoint_degc[:] = True, 4.0
    run, always, never = Run(1, 0), np.array([True]), np.array([False])
    for minute in range(120):
        p.defrost_min[:] = max(0, 20 - minute)
        run.advance(p, minute, always, never, never)
    assert run.since.tolist() == [79]
    assert run.length_min(119).tolist() == [40]


def test_a_pull_down_is_not_counted_for_six_hours_or_until_it_is_in_range() -> None:
    p = plugs(2, np.random.default_rng(1))
    p.plugged[:], p.setpoint_degc[:], p.defrost_min[:] = True, 4.0, 0.0
    run = Run(2, 0)
    for minute in range(400):
        out = np.array([True, not 100 <= minute < 110])
        run.advance(p, minute, out, ~out, np.array([minute == 0] * 2))
    assert run.since.tolist() == [360, 110]


def test_silence_shows_in_the_readings() -> None:
    """Nothing is heard of a box meanwhile, and it is due after three reports and ten minutes: racks of 1 min."""
    rows, truth = simulated()
    spans = [one for one in truth if isinstance(one, TrueSilence)]
    assert len(spans) > 1
    for one in spans:
        assert not [at for at, _ in rows.get(one.device, ()) if one.began_ms <= at < one.ended_ms]
        assert one.due_ms in (None, one.began_ms + 10 * MINUTE_MS)
        assert one.due_ms is None or one.due_ms <= one.ended_ms
    assert any(one.due_ms is not None for one in spans)
