"""What is answered about delays and their causes."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time


class CauseInfo(Struct, frozen=True):
    """One cause of stops: who answers for it, and whether its time is taken off the hours of net rates."""

    id: str
    party: Annotated[str, Meta(description="terminal, vessel or nobody")]
    deduct: Annotated[bool, Meta(description="as the terminal asked for has decided, else as most have")]
    found: Annotated[bool, Meta(description="signals tell it; the others are only said by people")]
    text: str


class Causes(Struct, frozen=True):
    """All causes."""

    causes: list[CauseInfo]


class Delay(Struct, frozen=True):
    """A span in which a crane stood still; `ended_at` is null while it lasts."""

    terminal: str
    device: str
    began_at: Time
    ended_at: Time | None
    minutes: Annotated[float, Meta(description="how long, until now while it lasts [min]")]
    cause: Annotated[str, Meta(description="what people said last, else what signals tell")]
    found_cause: Annotated[str, Meta(description="what signals tell")]
    party: str
    deduct: bool
    remark: str | None
    edited_by: str | None
    edited_at: Time | None


class LostEdit(Struct, frozen=True):
    """What somebody said of a stop that is there no more: late samples changed when it began, or that it was one."""

    terminal: str
    device: str
    began_at: Time
    cause: str
    remark: str | None
    edited_by: str
    edited_at: Time
    nearest_began_at: Annotated[Time | None, Meta(description="of the crane's stop that begins nearest, within 1 h")]


class Delays(Struct, frozen=True):
    """Stops that touch the span, newest first, and what was said of stops that are there no more."""

    delays: list[Delay]
    lost_edits: list[LostEdit]


class Confirmed(Struct, frozen=True):
    """How many stops were confirmed; those of which somebody said something before are not among them."""

    confirmed: int


class Edit(Struct, frozen=True):
    """What somebody said of a stop."""

    cause: str
    remark: str | None
    by: str
    at: Time


class Edits(Struct, frozen=True):
    """What was said of one stop, newest first."""

    edits: list[Edit]
