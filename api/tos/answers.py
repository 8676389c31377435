"""What is answered about messages of the terminal operating system."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.facts.answers import FactAnswer, answers
from api.http.rows import Time
from processing.tos.event import TOS_EVENT, MessageKind


@answers(TOS_EVENT)
class TosBoxEvent(FactAnswer, frozen=True):
    """What a message states of one box, and which message."""

    kind: Annotated[MessageKind, Meta(description="type of message")]
    sender: str
    document: str
    version: int
    holds: Annotated[bool, Meta(description="false: a later message took its place, or cancelled it")]
    source: Annotated[str, Meta(description="file that it came in")]
    imported_at: Time
    imported_by: str


class TosEvents(Struct, frozen=True):
    """Events, newest first; those without a time last."""

    events: list[TosBoxEvent]


class TosProblem(Struct, frozen=True):
    """What is wrong in a file, where, and what to change."""

    unit: Literal["line", "segment"]
    line: Annotated[int | None, Meta(description="line, or number of the segment; null: it is about the file")]
    field: Annotated[str, Meta(description="column, or tag of the segment")]
    text: str


class TosImport(Struct, frozen=True):
    """What an import did."""

    terminal: str
    time_zone: Annotated[str, Meta(description="in which times without offset were read")]
    stored: Annotated[int, Meta(description="new messages")]
    unchanged: Annotated[int, Meta(description="messages that were stored already")]
    replaced: Annotated[int, Meta(description="messages that do not hold any more")]
    events: Annotated[int, Meta(description="events stored")]
    problems: Annotated[list[TosProblem], Meta(description="what is wrong, the first 1000; the rest was taken")]
    more_problems: Annotated[int, Meta(description="how many are not listed; `quaystream import` lists all")]
