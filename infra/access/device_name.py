"""The name of a device among all: terminal, stream and device."""

from typing import NamedTuple, Self

from processing.model.errors import QuaystreamError
from processing.model.topics import IDENTIFIER
from processing.streams import BY_NAME


class DeviceName(NamedTuple):
    """As in its topics."""

    terminal: str
    stream: str
    device: str

    def __str__(self) -> str:
        return "/".join(self)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `TERMINAL/STREAM/DEVICE`.

        Raises:
            QuaystreamError: it is none; the message says what to change.
        """
        parts = text.split("/")
        if len(parts) != 3:
            raise QuaystreamError(f"{text[:200]!r} must be TERMINAL/STREAM/DEVICE, such as demo/crane/sts1")
        name = cls(*parts)
        for what, value in (("terminal", name.terminal), ("device", name.device)):
            if not IDENTIFIER.fullmatch(value):
                raise QuaystreamError(f"{what} {value[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
        if name.stream not in BY_NAME:
            raise QuaystreamError(f"stream {name.stream[:80]!r} must be one of {', '.join(sorted(BY_NAME))}")
        return name
