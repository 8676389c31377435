"""A socket for paho that sets PUBLISH packets apart, so that they cost a microsecond and not twenty.

paho reads each packet with three calls of `recv` and half a hundred of Python. Nearly all packets that a subscriber
reads are PUBLISH with QoS 0 or 1, and nearly all that a publisher reads are PUBACK: those are taken out here, many from
one `recv`, and everything else is left for paho, which keeps the connection and the session. Measured in
docs/decisions/0003-mqtt-packets.md.
Source: MQTT 5.0, 2.1 (fixed header), 3.3 (PUBLISH) and 3.4 (PUBACK).
"""

import os
import socket
import ssl
from hashlib import sha256
from typing import Any

import msgspec

READ_BYTES = 64 * 1024
"""Read in one go before other tasks of the loop get their turn: about 200 messages of a crane."""
LONGEST_TOPIC = 1024
"""Of a longer name, which no codec can mean, only its beginning, its length and its hash are kept. [bytes]"""
SHOWN_OF_TOPIC = 256
"""Of such a name. [bytes]"""
CACHED_TOPICS = 8 * 1024 * 1024
"""What the names in the cache may take; about 25,000 topics of devices. [bytes]"""
CACHED_ENTRY = 200
"""What an entry of the cache takes besides its name, which stands in it twice. [bytes]"""
PUBLISH, PUBACK = 3, 4
OURS = 0x80
"""High byte of the message ids that paho does not give."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """One PUBLISH as received; `mid` is 0 where no acknowledgement is due (QoS 0)."""

    topic: str
    payload: bytes
    mid: int
    dup: bool
    retain: bool


class Wire:
    """Stands where paho expects its socket.

    Args:
        connected: the socket to the broker.

    Attributes:
        answers: message id and reason code of what the broker has answered to our publishing; who reads them clears it.
    """

    def __init__(self, connected: Any) -> None:
        self.answers: list[tuple[int, int]] = []
        self._socket = connected
        self._secure = isinstance(connected, ssl.SSLSocket)
        self._arrived = b""
        self._rest = bytearray()
        self._ended = False
        self._topics: dict[bytes, str] = {}
        self._topics_bytes = 0

    def messages(self) -> list[Message]:
        """PUBLISH packets read in one go, in order; what is not one waits for paho, see `waiting`."""
        try:
            data = self._read()
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        self._ended = not data
        try:
            return self._parted(data)
        except IndexError:  # lengths that lead beyond their packet: this is no broker
            self._ended = True
            return []

    def _read(self) -> bytes:
        """What has come, at most about `READ_BYTES`; empty at the end of the connection.

        Raises:
            BlockingIOError: nothing.
            OSError: the connection is broken.
        """
        if not self._secure:
            data: bytes = self._socket.recv(READ_BYTES)
            return data
        # TLS gives one record at a time, and a broker may make one of each message.
        records: list[bytes] = []
        size = 0
        try:
            while size < READ_BYTES and (record := self._socket.recv(READ_BYTES)):
                records.append(record)
                size += len(record)
        except ssl.SSLWantReadError:
            if not records:
                raise BlockingIOError from None
        except OSError:  # next time it is found again
            if not records:
                raise
        return b"".join(records)

    def _parted(self, data: bytes) -> list[Message]:
        buffer = self._arrived + data if self._arrived else data
        found: list[Message] = []
        at = 0
        while (end := _end(buffer, at)) > 0:
            kind = buffer[at] >> 4
            if kind == PUBLISH and not buffer[at] & 4:
                found.append(self._publish(buffer, at, end))
            elif kind == PUBACK and end - at >= 4 and buffer[at + 2] & OURS:
                self.answers.append((buffer[at + 2] << 8 | buffer[at + 3], buffer[at + 4] if end - at > 4 else 0))
            else:
                self._rest += buffer[at:end]
            at = end
        if end < 0:  # no packet can begin so: paho is to see it, and to end the connection
            self._rest += buffer[at:]
            at = len(buffer)
        self._arrived = buffer[at:]
        return found

    def _publish(self, buffer: bytes, at: int, end: int) -> Message:
        """The message in `buffer[at:end]`; IndexError where its lengths lead beyond the buffer."""
        head = buffer[at]
        start = at + 2
        while buffer[start - 1] & 0x80:
            start += 1
        name_end = start + 2 + (buffer[start] << 8 | buffer[start + 1])
        name = buffer[start + 2 : name_end]
        mid = 0
        if head & 2:
            mid = buffer[name_end] << 8 | buffer[name_end + 1]
            name_end += 2
        properties, payload_at = _length(buffer, name_end)
        topic = self._topics.get(name) or self._topic(name)
        return Message(topic, buffer[payload_at + properties : end], mid, bool(head & 8), bool(head & 1))

    def _topic(self, name: bytes) -> str:
        if len(name) > LONGEST_TOPIC:
            return abridged(name)
        try:
            topic = name.decode()
        except UnicodeDecodeError:
            topic = repr(name)
        if "\0" in topic:  # forbidden in MQTT, and PostgreSQL's text cannot hold it
            topic = repr(topic)
        self._topics_bytes += CACHED_ENTRY + 2 * len(name)
        if self._topics_bytes > CACHED_TOPICS:
            self._topics.clear()
            self._topics_bytes = CACHED_ENTRY + 2 * len(name)
        self._topics[bytes(name)] = topic
        return topic

    @property
    def waiting(self) -> bool:
        """Whether paho has something to read, the end of the connection included."""
        return self._ended or bool(self._rest)

    @property
    def partly_read(self) -> bool:
        """Whether the rest of a packet is still to come."""
        return bool(self._arrived)

    def duplicate(self) -> socket.socket:
        """The same connection, which is open until both are closed."""
        duplicate = socket.socket(fileno=os.dup(self._socket.fileno()))
        duplicate.setblocking(False)
        return duplicate

    # What paho calls.

    def recv(self, size: int) -> bytes:
        """What is left for paho; empty at the end of the connection, BlockingIOError where nothing waits."""
        if self._rest:
            taken = bytes(self._rest[:size])
            del self._rest[:size]
            return taken
        if self._ended:
            return b""
        raise BlockingIOError

    def send(self, data: bytes) -> int:
        """Send; how much was taken."""
        sent: int = self._socket.send(data)
        return sent

    def setblocking(self, flag: bool) -> None:
        """As a socket's."""
        self._socket.setblocking(flag)

    def without_delay(self) -> None:
        """Small packets leave at once."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def give_up_after(self, seconds: float) -> None:
        """Break the connection when what was sent is not taken for so long. [s]."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))

    def fileno(self) -> int:
        """As a socket's: -1 once it is closed."""
        number: int = self._socket.fileno()
        return number

    def close(self) -> None:
        """As a socket's."""
        self._socket.close()


def abridged(name: bytes) -> str:
    """A readable stand-in for a topic that is too long: no two topics have the same one."""
    shown = name[:SHOWN_OF_TOPIC].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"{shown}… ({len(name)} bytes, SHA-256 {sha256(name).hexdigest()})"


def _end(buffer: bytes, at: int) -> int:
    """Where the packet at this place ends; 0 where it is not whole yet, -1 where its length is none."""
    if at + 2 > len(buffer):
        return 0
    length = buffer[at + 1]
    start = at + 2
    if length & 0x80:
        shift, length = 7, length & 0x7F
        while True:
            if start >= len(buffer):
                return 0
            byte = buffer[start]
            start += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
            shift += 7
            if shift > 21:
                return -1
    end = start + length
    return end if end <= len(buffer) else 0


def _length(buffer: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer and the place behind it."""
    value = shift = 0
    while True:
        byte = buffer[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7
