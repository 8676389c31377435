"""A source of another kind: a log with positions, as NATS JetStream keeps one; acknowledgements outlive connections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from ingest.source.protocol import Inbound, Receiver, Token
from tests.model.model_source import ModelSource


@dataclass
class ModelJournal(ModelSource):
    """One consumer of a log. What waits too long for its acknowledgement is delivered again, also amid a connection.

    Attributes:
        window: most messages unacknowledged at a time.
        receiver: gets what it reports.
        random: decides what comes again.
        queue: numbers of messages not delivered yet; a number is the position.
        flight: delivered and not acknowledged.
        acknowledged: numbers whose acknowledgement came.
        forgotten: numbers lost with the consumer: nobody promised them.
    """

    window: int
    receiver: Receiver
    random: Random
    queue: list[int] = field(default_factory=list)
    flight: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    up: bool = False
    session: bool = False
    on: bool = True
    _known: bool = False
    _again: list[int] = field(default_factory=list)

    def is_up(self) -> bool:
        """Whether there is a connection."""
        return self.up

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Positions mean the same over every connection; what is sent without one is lost."""
        for number in tokens if self.up else ():
            if number not in self.forgotten:
                self.flight.discard(number)
                self.acknowledged.add(number)

    # What happens to it.

    @property
    def idle(self) -> bool:
        """Whether everything that was accepted is acknowledged."""
        return not (self.queue or self.flight)

    def deliver(self, most: int) -> None:
        """Deliver what comes next, as far as the window allows; now and then something that was delivered before."""
        if not (self.up and self.on):
            return
        if not self._again and self.flight and self.random.random() < 0.1:
            self._again = [self.random.choice(sorted(self.flight))]
        messages: list[Inbound] = []
        while len(messages) < most and (self._again or (self.queue and len(self.flight) < self.window)):
            redelivered = bool(self._again)
            number = self._again.pop(0) if redelivered else self.queue.pop(0)
            if redelivered and number not in self.flight:
                continue  # acknowledged meanwhile
            self.flight.add(number)
            messages.append(Inbound("t", str(number).encode(), 0, number, redelivered))
        if messages:
            self.receiver.received(messages)

    def connect(self) -> None:
        """The worker connects; what it has not acknowledged comes again, in order."""
        self.up = True
        lost = self._known and not self.session
        self._known = self.session = True
        self._again = sorted(self.flight)
        self.receiver.connected()
        if lost:
            self.receiver.lost()

    def cut(self) -> None:
        """The connection breaks."""
        self.up = False

    def lose(self) -> None:
        """The consumer is deleted, and with it what it held."""
        self.up = self.session = False
        self.forgotten |= self.flight | set(self.queue)
        self.flight, self._again, self.queue = set(), [], []

    def restart(self) -> None:
        """The worker is killed and starts again."""
        self.up = self._known = False
        self.on = True
