"""Results of two checkouts beside each other."""

import math

from bench.beside import leaves, table


def test_repeats_are_one_figure_and_values_of_a_list_are_several() -> None:
    kept = {"durable": {"runs": [{"ingest_s": 1.0}, {"ingest_s": 2.0}], "commit_ms": [3, 4], "fine": True}}
    assert list(leaves(kept, "drain")) == [
        ("drain · durable · runs · ingest_s", 1.0),
        ("drain · durable · runs · ingest_s", 2.0),
        ("drain · durable · commit_ms 0", 3.0),
        ("drain · durable · commit_ms 1", 4.0),
    ]


def test_medians_of_costs_stand_beside_each_other_and_what_is_worse_by_more_than_a_twentieth_is_marked() -> None:
    before = {
        "a · took_s": [1.0, 9.0, 2.0],
        "a · samples_s": [5.0],
        "a · commit_ms 0": [10.0],
        "dropped_s": [1.0],
        "short_us": [1.0],
    }
    after = {
        "a · took_s": [2.2, 2.0, 9.0],
        "a · samples_s": [4.0],
        "a · commit_ms 0": [10.4],
        "new_s": [1.0],
        "short_us": [math.nan],
    }
    assert table(before, after).splitlines()[2:] == [
        "| a · commit_ms 0 | 10 ms | 10.4 ms | × 1.040 |",
        "| a · took_s | 2 s | 2.2 s | × 1.100 ! |",
    ]
