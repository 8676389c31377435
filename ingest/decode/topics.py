"""Topics of the native encoding, taken apart; `processing.model.topics` puts them together."""

from dataclasses import dataclass
from typing import Literal

from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER
from processing.streams import STREAMS

TopicKind = Literal["telemetry", "status", "call"]

INPUT_FILTER = "port/#"
"""One filter for everything that devices send: overlapping filters would deliver twice."""


class TopicError(QuaystreamError):
    """A topic that this system cannot place."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from, as its topic says.

    Attributes:
        kind: what the message is.
        terminal: terminal id.
        stream: name of the stream; "vessel" for a call.
        device: device id; the call id for a call.
    """

    kind: TopicKind
    terminal: str
    stream: str
    device: str


def parse(topic: str) -> Address:
    """Take an input topic apart.

    Raises:
        TopicError: the topic is none of the three forms; its `reason` code is the first argument, the text for the
            sender the second.
    """
    parts = topic.split("/")
    if len(parts) != 5 or parts[0] != "port":
        raise TopicError(
            "unknown_topic",
            "publish to port/{terminal}/{stream}/{device}/telemetry or …/status; this topic has another form",
        )
    _, terminal, stream, device, leaf = parts
    for what, name in (("terminal", terminal), ("device", device)):
        if not IDENTIFIER.fullmatch(name):
            raise TopicError(
                "bad_device_id", f"{what} id {name[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case"
            )
    if stream == "vessel" and leaf == "call":
        return Address("call", terminal, stream, device)
    if stream not in STREAMS:
        raise TopicError("unknown_stream", f"stream {stream[:80]!r} is not one of {', '.join(STREAMS)}")
    if leaf not in ("telemetry", "status"):
        raise TopicError("unknown_topic", f"the topic's last level {leaf[:80]!r} must be 'telemetry' or 'status'")
    return Address("telemetry" if leaf == "telemetry" else "status", terminal, stream, device)
