"""Where a message comes from, whatever its encoding."""

from dataclasses import dataclass

from processing.model.document import DocumentKind
from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER
from processing.streams import STREAMS

MessageKind = str
"""`telemetry`, `status`, or the name of a kind of document."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from, as its topic names it.

    Attributes:
        kind: what the message is.
        terminal: terminal id.
        stream: name of the stream; of a document the family.
        device: device id; of a document what it is about, such as the call id.
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
    _check_id("terminal", terminal)
    _check_id("device", device)
    if stream not in STREAMS:
        raise InputTopicError("unknown_stream", f"stream {stream[:80]!r} is not one of {', '.join(STREAMS)}")
    return Address(kind, terminal, stream, device)


def of_document(kind: DocumentKind, terminal: str, name: str) -> Address:
    """The address of a document, whose id is as it is stored.

    Raises:
        InputTopicError: an id breaks its rule.
    """
    _check_id("terminal", terminal)
    try:
        return Address(kind.name, terminal, kind.family, kind.identify(name))
    except ValueError as error:
        raise InputTopicError("bad_device_id", f"{kind.family} id {error}") from None


def _check_id(what: str, name: str) -> None:
    if not IDENTIFIER.fullmatch(name):
        raise InputTopicError(
            "bad_device_id", f"{what} id {name[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case"
        )
