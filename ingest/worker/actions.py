"""What the pipeline asks its shell to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.source.protocol import Inbound, Token
from ingest.store.outcome import WriteMode

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Prepare:
    """Decode these messages and feed the engine; then call `prepared`, or `unprepared`."""

    messages: list[Inbound]


@dataclass(frozen=True, slots=True)
class Write(Generic[B]):
    """Write this batch in one transaction; then call `written`, or `failed`."""

    batch: B
    how: WriteMode


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """These messages are committed."""

    tokens: Sequence[Token]


@dataclass(frozen=True, slots=True)
class Read:
    """Read from the source, or stop reading."""

    on: bool


@dataclass(frozen=True, slots=True)
class RunIdleTask:
    """Nothing is prepared or written now: do what needs that, then call `idle_task_finished`."""


@dataclass(frozen=True, slots=True)
class Done:
    """After `stop`: everything that was read is committed and acknowledged."""


Action = Prepare | Write[B] | Acknowledge | Read | RunIdleTask | Done
