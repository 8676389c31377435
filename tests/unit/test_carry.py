"""Absent signals keep what the same device said last, in this batch or before it."""

import random

import numpy as np

from processing.model.carry import carry_forward, shifted
from processing.model.level import LevelChange, level_changes
from processing.model.samples import empty
from processing.streams import STREAMS

NAN = float("nan")


def test_a_value_holds_until_the_next_one_of_the_same_device() -> None:
    numbers = np.array([[NAN, 1, NAN, NAN, NAN, 4], [7, NAN, NAN, NAN, 9, NAN], [NAN] * 6, [1, 2, 3, 4, 5, 6]])
    last = np.array([[0.5, NAN], [NAN, 8.0], [NAN, NAN], [0, 0]])
    filled = carry_forward(numbers, range(len(numbers)), np.array([0, 3]), last)
    np.testing.assert_array_equal(filled, [[0.5, 1, 1, NAN, NAN, 4], [7, 7, 7, 8, 9, 9], [NAN] * 6, [1, 2, 3, 4, 5, 6]])
    assert np.isnan(numbers[0, 0]), "what came in stays as it is"


def test_one_batch_or_two_is_the_same() -> None:
    random_ = random.Random(3)
    for _ in range(50):
        n = random_.randint(2, 30)
        numbers = np.array([[random_.choice([NAN, float(at)]) for at in range(n)] for _ in range(3)])
        last = np.array([[NAN], [100.0], [200.0]])
        whole = carry_forward(numbers, range(len(numbers)), np.array([0]), last)
        cut = random_.randint(1, n - 1)
        first = carry_forward(numbers[:, :cut], range(len(numbers)), np.array([0]), last)
        second = carry_forward(numbers[:, cut:], range(len(numbers)), np.array([0]), first[:, -1:])
        np.testing.assert_array_equal(np.concatenate([first, second], axis=1), whole)


def test_the_sample_before_is_one_of_the_same_device() -> None:
    column = np.array([1, 2, 3, 4, 5])
    np.testing.assert_array_equal(shifted(column, np.array([10, 40]), np.array([0, 3])), [10, 1, 2, 40, 4])


def test_a_level_changes_where_it_is_known_and_another_than_before() -> None:
    """Device 5 goes from 1 to 0 and back; device 9 had 2 before, keeps it, and loses it from sight."""
    samples = empty(STREAMS["gate"])
    samples.device_id = np.array([5, 5, 5, 5, 9, 9], np.int32)
    samples.time_us = np.array([100, 200, 300, 400, 150, 250])
    level = np.array([1.0, 0, 0, 1, 2, NAN])
    changes = level_changes(samples, "queue_length", level, np.array([0, 4]), np.array([NAN, 2.0]))
    assert changes == [
        LevelChange(5, "queue_length", 100, 1.0),
        LevelChange(5, "queue_length", 200, 0.0),
        LevelChange(5, "queue_length", 400, 1.0),
    ]
