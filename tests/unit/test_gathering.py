"""When messages that come one by one are read together."""

from infra.mqtt.gathering import FEW, REST_S, Gathering


def test_one_now_and_then_is_read_and_then_rested() -> None:
    """83 messages a second, 4 or 5 at a time."""
    gathering = Gathering()
    assert {gathering.rest_s(5, 100.0 + n * 0.06) for n in range(50)} == {REST_S}


def test_many_are_read_without_a_rest() -> None:
    """From the read on that brings the count of a slice to `FEW`, and in the slice behind it."""
    gathering = Gathering()
    assert [gathering.rest_s(10, 7.0 + n * 0.01) for n in range(5)] == [REST_S] * 3 + [0.0] * 2
    assert gathering.rest_s(1, 7.21) == 0.0
    assert gathering.rest_s(1, 7.42) == REST_S


def test_a_burst_is_forgotten_after_a_pause() -> None:
    """Two slices after it began, nothing of it counts."""
    gathering = Gathering()
    assert gathering.rest_s(FEW, 1.0) == 0.0
    assert gathering.rest_s(1, 1.5) == REST_S
