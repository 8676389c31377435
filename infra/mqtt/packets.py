"""MQTT packets that are put together here and not by paho, which takes twenty times as long.

Source: MQTT 5.0, 2.1 (fixed header), 3.3 (PUBLISH), 3.4 (PUBACK).
"""

import struct
from collections.abc import Sequence

PUBACK = 0x4002
"""Packet type PUBACK, two bytes follow."""
PUBLISH = 0x30
QOS_1, RETAIN, DUP = 0x02, 0x01, 0x08


def pubacks(mids: Sequence[int]) -> bytes:
    """PUBACK packets for these message ids. Source: MQTT 5.0, 3.4.2.1: without a reason code it is success."""
    return struct.pack(f">{2 * len(mids)}H", *(part for mid in mids for part in (PUBACK, mid)))


def publication(topic: str, payload: bytes, *, mid: int = 0, retain: bool = False, dup: bool = False) -> bytes:
    """A PUBLISH packet without properties; with a message id it is QoS 1, without QoS 0."""
    name = topic.encode()
    length = len(name) + len(payload) + (5 if mid else 3)
    head = PUBLISH | (QOS_1 if mid else 0) | (RETAIN if retain else 0) | (DUP if dup else 0)
    rest = mid.to_bytes(2) + b"\0" if mid else b"\0"
    return b"".join((bytes((head,)), variable(length), len(name).to_bytes(2), name, rest, payload))


def publications(messages: Sequence[tuple[str, bytes]]) -> bytes:
    """PUBLISH packets with QoS 0."""
    return b"".join([publication(topic, payload) for topic, payload in messages])


def variable(value: int) -> bytes:
    """A variable byte integer. Source: MQTT 5.0, 1.5.5."""
    if value < 128:
        return bytes((value,))
    found = bytearray()
    while True:
        value, low = divmod(value, 128)
        found.append(low | (128 if value else 0))
        if not value:
            return bytes(found)
