"""Messages on their way to the broker: whatever it answers and whenever the connection breaks, each gets there."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.mqtt.packets import publication
from infra.mqtt.publishing import FIRST_MID, Publishing, PublishTopicError

HELLO = bytes([0x32, 10, 0, 3]) + b"a/b" + bytes([0x80, 0, 0]) + b"hi"
"""PUBLISH, QoS 1, 10 bytes: topic "a/b", message id 32768, no properties, payload "hi". By the standard's table."""


def parted(packets: bytes) -> Iterator[tuple[int, int, bytes]]:
    """First byte, message id and payload of short packets with the topic "t"."""
    while packets:
        length = packets[1]
        body, packets, head = packets[2 : 2 + length], packets[2 + length :], packets[0]
        assert body[:3] == b"\0\1t"
        assert body[5] == 0, "no properties"
        yield head, int.from_bytes(body[3:5]), body[6:]


def test_a_packet_by_hand() -> None:
    publishing = Publishing()
    publishing.add("a/b", b"hi", retain=False)
    assert publishing.due() == HELLO
    assert publication("a/b", b"hi", mid=0x8000, retain=True, dup=True) == bytes([0x3B]) + HELLO[1:]
    assert publication("a/b", b"hi") == bytes([0x30, 8, 0, 3]) + b"a/b" + bytes([0]) + b"hi"


def test_a_long_packet_has_its_length_in_more_bytes() -> None:
    packet = publication("a/b", b"x" * 200, mid=0x8000)
    assert packet[:4] == bytes([0x32, 0xD0, 1, 0])  # 208 = 1 * 128 + 80
    assert len(packet) == 3 + 208


@pytest.mark.parametrize("topic", ["", "a/#", "a/+/b", "a\0b"])
def test_a_topic_that_is_a_filter_is_refused(topic: str) -> None:
    with pytest.raises(PublishTopicError, match="cannot publish to"):
        Publishing().add(topic, b"", retain=False)


class Broker:
    """Answers in any order, and loses connections.

    Args:
        window: how many messages it takes before it has answered.
    """

    def __init__(self, window: int) -> None:
        self.window = window
        self.publishing = Publishing()
        self.publishing.connected(window)
        self.added: dict[int, bytes] = {}
        self.done: list[int] = []
        self.unanswered: dict[int, bytes] = {}
        self._seen: set[bytes] = set()

    def add(self, _data: st.DataObject | None = None) -> None:
        """Another message."""
        payload = b"%d" % len(self.added)
        self.added[self.publishing.add("t", payload, retain=False)] = payload

    def send(self, _data: st.DataObject | None = None) -> None:
        """What is due comes in: a window's worth at most."""
        for head, mid, payload in parted(self.publishing.due()):
            assert mid >= FIRST_MID
            assert mid not in self.unanswered, "one id stands for one message"
            assert bool(head & 8) == (payload in self._seen), "what has gone out before is marked so"
            self.unanswered[mid] = payload
            self._seen.add(payload)
        assert len(self.unanswered) <= self.window

    def answer(self, data: st.DataObject) -> None:
        """Any of the messages is answered."""
        if self.unanswered:
            mid = data.draw(st.sampled_from(sorted(self.unanswered)))
            number = self.publishing.answered(mid)
            assert number is not None
            assert self.added[number] == self.unanswered.pop(mid)
            self.done.append(number)

    def answer_unasked(self, _data: st.DataObject | None = None) -> None:
        """An answer to nothing."""
        assert self.publishing.answered(FIRST_MID + 30_000) is None

    def leave(self, _data: st.DataObject | None = None) -> None:
        """The connection breaks, and there is another one."""
        self.unanswered.clear()
        self.publishing.connected(self.window)


DEEDS = (Broker.add, Broker.send, Broker.answer, Broker.answer_unasked, Broker.leave)


@given(st.integers(1, 5), st.lists(st.sampled_from(DEEDS), max_size=60), st.data())
def test_each_message_is_answered_once_and_none_is_forgotten(
    window: int, deeds: list[Callable[[Broker, st.DataObject], None]], data: st.DataObject
) -> None:
    broker = Broker(window)
    for deed in deeds:
        deed(broker, data)
        assert len(broker.publishing) == len(broker.added) - len(broker.done)
    while len(broker.publishing):
        broker.send()
        broker.answer(data)
    assert sorted(broker.done) == sorted(broker.added)


def test_what_is_sent_again_comes_before_what_has_not_been_sent() -> None:
    publishing = Publishing()
    publishing.connected(3)
    for n in range(5):
        publishing.add("t", b"%d" % n, retain=False)
    first = list(parted(publishing.due()))
    assert [payload for _, _, payload in first] == [b"0", b"1", b"2"]
    publishing.answered(first[1][1])
    publishing.connected(10)
    assert [payload for _, _, payload in parted(publishing.due())] == [b"0", b"2", b"3", b"4"]
