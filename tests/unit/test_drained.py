"""What goes on beside the batches begins once the queue is drained."""

from ingest.worker.drained import Drained


def looks(drained: Drained, *seen: tuple[int, bool]) -> list[bool]:
    return [drained.look(received, behind=behind) for received, behind in seen]


def test_a_queue_that_the_worker_keeps_pace_with_is_a_queue() -> None:
    assert looks(Drained(2000, 2), (9000, False), (18_000, False), (19_999, False), (20_100, False)) == [
        False,
        False,
        False,
        True,
    ]


def test_what_came_before_the_first_look_counts() -> None:
    assert looks(Drained(2000, 1), (2000, False), (3999, False)) == [False, True]


def test_a_full_batch_that_waits_is_a_queue_though_nothing_comes() -> None:
    assert looks(Drained(2000, 2), (10, False), (10, True), (10, False), (10, False)) == [False, False, False, True]


def test_one_look_between_two_bursts_is_not_enough() -> None:
    assert looks(Drained(2000, 2), (5000, False), (5000, False), (9000, False), (9000, False)) == [False] * 4
