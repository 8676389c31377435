"""What is answered about delays and their causes."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.facts.answers import FactAnswer, answers
from api.http.rows import Time
from processing.cranes.facts import DELAY


class CauseInfo(Struct, frozen=True):
    """One cause of delays: who answers for it, and whether its time is taken off the hours of net rates."""

    id: str
    party: Annotated[str, Meta(description="terminal, vessel or nobody")]
    deduct: Annotated[bool, Meta(description="as the terminal asked for has decided, else as most have")]
    found: Annotated[bool, Meta(description="signals show it; the others are only stated by people")]
    text: str


class Causes(Struct, frozen=True):
    """All causes."""

    causes: list[CauseInfo]


@answers(DELAY, leave_out=("cause",))
class Delay(FactAnswer, frozen=True):
    """A span in which a crane stands still; `ended_at` is null while it lasts."""

    minutes: Annotated[float, Meta(description="how long, until now while it lasts [min]")]
    cause: Annotated[str, Meta(description="as people stated it last, else as found")]
    found_cause: Annotated[str, Meta(description="as signals show it, and where they leave it open, vehicles")]
    found_by: Annotated[Literal["signals", "vehicles"], Meta(description="what shows the found cause")]
    party: str
    deduct: bool
    remark: str | None
    edited_by: str | None
    edited_at: Time | None


class LostEdit(Struct, frozen=True):
    """An edit of a delay that was retracted: late samples changed when it began, or that it was one."""

    terminal: str
    device: str
    began_at: Time
    cause: str
    remark: str | None
    edited_by: str
    edited_at: Time
    nearest_began_at: Annotated[Time | None, Meta(description="of the crane's delay that begins nearest, within 1 h")]


class Delays(Struct, frozen=True):
    """Delays that touch the span, newest first, and edits of delays that were retracted."""

    delays: list[Delay]
    lost_edits: list[LostEdit]


class Confirmed(Struct, frozen=True):
    """How many delays were confirmed; those that had an edit before are not among them."""

    confirmed: int


class Edit(Struct, frozen=True):
    """A cause that somebody stated for a delay."""

    cause: str
    remark: str | None
    by: str
    at: Time


class Edits(Struct, frozen=True):
    """Edits of one delay, newest first."""

    edits: list[Edit]
