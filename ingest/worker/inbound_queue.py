"""Messages that were read and are in no batch yet, and how much they hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, islice

from ingest.source.protocol import Inbound


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """What fills a batch: so many messages, samples or payload bytes; the message that reaches a limit is in it.

    What one transaction holds must fit in memory, and be written before the patience for it ends.
    """

    messages: int
    samples: int = 20_000
    payload_bytes: int = 8 * 1024 * 1024


@dataclass(slots=True)
class InboundQueue:
    """A queue that knows its weight.

    Attributes:
        payload_bytes: of all payloads.
        samples: how many they seem to hold, by their opening braces: to read them all takes its time.
    """

    payload_bytes: int = 0
    samples: int = 0
    _messages: list[Inbound] = field(default_factory=list)
    _samples: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._messages)

    def add(self, messages: list[Inbound]) -> None:
        """Messages came, in order."""
        samples = [message.payload.count(b"{") for message in messages]
        self._messages += messages
        self._samples += samples
        self.samples += sum(samples)
        self.payload_bytes += sum([len(message.payload) for message in messages])

    def fills(self, full: BatchLimits) -> bool:
        """Whether there is a whole batch."""
        return (
            len(self._messages) >= full.messages
            or self.samples >= full.samples
            or self.payload_bytes >= full.payload_bytes
        )

    def take(self, full: BatchLimits) -> list[Inbound]:
        """The messages of a batch, taken out; fewer where there are no more."""
        count = min(full.messages, len(self._messages))
        if self.samples > full.samples:
            count = _reaching(full.samples, islice(self._samples, count), count)
        if self.payload_bytes > full.payload_bytes:
            sizes = (len(message.payload) for message in islice(self._messages, count))
            count = _reaching(full.payload_bytes, sizes, count)
        taken, self._messages = self._messages[:count], self._messages[count:]
        samples, self._samples = self._samples[:count], self._samples[count:]
        self.samples -= sum(samples)
        self.payload_bytes -= sum([len(message.payload) for message in taken])
        return taken


def _reaching(limit: int, sizes: Iterable[int], otherwise: int) -> int:
    """How many of these reach a limit together."""
    return next((n for n, total in enumerate(accumulate(sizes), 1) if total >= limit), otherwise)
