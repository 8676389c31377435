"""Topics of the native encoding, taken apart; `processing.model.topics` puts them together."""

from ingest.decode.address import Address, InputTopicError
from processing.model.topics import IDENTIFIER
from processing.streams import STREAMS

INPUT_FILTER = "port/#"
"""One filter for everything that devices send: overlapping filters would deliver twice."""


def parse(topic: str) -> Address:
    """Take an input topic apart.

    Raises:
        InputTopicError: the topic is none of the three forms.
    """
    parts = topic.split("/")
    if len(parts) != 5 or parts[0] != "port":
        raise InputTopicError(
            "unknown_topic",
            "publish to port/{terminal}/{stream}/{device}/telemetry or …/status; this topic has another form",
        )
    _, terminal, stream, device, leaf = parts
    for what, name in (("terminal", terminal), ("device", device)):
        if not IDENTIFIER.fullmatch(name):
            raise InputTopicError(
                "bad_device_id", f"{what} id {name[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case"
            )
    if stream == "vessel" and leaf == "call":
        return Address("call", terminal, stream, device)
    if stream not in STREAMS:
        raise InputTopicError("unknown_stream", f"stream {stream[:80]!r} is not one of {', '.join(STREAMS)}")
    if leaf not in ("telemetry", "status"):
        raise InputTopicError("unknown_topic", f"the topic's last level {leaf[:80]!r} must be 'telemetry' or 'status'")
    return Address("telemetry" if leaf == "telemetry" else "status", terminal, stream, device)
