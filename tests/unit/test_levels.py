"""Sums of levels that are kept up to date, beside sums of all values."""

from hypothesis import given
from hypothesis import strategies as st

from processing.facts.levels import Levels
from processing.facts.store import FactStore
from processing.model.level import LevelChange

T0 = 1_795_000_000_000_000
SECOND = 1_000_000
PLUGS = range(1, 7)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "drop", "rack", "ask"]),
        st.sampled_from(PLUGS),
        st.integers(0, 8),
        st.sampled_from([0.0, 1.0, 3.0, 0.5]),
    ),
    max_size=40,
)


def expected(known: dict[tuple[int, int], float], plugs: set[int], at: int) -> float | None:
    """The sum by hand: of each plug the last value by then."""
    last = {plug: known[plug, second] for plug, second in sorted(known) if plug in plugs and second <= at}
    return sum(last.values()) if last else None


@given(CHANGES)
def test_sums_are_those_of_the_changes_that_are_there(changes: list[tuple[str, int, int, float]]) -> None:
    """Whatever was asked before, for the terminal and for each rack, now and earlier; plugs move between racks."""
    store = FactStore("demo")
    racks = {plug: "R1" if plug < 4 else "R2" for plug in PLUGS}
    for plug, rack in racks.items():
        store.put_rack(rack, plug)
    known: dict[tuple[int, int], float] = {}
    for what, plug, second, value in changes:
        change = LevelChange(plug, "plugged", T0 + second * SECOND, value)
        if what == "put":
            store.put_level(change)
            known[plug, second] = value
        elif what == "drop":
            store.drop_level(change)
            known.pop((plug, second), None)
        elif what == "rack":
            racks[plug] = "R1" if value else "R2"
            store.put_rack(racks[plug], plug)
        else:
            _compare(store.levels, racks, known, second)
    for second in range(9):
        _compare(store.levels, racks, known, second)


def _compare(levels: Levels, racks: dict[int, str], known: dict[tuple[int, int], float], second: int) -> None:
    at_us = T0 + second * SECOND
    assert levels.sum_at("plugged", at_us) == expected(known, set(PLUGS), second)
    for rack in ("R1", "R2"):
        plugs = {plug for plug, of in racks.items() if of == rack}
        assert levels.sum_at("plugged", at_us, rack) == expected(known, plugs, second)
