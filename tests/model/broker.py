"""A broker as MQTT 5 promises it: a window, redelivery with DUP after a reconnect only, sessions that may be lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.mqtt.packet_reader import Message
from ingest.source.broker_session import BrokerSession
from ingest.source.protocol import Receiver, Token
from tests.model.model_source import ModelSource


@dataclass
class Delivery:
    """One message in flight: the number by which the test knows it, and whether it was sent before."""

    number: int
    dup: bool


@dataclass
class ModelBroker:
    """One client's session.

    Attributes:
        window: most messages unacknowledged at a time.
        queue: numbers accepted from devices and not sent yet.
        flight: by message id what was sent and not acknowledged.
        acknowledged: numbers whose acknowledgement came.
        forgotten: numbers lost with a session: nobody promised them.
    """

    window: int
    queue: list[int] = field(default_factory=list)
    flight: dict[int, Delivery] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    up: bool = False
    session: bool = False
    _again: list[Delivery] = field(default_factory=list)
    _mid: int = 0

    def connect(self) -> bool:
        """A new connection; whether the session was still there. What is in flight will be sent again, in order."""
        self.up = True
        self._again = [Delivery(d.number, True) for d in (*self.flight.values(), *self._again)]
        self.flight = {}
        self._mid = 0  # ids start again, and mean other messages now
        present, self.session = self.session, True
        return present

    @property
    def idle(self) -> bool:
        """Whether everything that was accepted is acknowledged."""
        return not (self.queue or self.flight or self._again)

    def disconnect(self) -> None:
        """The connection breaks; acknowledgements on their way are lost with it."""
        self.up = False

    def lose_session(self) -> None:
        """The broker forgets everything, as one without persistence does when it is killed."""
        self.disconnect()
        self.session = False
        self.forgotten |= {d.number for d in (*self.flight.values(), *self._again)} | set(self.queue)
        self.flight, self._again, self.queue = {}, [], []

    def deliver(self, most: int) -> list[Message]:
        """What is sent next, as far as the window allows."""
        sent: list[Message] = []
        while self.up and len(sent) < most and len(self.flight) < self.window and (self._again or self.queue):
            delivery = self._again.pop(0) if self._again else Delivery(self.queue.pop(0), False)
            self._mid += 1
            self.flight[self._mid] = delivery
            payload = str(delivery.number).encode()
            sent.append(Message("t", payload, self._mid, delivery.dup, False))
        return sent

    def acknowledge(self, mid: int) -> int:
        """An acknowledgement over the present connection; the number that it acknowledges.

        Raises:
            AssertionError: nothing with this id is in flight, or nothing is connected.
        """
        assert self.up, "acknowledged without a connection"
        assert mid in self.flight, f"message id {mid} is not in flight"
        number = self.flight.pop(mid).number
        self.acknowledged.add(number)
        return number


class BrokerSource(ModelSource):
    """The model broker as a source: the worker's real session on top of it, no socket in between.

    Args:
        broker: the model.
        receiver: gets what it reports.
        session: the worker's; of a new one after a crash.
    """

    def __init__(self, broker: ModelBroker, receiver: Receiver, session: type[BrokerSession] = BrokerSession) -> None:
        self.broker = broker
        self.on = True
        self.receiver = receiver
        self._new_session = session
        self._session = session(expected=False)

    def is_up(self) -> bool:
        """Whether there is a connection."""
        return self.broker.up

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Acknowledge over the present connection."""
        for mid in self._session.mids(tokens):
            self.broker.acknowledge(mid)

    # What happens to it.

    def deliver(self, most: int) -> None:
        """The worker reads what the broker sends."""
        if self.on and (messages := self.broker.deliver(most)):
            self.receiver.received(self._session.inbound(messages, 0))

    def connect(self) -> None:
        """The worker connects."""
        lost = self._session.connected(present=self.broker.connect())
        self.receiver.connected()
        if lost:
            self.receiver.lost()

    def cut(self) -> None:
        """The connection breaks."""
        self.broker.disconnect()
        self._session.disconnected()

    def lose(self) -> None:
        """The broker forgets."""
        self.broker.lose_session()
        self._session.disconnected()

    def restart(self) -> None:
        """The worker is killed and starts again."""
        self.broker.disconnect()
        self._session, self.on = self._new_session(expected=False), True
