"""What a stream is: a device family with its signals; the streams themselves are listed in `processing.streams`."""

from dataclasses import dataclass
from functools import cached_property

from processing.model.contradiction import Contradiction
from processing.model.signal import Signal


@dataclass(frozen=True)
class Stream:
    """A device family.

    Attributes:
        name: as it stands in the topic.
        table: its hypertable.
        signals: in column order.
        contradictions: what its samples report and cannot be.
    """

    name: str
    table: str
    signals: tuple[Signal, ...]
    contradictions: tuple[Contradiction, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Signal]:
        """Signals by canonical name."""
        return {signal.name: signal for signal in self.signals}

    @cached_property
    def numeric(self) -> tuple[Signal, ...]:
        """Signals carried as float64 columns, in column order."""
        return tuple(s for s in self.signals if s.numeric)

    @cached_property
    def numeric_index(self) -> dict[str, int]:
        """Row of each numeric signal in `Samples.numbers`."""
        return {signal.name: row for row, signal in enumerate(self.numeric)}

    @cached_property
    def textual(self) -> tuple[Signal, ...]:
        """Signals carried as text or lists of text, in column order."""
        return tuple(s for s in self.signals if not s.numeric)
