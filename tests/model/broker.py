"""A broker as MQTT 5 promises it: a window, redelivery with DUP after a reconnect only, sessions that may be lost."""

from dataclasses import dataclass, field

from ingest.decode.messages import Inbound


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
    epoch: int = 0
    up: bool = False
    session: bool = False
    _again: list[Delivery] = field(default_factory=list)
    _mid: int = 0

    def connect(self) -> bool:
        """A new connection; whether the session was still there. What is in flight will be sent again, in order."""
        self.epoch += 1
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

    def deliver(self, most: int) -> list[Inbound]:
        """What is sent next, as far as the window allows."""
        sent: list[Inbound] = []
        while self.up and len(sent) < most and len(self.flight) < self.window and (self._again or self.queue):
            delivery = self._again.pop(0) if self._again else Delivery(self.queue.pop(0), False)
            self._mid += 1
            self.flight[self._mid] = delivery
            payload = str(delivery.number).encode()
            sent.append(Inbound("t", payload, 0, self._mid, self.epoch, delivery.dup))
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
