"""What is answered about terminals."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time


class CurrentShift(Struct, frozen=True):
    """The shift that a terminal is in."""

    name: str
    begin: Time
    end: Time


class Terminal(Struct, frozen=True):
    """One container terminal that has devices."""

    terminal: str
    devices: int
    last_seen: Time | None
    time_zone: Annotated[str, Meta(description="IANA name; times in the API are UTC all the same")]
    shift: CurrentShift


class Terminals(Struct, frozen=True):
    """All terminals."""

    terminals: list[Terminal]
