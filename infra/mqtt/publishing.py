"""QoS 1 messages on their way to the broker, without I/O: sent within its window, kept until it has answered.

paho spends 60 µs on a message that is published and answered, and looks through all that wait at each answer. Here it
is a few. Its own message ids end where ours begin, so each of us knows whose an answer is.
Source: MQTT 5.0, 3.3.1.1 (DUP), 3.4 (PUBACK), 4.4 (delivery again after a reconnect), 4.9 (flow control).
"""

from collections import deque

from infra.mqtt.packets import publication
from processing.model.errors import QuaystreamError

FIRST_MID = 0x8000
"""Ours are from here to 65,535; those below are paho's."""
MIDS = 0x8000
WINDOW = 2_000
"""Most messages on their way, whatever the broker allows."""
FORBIDDEN = frozenset("+#\0")


class PublishTopicError(QuaystreamError):
    """Nothing can be published to this topic."""


class Publishing:
    """Messages that the broker has not answered yet, in order."""

    def __init__(self) -> None:
        self._number = 0
        self._mid = MIDS - 1
        self._window = WINDOW
        self._waiting: deque[tuple[int, str, bytes, bool, bool]] = deque()
        self._sent: dict[int, tuple[int, str, bytes, bool, bool]] = {}

    def __len__(self) -> int:
        """How many wait for an answer, or for their turn."""
        return len(self._waiting) + len(self._sent)

    def add(self, topic: str, payload: bytes, *, retain: bool) -> int:
        """Take a message; its number, which no other one gets.

        Raises:
            PublishTopicError: it is empty, or has characters that are for filters only.
        """
        if not topic or not FORBIDDEN.isdisjoint(topic):
            raise PublishTopicError(f"cannot publish to {topic!r}: a topic is not empty and has none of + # and NUL")
        self._number += 1
        self._waiting.append((self._number, topic, payload, retain, False))
        return self._number

    def due(self) -> bytes:
        """Packets that may be sent now; empty where there are none."""
        packets: list[bytes] = []
        while self._waiting and len(self._sent) < self._window:
            message = self._waiting.popleft()
            _, topic, payload, retain, dup = message
            mid = self._free_mid()
            self._sent[mid] = message
            packets.append(publication(topic, payload, mid=mid, retain=retain, dup=dup))
        return b"".join(packets)

    def _free_mid(self) -> int:
        while True:
            self._mid = (self._mid + 1) % MIDS
            if FIRST_MID + self._mid not in self._sent:
                return FIRST_MID + self._mid

    def is_waiting(self, number: int) -> bool:
        """Whether a message was taken that the broker has not answered yet."""
        return any(one[0] == number for one in (*self._sent.values(), *self._waiting))

    def answered(self, mid: int) -> int | None:
        """The broker has answered; the number of the message, None where none waits for this answer."""
        message = self._sent.pop(mid, None)
        return None if message is None else message[0]

    def connected(self, window: int) -> None:
        """A new connection: what was not answered over the one before goes first, marked as sent before.

        Args:
            window: how many messages the broker takes before it has answered.
        """
        self._window = min(window, WINDOW)
        unanswered = [
            (number, topic, payload, retain, True) for number, topic, payload, retain, _ in self._sent.values()
        ]
        self._sent.clear()
        self._waiting.extendleft(reversed(unanswered))
