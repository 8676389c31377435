"""The worker's session at an MQTT broker, without I/O: which messages may be acknowledged, and whether it was lost.

A message id means one message on one connection only: on the next one the broker gives the same id to another message,
and an acknowledgement that comes too late would take that one out of the queue. Hence the epoch, the number of the
connection, in each token.
Source: MQTT 5.0, 2.2.1 (packet identifiers), 3.1.2.4 (clean start), 4.4 (delivery again after a reconnect).
"""

from collections.abc import Sequence

from infra.mqtt.packet_reader import Message
from ingest.source.protocol import Inbound, Token

MID_BITS = 16
MID_MASK = (1 << MID_BITS) - 1


class BrokerSession:
    """What the broker keeps for us, over all connections.

    Args:
        expected: an earlier run of the worker had a session: that there is none is a loss, though this run had none.

    Attributes:
        epoch: number of the newest connection.
    """

    def __init__(self, *, expected: bool) -> None:
        self.epoch = 0
        self._expected = expected
        self._up = False

    def connected(self, *, present: bool) -> bool:
        """There is a new connection; whether the broker has forgotten the session, and with it what was queued.

        Args:
            present: the broker still had the session.
        """
        lost = self._expected and not present
        self.epoch += 1
        self._up = self._expected = True
        return lost

    def disconnected(self) -> None:
        """The connection has ended; what was read goes on its way, the broker will send it again."""
        self._up = False

    def inbound(self, messages: Sequence[Message], received_us: int) -> list[Inbound]:
        """Messages of the newest connection as the worker takes them. [µs since 1970 UTC]."""
        epoch = self.epoch << MID_BITS
        return [Inbound(m.topic, m.payload, received_us, (epoch | m.mid) if m.mid else None, m.dup) for m in messages]

    def mids(self, tokens: Sequence[Token]) -> list[int]:
        """Message ids to acknowledge: those of the connection that stands."""
        if not self._up:
            return []
        return [token & MID_MASK for token in tokens if token >> MID_BITS == self.epoch]
