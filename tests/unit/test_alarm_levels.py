"""Levels and silences that alarms are made from: a crane's fault and wind, a plug's probes and report interval."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes import STS, ParameterHistory
from processing.cranes.tracker import CraneTracker
from processing.model.device import Device
from processing.model.level import LevelChange
from processing.model.silence import DeviceSilence
from processing.reefers.facts import ReeferSilence
from tests.length import length
from tests.unit import reefer_signals
from tests.unit.crane_signals import START_US, samples
from tests.unit.written_samples import Row, facts_in

S = 1_000_000
FAULT, WORKING, OFF = 4.0, 3.0, 0.0
WIND = [(0, 10.0), (60, 15.3), (61, 18.0), (62, 17.9), (63, 15.2), (64, 25.0), (500, 25.0), (501, 3.0)]


def crane(rows: list[Row], cuts: list[int], history: ParameterHistory = ()) -> list[tuple[str, float, float]]:
    """Levels by name, time [s] and value, but for the log-on; silences by when they began and ended."""
    device = Device(1, "demo", "crane", "sts1", "STS", START_US, history)
    found: list[tuple[str, float, float]] = []
    for fact in facts_in(CraneTracker(lambda _device_id: device), samples(rows), cuts):
        if isinstance(fact, LevelChange) and fact.name != "logged_on":
            found.append((fact.name, (fact.time_us - START_US) / S, fact.value))
        elif isinstance(fact, DeviceSilence):
            found.append(("silence", (fact.began_us - START_US) / S, (fact.ended_us - START_US) / S))
    return sorted(found)


def test_a_fault_shows_at_once_and_while_the_crane_is_switched_off_it_has_none() -> None:
    rows: list[Row] = [(at, {"state": state}) for at, state in ((0, WORKING), (7, FAULT), (9, FAULT), (12, OFF))]
    assert crane(rows, []) == [
        ("fault", 0, 0),
        ("fault", 7, 1),
        ("fault", 12, 0),
        ("switched_off", 0, 0),
        ("switched_off", 12, 1),
    ]


def test_wind_counts_above_the_limit_of_the_crane_until_it_is_below_85_per_cent_of_it() -> None:
    """18 m/s, and 15.3; under a limit of 26 that nearly are 22.1."""
    rows: list[Row] = [(at, {"wind_speed_mps": mps}) for at, mps in WIND]
    levels = [("windy", 0, 0), ("windy", 60, 1), ("windy", 61, 2), ("windy", 62, 1), ("windy", 63, 0), ("windy", 64, 2)]
    assert [one for one in crane(rows, []) if one[0] == "windy"] == [*levels, ("windy", 501, 0)]
    history = ((0, replace(STS, stop_wind_mps=26.0)),)
    calm = [("windy", 0, 0), ("windy", 64, 1), ("windy", 501, 0)]
    assert [one for one in crane(rows, [], history) if one[0] == "windy"] == calm


def test_only_silence_of_two_minutes_is_kept_with_the_sample_that_ends_it() -> None:
    rows: list[Row] = [(at, {"load_t": 0.0}) for at in (0, 119, 239, 700)]
    assert crane(rows, []) == [("silence", 119, 239), ("silence", 239, 700)]


@settings(max_examples=length(10, 200))
@given(st.lists(st.integers(0, len(WIND)), max_size=5))
def test_any_split_gives_the_same(cuts: list[int]) -> None:
    rows: list[Row] = [(at, {"wind_speed_mps": mps, "state": float(at % 5)}) for at, mps in WIND]
    history = ((START_US + 62 * S, replace(STS, stop_wind_mps=17.0)),)
    assert crane(rows, cuts, history) == crane(rows, [], history)


def plug(rows: list[Row], name: str) -> list[tuple[float, float]]:
    """A level of a plug: time [min] and value."""
    found = reefer_signals.found_in(reefer_signals.samples(rows))
    levels = [one for one in found if isinstance(one, LevelChange) and one.name == name]
    return sorted(((one.time_us - reefer_signals.T0) / reefer_signals.MINUTE, one.value) for one in levels)


def test_the_longest_silence_of_a_plug_follows_its_reports() -> None:
    """Nothing is known: 2.05 h are 123 min; each quarter of an hour: 30.75 min; silence of 40 min is one then."""
    rows = [reefer_signals.row(minute) for minute in (0, 15, 30, 45, 60, 100)]
    assert plug(rows, "silence_min") == [(0, 123), (15, 31)]
    silences = [one for one in reefer_signals.found_in(reefer_signals.samples(rows)) if isinstance(one, ReeferSilence)]
    assert [(one.began_us - reefer_signals.T0) / reefer_signals.MINUTE for one in silences] == [60]


def test_probes_that_keep_their_values_show_until_they_change() -> None:
    """16 other readings, then five that are the same as the one before: at the fifth."""
    lively = [reefer_signals.row(n, 4.0 + 0.1 * (n % 2), return_degc=5.0) for n in range(17)]
    stuck = [reefer_signals.row(17 + n, 4.0, return_degc=5.0) for n in range(6)]
    changed = [reefer_signals.row(23, 4.2, return_degc=5.0)]
    assert plug([*lively, *stuck, *changed], "stuck_air") == [(0, 0), (21, 1), (23, 0)]
