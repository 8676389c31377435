"""Boxes that are plugged in and out, by samples written by hand; times in minutes."""

from processing.reefers.facts import PlugChange
from tests.unit.reefer_signals import BOX, MINUTE, OTHER_BOX, T0, found_in, row, samples
from tests.unit.written_samples import Row

FREE = {"container_id": None, "plugged": False, "powered": None, "mode": None}


def changes(*rows: Row) -> list[tuple[int, bool, str]]:
    """Minute, whether plugged in, box; in order."""
    found = [one for one in found_in(samples(rows)) if isinstance(one, PlugChange)]
    return sorted(((one.time_us - T0) // MINUTE, one.plugged, one.container_id) for one in found)


def test_a_box_comes_and_goes() -> None:
    assert changes(*(row(m) for m in range(3)), row(3, None, **FREE), row(4, None, **FREE)) == [
        (0, True, BOX),
        (3, False, BOX),
    ]


def test_a_number_that_is_read_later_counts_from_then_on() -> None:
    assert changes(row(0, container_id=None), row(1, container_id=None), row(2)) == [(2, True, BOX)]


def test_another_box_that_nobody_saw_come_is_there_since_its_number_was_read_first() -> None:
    assert changes(row(0), row(1, container_id=OTHER_BOX), row(2)) == [(0, True, BOX)]
    others = [row(m, container_id=OTHER_BOX if m % 2 else None) for m in range(1, 8)]
    assert changes(row(0), *others[:6]) == [(0, True, BOX)]
    assert changes(row(0), *others) == [(0, True, BOX), (1, False, BOX), (1, True, OTHER_BOX)]


def test_another_box_that_names_itself_only_once_is_there_since_then() -> None:
    """By ten samples in which no other number is read; one more with the first number, and it was misread."""
    others = [row(m, container_id=OTHER_BOX if m == 1 else None) for m in range(1, 11)]
    assert changes(row(0), *others[:9]) == [(0, True, BOX)]
    assert changes(row(0), *others) == [(0, True, BOX), (1, False, BOX), (1, True, OTHER_BOX)]
    assert changes(row(0), *others[:9], row(10)) == [(0, True, BOX)]


def test_of_a_box_without_a_number_nothing_is_known() -> None:
    assert changes(row(0, container_id=None), row(1, None, **FREE)) == []
