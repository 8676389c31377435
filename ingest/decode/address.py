"""Where a message comes from, whatever its encoding."""

from dataclasses import dataclass
from typing import Literal

from processing.model.errors import QuaystreamError

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


class InputTopicError(QuaystreamError):
    """A topic that names no device of any stream.

    Args:
        reason: code of the quarantine.
        detail: what the sender has to change.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
