"""Facts that last, in memory: what windows see of them is what a search through all of them finds."""

import random

import pytest

from processing.facts.spans import Spans
from processing.facts.store import FactStore
from processing.gates.facts import GateTransaction
from processing.vehicles.facts import VehicleCharge
from tests.length import length


def charge(device_id: int, began_us: int, ended_us: int | None, energy_kwh: float | None = None) -> VehicleCharge:
    """A charging session."""
    return VehicleCharge(device_id, began_us, ended_us, None, None, energy_kwh)


def spans() -> Spans[VehicleCharge]:
    """None so far."""
    return FactStore("demo").spans(VehicleCharge)


@pytest.mark.parametrize("seed", range(length(5, 50)))
def test_what_is_found_is_what_a_search_through_all_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entered, replaced, removed, forgotten, in any order; long and short ones, some that last."""
    monkeypatch.setattr("processing.facts.spans.PART_US", 7)
    random_, made, known = random.Random(seed), spans(), dict[tuple[int, int], VehicleCharge]()
    for _ in range(300):
        device_id, began_us = random_.randint(1, 3), random_.randint(0, 100)
        fact = charge(device_id, began_us, random_.choice([None, began_us + 1, began_us + random_.randint(0, 60)]))
        if random_.random() < 0.7:
            made.put(fact)
            known[device_id, began_us] = fact
        else:
            made.drop(fact)
            known.pop((device_id, began_us), None)
        if random_.random() < 0.02:
            before_us = random_.randint(0, 60)
            made.forget(before_us)
            known = {key: one for key, one in known.items() if one.ended_us is None or one.ended_us >= before_us}
        after_us, until_us = sorted((random_.randint(-5, 110), random_.randint(-5, 110)))
        device = random_.choice([None, 1, 2, 4])
        expected = [
            one
            for one in known.values()
            if device in (None, one.device_id)
            and one.began_us <= until_us
            and (one.ended_us is None or one.ended_us > after_us)
        ]
        assert sorted(made.between(after_us, until_us, device), key=lambda one: one.key) == sorted(
            expected, key=lambda one: one.key
        )
        ended = [fact for part in made.ended(after_us, until_us) for fact in part.facts.values()]
        assert sorted(ended, key=lambda one: one.key) == sorted(
            (one for one in known.values() if one.ended_us is not None and after_us < one.ended_us <= until_us),
            key=lambda one: one.key,
        )
        assert made.get(fact) == known.get((device_id, began_us))


def test_from_when_on_windows_see_a_difference() -> None:
    """An end that comes, or moves, shows from the earlier one on; another value from the beginning on."""
    made = spans()
    assert made.changed_us(charge(1, 10, None), charge(1, 10, 50)) == 50
    assert made.changed_us(charge(1, 10, 40), charge(1, 10, 50)) == 40
    assert made.changed_us(charge(1, 10, 40), charge(1, 10, 40, 5.0)) == 10
    assert made.changed_us(charge(1, 10, 40), charge(1, 10, 40)) is None


def test_a_type_that_no_window_sees_has_none() -> None:
    with pytest.raises(TypeError, match="no way to enter a GateTransaction"):
        FactStore("demo").spans(GateTransaction)
