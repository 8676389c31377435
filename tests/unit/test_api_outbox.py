import asyncio

from api.live.outbox import TRY_AGAIN_LATER, Outbox


async def test_frames_come_out_in_order() -> None:
    """First in, first out."""
    outbox = Outbox()
    assert [outbox.offer(b"a"), outbox.offer(b"b")] == [True, True]
    assert [await outbox.next(), await outbox.next()] == [b"a", b"b"]


async def test_next_waits_for_a_frame() -> None:
    """A sender waits until there is something to send."""
    outbox = Outbox()
    async with asyncio.TaskGroup() as group:
        sender = group.create_task(outbox.next())
        await asyncio.sleep(0)
        assert not sender.done()
        outbox.offer(b"late")
    assert sender.result() == b"late"


async def test_a_full_outbox_ends_with_try_again_later() -> None:
    """A client that does not read is ended once, and nothing is kept for it."""
    outbox = Outbox(most_frames=2)
    assert [outbox.offer(b"1"), outbox.offer(b"2"), outbox.offer(b"3"), outbox.offer(b"4")] == [
        True,
        True,
        False,
        False,
    ]
    assert (outbox.ended.is_set(), outbox.close_code, len(outbox)) == (True, TRY_AGAIN_LATER, 0)


async def test_bytes_are_bounded_but_one_large_frame_passes() -> None:
    """A snapshot larger than the bound is sent when nothing else waits."""
    outbox = Outbox(most_bytes=10)
    assert outbox.offer(b"x" * 100)
    assert not outbox.offer(b"y")


async def test_the_first_end_counts() -> None:
    """The reason of the end is the first one."""
    outbox = Outbox()
    outbox.end(1001, "stopping")
    outbox.end(1013, "slow")
    assert (outbox.close_code, outbox.reason) == (1001, "stopping")
