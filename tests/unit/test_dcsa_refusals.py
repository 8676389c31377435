"""Events of boxes that the broker refuses wait ever longer, each terminal by itself."""

from ingest.dcsa.refusals import LONGEST_US, Refusals

S = 1_000_000


def test_a_terminal_waits_ever_longer_until_the_broker_takes_its_events() -> None:
    refusals = Refusals()
    assert refusals.refuse("pechy", 0)
    assert not refusals.refuse("pechy", 1 * S)  # of the same attempt
    assert (refusals.waiting(2 * S), refusals.waiting(3 * S)) == (["pechy"], [])
    assert not refusals.take("pechy", 2 * S)  # one among refused ones
    assert not refusals.take("demo", 2 * S)
    assert not refusals.refuse("pechy", 3 * S)
    assert (refusals.waiting(8 * S), refusals.waiting(9 * S)) == (["pechy"], [])
    assert refusals.take("pechy", 9 * S)
    assert refusals.refuse("pechy", 10 * S)
    assert refusals.waiting(13 * S) == []


def test_no_pause_is_longer_than_the_longest() -> None:
    refusals, now_us = Refusals(), 0
    for _ in range(20):
        refusals.refuse("pechy", now_us)
        now_us += LONGEST_US
        assert refusals.waiting(now_us) == []
    refusals.refuse("pechy", now_us)
    assert refusals.waiting(now_us + LONGEST_US - 1) == ["pechy"]
