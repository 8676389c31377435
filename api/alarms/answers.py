"""What is answered about alarms."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.http.rows import Time
from processing.alarms.facts import Severity

Act = Literal["acknowledge", "shelve", "unshelve", "comment"]


class Alarm(Struct, frozen=True):
    """One alarm: from when it was raised until it was cleared, and what people did about it."""

    id: str
    terminal: str
    alarm: Annotated[str, Meta(description="condition, as /api/v1/alarms/conditions lists it")]
    subject: Annotated[str, Meta(description="a device, a rack, a container")]
    severity: Severity
    began_at: Time
    raised_at: Time
    cleared_at: Annotated[Time | None, Meta(description="null while it is active")]
    acknowledged_at: Time | None
    acknowledged_by: str | None
    shelved_until: Annotated[Time | None, Meta(description="null where it is not shelved now")]
    shelved_by: str | None
    members: Annotated[list[str], Meta(description="devices that it is about")]


class Alarms(Struct, frozen=True):
    """Alarms, newest first."""

    alarms: list[Alarm]


class AlarmAct(Struct, frozen=True):
    """What somebody did."""

    act: Act
    by: str
    at: Time
    until: Annotated[Time | None, Meta(description="of a shelf its end")]
    remark: str


class AlarmDetail(Struct, frozen=True):
    """One alarm with all that people did about it, newest first."""

    alarm: Alarm
    acts: list[AlarmAct]


class ConditionAnswer(Struct, frozen=True):
    """One alarm as the table of conditions has it."""

    id: str
    severity: Severity
    text: str
    response: Annotated[str, Meta(description="what to do")]
    delay_s: float
    hold_s: float
    suppressed_by: list[str]


class Conditions(Struct, frozen=True):
    """All alarms that there may be."""

    conditions: list[ConditionAnswer]
