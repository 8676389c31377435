"""A server is taken for wedged after many failed questions in a row over a long time, and never before."""

import asyncio

import pytest

from infra.machine.liveness import Failures, Liveness, Patience

PATIENCE = Patience(every_s=10.0, answer_s=15.0, limit_s=60.0, least=4)


def test_a_minute_of_failures_in_a_row_is_too_much() -> None:
    """Counted from when the first of them was asked."""
    failures = Failures(PATIENCE)
    assert [failures.add(asked_s, asked_s + 15.0) for asked_s in (100.0, 125.0, 150.0)] == [None] * 3
    assert failures.add(175.0, 190.0) == 90.0


def test_many_failures_in_a_short_time_are_not() -> None:
    """Connections refused at once, say: those of a server that is being started by hand."""
    failures = Failures(PATIENCE)
    assert [failures.add(float(s), float(s)) for s in range(0, 60, 10)] == [None] * 6
    assert failures.add(60.0, 60.0) == 60.0


def test_one_answer_makes_up_for_all() -> None:
    failures = Failures(PATIENCE)
    for asked_s in (0.0, 25.0, 50.0):
        failures.add(asked_s, asked_s + 15.0)
    failures.end()
    assert [failures.add(asked_s, asked_s + 15.0) for asked_s in (75.0, 100.0, 125.0)] == [None] * 3
    assert failures.add(150.0, 165.0) == 90.0


class Asked:
    """A server that is asked: each entry is how one question ends; after the last one it answers for ever."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.count = 0

    async def ask(self) -> None:
        """Answer, or not."""
        self.count += 1
        if self.ends and (error := self.ends.pop(0)) is not None:
            raise error


AT_ONCE = Patience(every_s=0.0, answer_s=30.0, limit_s=0.0, least=3)


async def test_why_it_is_lost() -> None:
    refused = OSError("No space left on device\nsecond line")
    server = Asked(refused, refused, None, refused, refused, refused)
    lost = await Liveness(server.ask, lambda: None, AT_ONCE).lost()
    assert lost == "ran but did no work for 0 s (No space left on device)"
    assert server.count == 6


async def test_no_server_is_blamed_for_a_full_disk() -> None:
    server, full = Asked(*[OSError("full")] * 40), ["the disk is full"] * 30
    await Liveness(server.ask, lambda: full.pop() if full else None, AT_ONCE).lost()
    assert server.count == 33


async def test_a_question_without_an_answer_ends() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    patience = Patience(every_s=0.0, answer_s=0.01, limit_s=0.0, least=2)
    assert "(no answer within 0.01 s)" in await Liveness(never, lambda: None, patience).lost()


async def test_a_defect_of_ours_is_no_failed_question() -> None:
    """It would end a good server again and again."""
    with pytest.raises(KeyError):
        await Liveness(Asked(KeyError("x")).ask, lambda: None, AT_ONCE).lost()
