"""What reading a file of the terminal operating system yields, message by message."""

from dataclasses import dataclass, field
from datetime import tzinfo

from processing.tos.event import TosEvent, TosMessage
from processing.tos.problem import Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read.

    Attributes:
        terminal: whose boxes it is about.
        zone: of times without an offset; None: there must be none.
        now_us: when it is imported. [µs since 1970 UTC]
    """

    terminal: str
    zone: tzinfo | None
    now_us: int


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One message as it was read.

    Attributes:
        message: its head; None: these are problems outside of any message, or of one that is not taken.
        events: what it states.
        problems: what is wrong in it; all else is taken.
        reached: line or segment with which it ends.
    """

    message: TosMessage | None
    events: list[TosEvent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reached: int = 0
