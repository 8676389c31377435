"""Parts of samples."""

from tests.unit.crane_signals import LOCKED, samples


def test_rows_between_two_places() -> None:
    """Every column has the same rows; what is done to a part changes nothing of the whole."""
    whole = samples([(float(n), {"load_t": 10.0 + n}) for n in range(5)], ids={2.0: ("MSKU1234565",)})
    part = whole.between(1, 3)
    assert (part.seq.tolist(), part.number("load_t").tolist()) == ([2, 3], [11.0, 12.0])
    assert part.texts == {"container_ids": [None, ("MSKU1234565",)]}
    assert (part.boot, part.extra) == ([None, None], [None, None])
    part.numbers[:] = 0.0
    part.texts["container_ids"][1] = None
    assert whole.number("load_t").tolist() == [10.0, 11.0, 12.0, 13.0, 14.0]
    assert whole.texts["container_ids"][2] == ("MSKU1234565",)


def test_a_part_ends_where_the_samples_end() -> None:
    assert samples([(0.0, LOCKED), (1.0, LOCKED)]).between(1, 9).seq.tolist() == [2]
