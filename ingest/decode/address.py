"""Where a message comes from, whatever its encoding."""

from dataclasses import dataclass
from typing import Literal

from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER
from processing.streams import STREAMS

MessageKind = Literal["telemetry", "status", "call"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from, as its topic names it.

    Attributes:
        kind: what the message is.
        terminal: terminal id.
        stream: name of the stream; "vessel" for a call.
        device: device id; the call id for a call.
    """

    kind: MessageKind
    terminal: str
    stream: str
    device: str


class InputError(QuaystreamError):
    """Something in a message is rejected.

    Args:
        reason: code of the quarantine.
        detail: what the sender has to change.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class InputTopicError(InputError):
    """A topic that names no device of any stream."""


def checked(kind: MessageKind, terminal: str, stream: str, device: str) -> Address:
    """An address whose ids follow the rule, and whose stream there is.

    Raises:
        InputTopicError: they do not, or there is none.
    """
    for what, name in (("terminal", terminal), ("device", device)):
        if not IDENTIFIER.fullmatch(name):
            raise InputTopicError(
                "bad_device_id", f"{what} id {name[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case"
            )
    if kind != "call" and stream not in STREAMS:
        raise InputTopicError("unknown_stream", f"stream {stream[:80]!r} is not one of {', '.join(STREAMS)}")
    return Address(kind, terminal, stream, device)
