"""Topics of the native encoding, taken apart; `processing.model.topics` puts them together."""

from ingest.decode.address import Address, InputTopicError, checked, of_document
from processing.documents import BY_NAME, BY_TOPIC, FAMILIES
from processing.streams import STREAMS

INPUT_FILTER = "port/#"
"""One filter for everything that devices send: overlapping filters would deliver twice."""


def parse(topic: str) -> Address:
    """Take an input topic apart.

    Raises:
        InputTopicError: the topic is of no known form.
    """
    parts = topic.split("/")
    if len(parts) != 5 or parts[0] != "port":
        raise InputTopicError(
            "unknown_topic",
            "publish to port/{terminal}/{stream}/{device}/telemetry or …/status; this topic has another form",
        )
    _, terminal, stream, device, leaf = parts
    if (stream, leaf) in BY_TOPIC:
        return of_document(BY_TOPIC[stream, leaf], terminal, device)
    if stream in FAMILIES and leaf not in ("telemetry", "status"):
        known = " or ".join(repr(name) for family, name in BY_TOPIC if family == stream)
        raise InputTopicError("unknown_topic", f"the topic's last level {leaf[:80]!r} must be {known}")
    if leaf in BY_NAME and stream not in STREAMS:
        place = BY_NAME[leaf].topic(terminal[:80], "{id}")
        raise InputTopicError(
            "unknown_stream", f"documents {leaf!r} are announced on {place}, not under {stream[:80]!r}"
        )
    address = checked("status" if leaf == "status" else "telemetry", terminal, stream, device)
    if leaf not in ("telemetry", "status"):
        raise InputTopicError("unknown_topic", f"the topic's last level {leaf[:80]!r} must be 'telemetry' or 'status'")
    return address
