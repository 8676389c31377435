"""What messages of the terminal operating system state of boxes: one message, its events, which of them hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final, Literal

from processing.model.fact_type import FactType
from processing.model.facts import Announced, Key

MessageKind = Literal["coarri", "codeco", "csv"]
EventKind = Literal["gate_in", "gate_out", "discharged", "loaded", "shifted"]
Function = Literal["adds", "replaces", "cancels"]
FullEmpty = Literal["EMPTY", "LADEN"]
KINDS: Final[tuple[EventKind, ...]] = ("gate_in", "gate_out", "discharged", "loaded", "shifted")


@dataclass(frozen=True, slots=True)
class TosMessage(Announced):
    """One message, by what it states: sent once more it is the same. Times in µs since 1970 UTC."""

    terminal: str
    message_id: Annotated[str, "hash of all that it states, hexadecimal"]
    sender: Annotated[str, "who sent the interchange, as it is named there"]
    kind: Annotated[MessageKind, "type of message; csv: a line, or the lines of one document"]
    document: Annotated[str, "document number; empty where it has none"]
    version: Annotated[int, "of the document; a later one takes the place of earlier ones"]
    function: Annotated[Function, "whether it adds to messages of its document, or takes their place, or cancels them"]
    complete: Annotated[bool, "false: it breaks off"]
    prepared_us: Annotated[int | None, "when its interchange was prepared"]
    ordinal: Annotated[int, "which message of its interchange it is, from 1 on; of a CSV file, the line"]

    key = Key("terminal", "message_id")

    @property
    def about(self) -> tuple[str, str, str]:
        """The document that it is of."""
        return self.sender, self.kind, self.document

    @property
    def place(self) -> tuple[int | None, int]:
        """Its place in its interchange, which is named by the time of its preparation."""
        return self.prepared_us, self.ordinal

    @property
    def order(self) -> tuple[int, int, bool, int, str]:
        """Which of two is the later one: by version, then by preparation, then by place in the file.

        Interchanges are dated to the minute: of the same minute, a correction comes after what it corrects.
        """
        return self.version, self.prepared_us or 0, self.function != "adds", self.ordinal, self.message_id


@dataclass(frozen=True, slots=True)
class TosEvent(Announced):
    """What a message states of one box. Times in µs since 1970 UTC."""

    terminal: str
    message_id: str
    line: Annotated[int, "where it stands: line of the file, in EDIFACT number of the segment"]
    container_id: Annotated[str, "number as it is compared: normalised, repaired where one repair is certain"]
    container_raw: Annotated[str, "number as the message has it"]
    check_ok: Annotated[bool, "whether the number passes ISO 6346, repaired ones too"]
    event: EventKind
    time_us: Annotated[int | None, "when; null: not stated, or impossible"]
    place: Annotated[str | None, "terminal, depot or place in it, as the message names it"]
    vessel: str | None
    voyage: str | None
    stowage: Annotated[str | None, "bay, row and tier on board"]
    plate: Annotated[str | None, "of the truck"]
    reference_numbers: Annotated[tuple[str, ...], "booking, bill of lading and the like, such as BN:4711"]
    empty_indicator: Annotated[FullEmpty | None, "DCSA emptyIndicatorCode"]
    size_type: Annotated[str | None, "size and type, ISO 6346, as it was sent"]
    gross_weight_kg: float | None
    seals: tuple[str, ...]
    problems: Annotated[tuple[str, ...], "what is odd about it, each beginning with the field"]

    key = Key("terminal", "message_id", "line")


TOS_MESSAGE: Final = FactType("tos_message", "tos_message", TosMessage)
TOS_EVENT: Final = FactType("tos_event", "tos_event", TosEvent)


def identity(parts: Iterable[str]) -> str:
    """The id of a message that states this: 32 hexadecimal digits."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def held(messages: Sequence[TosMessage]) -> set[str]:
    """Ids of the messages that hold, of all those of one document.

    The result depends on the set of messages, not on the order in which they came. Senders who number nothing lose
    nothing: a message that adds never takes the place of another one of its version. One that breaks off takes the
    place of none, and does not hold once the same place of the same interchange has come whole.
    """
    latest = max((one.version for one in messages if one.complete), default=0)
    whole = {one.place for one in messages if one.complete}
    candidates = [one for one in messages if one.version >= latest and (one.complete or one.place not in whole)]
    replacing = [one for one in candidates if one.complete and one.function != "adds"]
    last = max(replacing, key=lambda one: one.order, default=None)
    added = [one for one in candidates if one.function == "adds" or not one.complete]
    holds = {one.message_id for one in added if last is None or one.order > last.order}
    return holds | ({last.message_id} if last is not None and last.function == "replaces" else set())


FUNCTIONS: Final[Mapping[str, Function]] = {
    "": "adds",
    "9": "adds",
    "2": "adds",
    "7": "adds",
    "5": "replaces",
    "1": "cancels",
}
"""Message function, BGM 1225: original, addition, duplicate, replace, cancel. Others change single lines: not taken."""
