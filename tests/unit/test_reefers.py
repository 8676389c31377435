"""Reefer excursions with delay, hysteresis, defrost and pull-down."""

from collections.abc import Iterable

from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.reefers.excursions import ExcursionDetector, ReeferSample
from processing.reefers.facts import ReeferExcursion

MINUTE = 60_000_000
LATER = 10_000 * MINUTE


def sample(minute: int, supply: float | None, **other: object) -> ReeferSample:
    """One sample of a chilled reefer at +4 °C, plugged and powered, unless given otherwise."""
    known: dict[str, object] = {
        "container_id": "CSQU3054383",
        "setpoint_degc": 4.0,
        "return_degc": None,
        "plugged": True,
        "powered": True,
        "defrost": False,
    }
    return ReeferSample(time_us=LATER + minute * MINUTE, supply_degc=supply, **(known | other))  # type: ignore[arg-type] # typed by the fields


def feed(samples: Iterable[ReeferSample]) -> list[ReeferExcursion]:
    """Excursions as reported last."""
    detector = ExcursionDetector(1)
    facts: list[Fact] = [fact for s in samples for fact in detector.feed(s)]
    last = {f.began_us: f for f in facts if isinstance(f, ReeferExcursion)}
    return list(last.values())


def minutes(time_us: int | None) -> int | None:
    """Minutes since the start."""
    return None if time_us is None else (time_us - LATER) // MINUTE


def test_a_short_rise_is_no_excursion() -> None:
    """29 minutes out of range are less than the delay of chilled cargo."""
    assert feed([sample(m, 6.0 if 10 <= m < 39 else 4.1) for m in range(80)]) == []


def test_an_excursion_begins_where_it_left_the_range_and_ends_where_it_came_back() -> None:
    """Out from minute 10, back inside the hysteresis from minute 60 on."""
    (excursion,) = feed([sample(m, 6.5 if 10 <= m < 60 else 4.1) for m in range(80)])
    assert (excursion.probe, minutes(excursion.began_us), minutes(excursion.ended_us)) == ("supply", 10, 60)
    assert (excursion.worst_degc, excursion.setpoint_degc, excursion.container_id) == (2.5, 4.0, "CSQU3054383")


def test_coming_back_needs_the_hysteresis() -> None:
    """0.9 K from the setpoint is within the tolerance of 1.0 K, yet not 0.3 K inside it."""
    (excursion,) = feed([sample(m, 6.0 if m < 50 else 4.9) for m in range(120)])
    assert excursion.ended_us is None


def test_frozen_cargo_is_judged_by_return_air_and_its_upper_side_only() -> None:
    """At -20 °C colder is no excursion, and 2.5 K warmer is one after an hour."""
    cold = [sample(m, None, setpoint_degc=-20.0, return_degc=-26.0) for m in range(200)]
    assert feed(cold) == []
    warm = [sample(m, -30.0, setpoint_degc=-20.0, return_degc=-17.5) for m in range(61)]
    (excursion,) = feed(warm)
    assert (excursion.probe, minutes(excursion.began_us), excursion.worst_degc) == ("return", 0, 2.5)


def test_defrost_is_not_judged_nor_the_hour_after_it() -> None:
    """Defrost from 10 to 40 with warm air until minute 95 is no excursion."""
    rows = [sample(m, 8.0 if 10 <= m < 95 else 4.0, defrost=10 <= m < 40) for m in range(150)]
    assert feed(rows) == []


def test_pull_down_after_plug_in_is_no_excursion() -> None:
    """A warm box on a fresh plug is given time until it is in range for the first time."""
    rows = [sample(0, 20.0, plugged=False), *[sample(m, 20.0 - m / 20) for m in range(1, 300)]]
    assert feed(rows) == []


def test_unplugging_ends_the_excursion() -> None:
    """The box left: what it does then is not known."""
    rows = [*[sample(m, 7.0) for m in range(50)], sample(50, None, plugged=False)]
    (excursion,) = feed(rows)
    assert minutes(excursion.ended_us) == 50


def test_silence_restarts_the_delay() -> None:
    """Two warm samples 40 minutes apart are not 40 minutes of warmth."""
    assert feed([sample(0, 4.0), sample(1, 7.0), sample(41, 7.0)]) == []


def test_power_and_plug_are_reported_as_levels() -> None:
    """Plugged, then without power, then with it again."""
    detector = ExcursionDetector(1)
    rows = [sample(0, 4.0), sample(1, 4.0, powered=False), sample(2, 4.0, powered=False), sample(3, 4.0)]
    levels = [
        (f.name, minutes(f.time_us), f.value) for s in rows for f in detector.feed(s) if isinstance(f, LevelChange)
    ]
    assert levels == [("plugged", 0, 1.0), ("unpowered", 0, 0.0), ("unpowered", 1, 1.0), ("unpowered", 3, 0.0)]
