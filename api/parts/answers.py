"""What is answered about the parts of the stack."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time
from infra.machine.parts import State


class Part(Struct, frozen=True):
    """One program or server."""

    name: str
    state: Annotated[State, Meta(description="`starting` also where it has ended and is started again")]
    restarts: Annotated[int, Meta(description="how often it was started again since the stack was started")]
    ended_at: Annotated[Time | None, Meta(description="when it last ended by itself")]
    ended: Annotated[str | None, Meta(description="how it did: its exit code, or why it did not start")]


class Parts(Struct, frozen=True):
    """All of them."""

    parts: Annotated[list[Part], Meta(description="none where another service manager than `quaystream up` runs them")]
