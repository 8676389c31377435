"""Topic names: the only place that puts them together or takes them apart."""

import re
from dataclasses import dataclass
from typing import Literal

from processing.errors import TopicError
from processing.streams import STREAMS

TopicKind = Literal["telemetry", "status", "call"]

IDENTIFIER = re.compile(r"[a-z0-9_-]{1,64}")
"""Rule for terminals, devices, KPI subjects and call ids."""

INPUT_FILTER = "port/#"
"""One filter for everything that devices send: overlapping filters would deliver twice."""
KPI_FILTER = "kpi/#"


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


def telemetry(terminal: str, stream: str, device: str) -> str:
    """Topic of a device's samples."""
    return f"port/{terminal}/{stream}/{device}/telemetry"


def status(terminal: str, stream: str, device: str) -> str:
    """Topic of a device's retained status, also of its Will."""
    return f"port/{terminal}/{stream}/{device}/status"


def kpi(terminal: str, kpi_id: str, subject: str, window: str | None = None) -> str:
    """Topic of a retained KPI value; the window is named where it is not the main one of the subject."""
    main = f"kpi/{terminal}/{kpi_id}/{subject}"
    return main if window is None else f"{main}/{window}"


def ack(terminal: str, stream: str, device: str) -> str:
    """Topic of the end-to-end acknowledgement to a device."""
    return f"ack/{terminal}/{stream}/{device}"


def call(terminal: str, call_id: str) -> str:
    """Topic of a retained vessel call."""
    return f"port/{terminal}/vessel/{call_id}/call"


def truth(terminal: str, fact: str) -> str:
    """Topic on which a simulator tells what really happened."""
    return f"truth/{terminal}/{fact}"


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
