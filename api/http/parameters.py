"""Parameters that several resources take: their types, checks and descriptions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct, field

from processing.streams import STREAMS


def listed(names: Sequence[str]) -> str:
    """Names as the end of a sentence: `a, b or c`."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


Id = Annotated[str, Meta(pattern="^[a-z0-9_-]{1,64}$")]
TerminalId = Annotated[Id, Meta(description="terminal id, for example demo")]
DeviceId = Annotated[Id, Meta(description="device id, for example sts1")]
if TYPE_CHECKING:
    StreamWord = str
else:  # the rows of the registry, which no type checker knows
    StreamWord = Literal[tuple(STREAMS)]
StreamName = Annotated[StreamWord, Meta(description=f"device family: {listed(list(STREAMS))}")]
TIME_PATTERN = (
    r"^(-?[0-9]{1,14}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}))$"
)
"""What a time looks like, for whoever makes requests from the description; other forms of ISO 8601 are read too."""
Moment = Annotated[
    str,
    Meta(
        max_length=40,
        description="RFC 3339 with offset, or milliseconds since 1970 UTC",
        extra_json_schema={"pattern": TIME_PATTERN},
    ),
]
Begin = Annotated[Moment, Meta(description="start, a time; 24 h before `to` when left out")]
End = Annotated[Moment, Meta(description="end, a time; now when left out")]
Limit = Annotated[int, Meta(ge=1, le=10_000, description="most rows in the answer, 1 to 10000")]


class NoQuery(Struct, frozen=True):
    """Takes no parameters."""


class FactsQuery(Struct, frozen=True):
    """Which facts of a span of time."""

    terminal: TerminalId | None = None
    device: DeviceId | None = None
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    limit: Limit = 100


class TerminalFactsQuery(Struct, frozen=True):
    """Which facts of a span of time, where they are not those of one device."""

    terminal: TerminalId | None = None
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    limit: Limit = 100
