"""Codecs claim topics by filters; each message goes to one of them, and none is left without an answer."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest

from ingest.decode.address import Address, InputTopicError, checked
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS, input_filters
from ingest.decode.filters import matches
from ingest.decode.protocol import Decoded, Decoder, Refused
from ingest.decode.row_types import ROW_TYPES
from ingest.source.protocol import Inbound


@pytest.mark.parametrize(
    ("topic_filter", "topic", "covered"),
    [
        ("port/#", "port/a/b", True),
        ("port/#", "port", True),
        ("port/#", "ports/a", False),
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/c/d", False),
        ("a/+/c", "a/b", False),
        ("a/b", "a/b", True),
        ("#", "$SYS/broker", False),
        ("$SYS/#", "$SYS/broker", True),
    ],
)
def test_what_a_filter_covers(topic_filter: str, topic: str, covered: bool) -> None:
    assert matches(topic_filter, topic) is covered


def test_filters_of_codecs_do_not_overlap() -> None:
    """A broker delivers a message once for each filter that covers it."""
    for one, other in combinations(input_filters(), 2):
        assert not matches(one, other)
        assert not matches(other, one)


class OneNumber:
    """A codec of another kind: one value a topic, the payload is the hoist's height."""

    filters: Sequence[str] = ("plc/+/hoist",)

    def address(self, topic: str) -> Address:
        """The crane is the second level."""
        device = topic.split("/")[1]
        if device == "nobody":
            raise InputTopicError("bad_device_id", "nobody is no device")
        return Address("telemetry", "pechy", "crane", device)

    def decoder(self, address: Address) -> Decoder:
        """One row, or a refusal."""

        def decode(message: Inbound) -> Any:
            try:
                return ROW_TYPES[address.stream](ts=5, hoist_height_m=float(message.payload))
            except ValueError:
                return Decoded(refused=[Refused("wrong_type", "send a number")])

        return decode


def test_another_codec_stands_beside_the_native_one() -> None:
    """Rows of both end in the same stream; what nobody claims is refused by the last one."""
    payloads = {
        "plc/sts1/hoist": b"23.5",
        "plc/sts2/hoist": b"high",
        "plc/nobody/hoist": b"1",
        "port/pechy/crane/sts3/telemetry": b'{"ts": 7, "hoist_height_m": 1.5}',
        "somewhere/else": b"{}",
    }
    messages = [Inbound(topic, payload, 0, None, False) for topic, payload in payloads.items()]
    done = Assembler([OneNumber(), *CODECS]).assemble(messages)
    rows = done.streams["crane"]
    assert [(row.ts, row.hoist_height_m) for row in rows.rows] == [(5, 23.5), (7, 1.5)]
    assert [rows.addresses[i].device for i in rows.devices] == ["sts1", "sts3"]
    found = [(reject.message.topic, reject.reason, reject.address) for reject in done.rejects]
    assert found == [
        ("plc/sts2/hoist", "wrong_type", Address("telemetry", "pechy", "crane", "sts2")),
        ("plc/nobody/hoist", "bad_device_id", None),
        ("somewhere/else", "unknown_topic", None),
    ]


class Half:
    """A codec that can read a part of a message only, and refuses the whole for it."""

    filters: Sequence[str] = ("half/+",)

    def address(self, topic: str) -> Address:
        """The crane is the second level."""
        return checked("telemetry", "pechy", "crane", topic.split("/")[1])

    def decoder(self, address: Address) -> Decoder:
        """Two rows, one refusal."""
        row = ROW_TYPES[address.stream]
        refused = [Refused("wrong_type", "send the rest in a form of its own")]
        return lambda _message: Decoded(rows=[row(ts=5), row(ts=6)], refused=list(refused))


def test_rows_of_a_message_that_is_refused_as_a_whole_are_kept() -> None:
    done = Assembler([Half(), *CODECS]).assemble([Inbound("half/sts1", b"5 6 x", 0, None, False)])
    assert [row.ts for row in done.streams["crane"].rows] == [5, 6]
    assert [(reject.reason, reject.payload, reject.place) for reject in done.rejects] == [("wrong_type", b"5 6 x", -1)]


@pytest.mark.parametrize(
    ("stream", "device", "reason"), [("crane", "STS 1", "bad_device_id"), ("ship", "s1", "unknown_stream")]
)
def test_an_address_has_ids_by_the_rule_and_a_stream_that_there_is(stream: str, device: str, reason: str) -> None:
    with pytest.raises(InputTopicError) as error:
        checked("telemetry", "pechy", stream, device)
    assert error.value.reason == reason
