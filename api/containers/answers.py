"""What is answered about containers."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.facts.answers import FactAnswer, answers
from api.http.rows import Time
from processing.containers.announcement import ANNOUNCEMENT
from processing.containers.facts import CONTAINER_EVENT
from processing.containers.size_type import TypeGroup
from processing.containers.timeline import CONTAINER_CONFLICT

State = Literal["announced", "inside", "on_vessel", "left"]
Problems = Annotated[list[str], Meta(description="what is odd about it, and keys that mean nothing")]


@answers(ANNOUNCEMENT)
class BoxAnnouncement(FactAnswer, frozen=True):
    """A box as it was announced last; what is null is not known, or not yet."""

    problems: Problems
    received_at: Annotated[Time | None, Meta(description="when it was announced as it is now; null until it is stored")]


class Withdrawn(Struct, frozen=True):
    """A box that is announced no more."""

    terminal: str
    container_id: str


class Container(Struct, frozen=True):
    """A container and where it is, as far as that is known."""

    terminal: str
    container_id: str
    iso_code: Annotated[str | None, Meta(description="size and type, ISO 6346")]
    state: State
    place: Annotated[str | None, Meta(description="where it is in the terminal, or on which vessel")]
    since: Annotated[Time | None, Meta(description="when it came into this state and place")]
    conflict: Annotated[bool, Meta(description="whether what is known of it contradicts itself")]


class Containers(Struct, frozen=True):
    """Containers in order of their numbers."""

    containers: list[Container]
    cursor: Annotated[str | None, Meta(description="query parameter `cursor` of the next page; null: there is none")]


class SizeAndType(Struct, frozen=True):
    """What a size-type code means; null where a part of it is not known."""

    length_ft: int | None
    height_ft: float | None
    wide: bool
    group: TypeGroup | None
    reefer: bool
    teu: float | None


class ContainerDetail(Container, frozen=True):
    """All that is known of one container."""

    check_ok: Annotated[bool, Meta(description="whether the number passes ISO 6346")]
    size_type: SizeAndType | None
    announcement: BoxAnnouncement | None


@answers(CONTAINER_EVENT, leave_out=("ordinal",))
class ContainerEvent(FactAnswer, frozen=True):
    """Something that happened to a container."""


class ContainerEvents(Struct, frozen=True):
    """Events of a container, in order of time."""

    events: list[ContainerEvent]


@answers(CONTAINER_CONFLICT)
class Conflict(FactAnswer, frozen=True):
    """Two events of a container that cannot both be."""

    remark: Annotated[str | None, Meta(description="what somebody has found out; null: nobody has resolved it")]
    resolved_by: Annotated[str | None, Meta(description="who has")]
    resolved_at: Annotated[Time | None, Meta(description="when")]


class Conflicts(Struct, frozen=True):
    """Conflicts, newest first."""

    conflicts: list[Conflict]
