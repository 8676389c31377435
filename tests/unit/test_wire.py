"""Packets set apart: whatever the pieces in which they come, messages and the rest are the same."""

import tracemalloc
from hashlib import sha256
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from infra.mqtt.packet_reader import CACHED_TOPICS, Message, Wire
from infra.mqtt.packets import pubacks

# PUBLISH, QoS 1, 12 bytes: topic "a/b", message id 10, no properties, payload "hi!".
SMALL = bytes([0x32, 12, 0, 3]) + b"a/b" + bytes([0, 10, 0]) + b"hi!1"
CONNACK = bytes([0x20, 3, 0, 0, 0])
PINGRESP = bytes([0xD0, 0])


class Pieces:
    """A socket that hands out these pieces, and then the end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def recv(self, _size: int) -> bytes:
        """The next piece."""
        return self.pieces.pop(0) if self.pieces else b""


def read(pieces: list[bytes]) -> tuple[list[Message], bytes]:
    """All messages, and what is left for paho, up to the end of the connection."""
    wire, found, rest = Wire(Pieces([piece for piece in pieces if piece])), list[Message](), b""
    while True:
        found += wire.messages()
        while wire.waiting:
            got = wire.recv(7)
            if not got:
                return found, rest
            rest += got


def published(topic: bytes, payload: bytes, qos: int, mid: int, properties: bytes, flags: int) -> bytes:
    """A PUBLISH packet, put together by the standard's table."""
    body = len(topic).to_bytes(2) + topic + (mid.to_bytes(2) if qos else b"")
    body += varint(len(properties)) + properties + payload
    return bytes([0x30 | qos << 1 | flags]) + varint(len(body)) + body


def varint(value: int) -> bytes:
    """A variable byte integer. Source: MQTT 5.0, 1.5.5."""
    out = b""
    while True:
        value, low = divmod(value, 128)
        out += bytes([low | (0x80 if value else 0)])
        if not value:
            return out


def test_a_message_by_hand() -> None:
    assert read([SMALL]) == ([Message("a/b", b"hi!1", 10, False, False)], b"")


def test_a_topic_that_no_text_can_hold_is_shown_by_its_escapes() -> None:
    for topic, shown in ((b"a\0b", r"'a\x00b'"), (b"a\xffb", r"b'a\xffb'")):
        messages, _ = read([published(topic, b"x", 1, 3, b"", 0)])
        assert [message.topic for message in messages] == [shown]


def test_flags_and_quality_of_service() -> None:
    again = bytes([0x3A]) + SMALL[1:]
    retained = bytes([0x31, 7, 0, 1]) + b"t" + bytes([0]) + b"xyz"
    assert read([again + retained])[0] == [
        Message("a/b", b"hi!1", 10, True, False),
        Message("t", b"xyz", 0, False, True),
    ]


def test_other_packets_are_left_for_paho_in_their_order() -> None:
    messages, rest = read([CONNACK + SMALL + PINGRESP + SMALL])
    assert len(messages) == 2
    assert rest == CONNACK + PINGRESP


def test_a_message_of_quality_2_is_left_for_paho() -> None:
    packet = bytes([0x34]) + SMALL[1:]
    assert read([packet]) == ([], packet)


def test_a_topic_that_is_no_text_is_shown_readably() -> None:
    packet = bytes([0x30, 5, 0, 1, 0xFF, 0]) + b"x"
    assert [message.topic for message in read([packet])[0]] == ["b'\\xff'"]


def test_what_is_no_packet_ends_the_connection() -> None:
    endless = bytes([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    assert read([SMALL + endless + SMALL])[0] == [Message("a/b", b"hi!1", 10, False, False)]
    lying = bytes([0x32, 4, 0, 200]) + b"ab"
    assert read([lying])[0] == []


def test_acknowledgements_by_hand() -> None:
    assert pubacks([1, 0x1234]) == bytes([0x40, 2, 0, 1, 0x40, 2, 0x12, 0x34])


MESSAGES = st.lists(
    st.tuples(
        st.text("ab/é", min_size=1, max_size=9),
        st.integers(0, 300).map(lambda n: b"p" * n),
        st.integers(0, 1),
        st.integers(1, 65_535),
        st.integers(0, 200).map(lambda n: b"\x00" * n),
        st.sampled_from([0, 1, 8, 9]),
    ),
    max_size=8,
)


@given(MESSAGES, st.lists(st.integers(0, 3000), max_size=12), st.booleans())
def test_any_split_gives_the_same(
    messages: list[tuple[str, bytes, int, int, bytes, int]], cuts: list[int], others: bool
) -> None:
    raw, expected = b"", []
    for topic, payload, qos, mid, properties, flags in messages:
        raw += published(topic.encode(), payload, qos, mid, properties, flags)
        raw += PINGRESP if others else b""
        expected.append(Message(topic, payload, mid if qos else 0, bool(flags & 8), bool(flags & 1)))
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    found, rest = read([raw[a:b] for a, b in pairwise(places)])
    assert found == expected
    assert rest == (PINGRESP * len(messages) if others else b"")


def test_answers_to_our_own_publishing_are_set_apart() -> None:
    """Message ids from 32768 on are ours; the reason code is left out where it is success."""
    ours, refused, paho = bytes([0x40, 2, 0x80, 1]), bytes([0x40, 4, 0xFF, 0xFF, 0x87, 0]), bytes([0x40, 2, 0x7F, 0xFF])
    wire = Wire(Pieces([ours[:3], ours[3:] + paho + refused + SMALL]))
    assert wire.messages() == []
    assert len(wire.messages()) == 1
    assert wire.answers == [(0x8001, 0), (0xFFFF, 0x87)]
    assert wire.recv(10) == paho


def test_of_a_long_topic_the_beginning_the_length_and_the_hash_are_kept() -> None:
    """Two that differ behind what is shown stay apart."""
    names = [b"port/t/" + b"x" * 60_000 + end for end in (b"a", b"b")]
    packets = b"".join(published(name, b"{}", 1, mid, b"", 0) for mid, name in enumerate(names, start=1))
    topics = [message.topic for message in read([packets])[0]]
    assert [topic.split("…")[0] for topic in topics] == ["port/t/" + "x" * 249] * 2
    assert [topic.split("…")[1] for topic in topics] == [
        f" (60008 bytes, SHA-256 {sha256(name).hexdigest()})" for name in names
    ]
    assert read([published(b"p" * 1024, b"", 0, 0, b"", 0)])[0][0].topic == "p" * 1024


def test_names_of_topics_are_kept_up_to_a_size() -> None:
    """30,000 of nearly the longest that are kept whole: 60 MB, were none given up."""
    wire = Wire(Pieces([published(f"{n:01000d}".encode(), b"", 0, 0, b"", 0) for n in range(30_000)]))
    tracemalloc.start()
    for _ in range(30_000):
        assert len(wire.messages()) == 1
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2 * CACHED_TOPICS


def test_whether_a_packet_has_not_come_whole() -> None:
    wire = Wire(Pieces([SMALL + SMALL[:5], SMALL[5:]]))
    wire.messages()
    assert wire.partly_read
    wire.messages()
    assert not wire.partly_read
