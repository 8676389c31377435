"""What is answered about devices: counters, and newest samples."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time

Scalar = float | int | bool | str


class Device(Struct, frozen=True):
    """One source of messages, with what was counted of it since it was first seen."""

    terminal: str
    stream: str
    device: str
    type: str | None
    online: bool | None
    first_seen: Time
    last_time: Time | None
    last_received_at: Time | None
    received: int
    stored: int
    duplicate: int
    late: int
    out_of_range: int
    unknown_keys: int
    quarantined: int
    seq_gaps: Annotated[int, Meta(description="seq numbers that were skipped")]
    out_of_range_by_signal: Annotated[dict[str, int], Meta(description="values left out, implausible or NaN")]
    contradictory_by_signals: Annotated[
        dict[str, int], Meta(description="samples stored whose values of these signals cannot be true together")
    ]
    conflicts_by_signal: Annotated[
        dict[str, int], Meta(description="values stored beside another one of the same time, of samples without seq")
    ]
    quarantined_by_reason: dict[str, int]


class Devices(Struct, frozen=True):
    """Devices in order of terminal, stream and id."""

    devices: list[Device]


class Latest(Struct, frozen=True):
    """The newest sample of a device; `signals` holds only what the sample carried."""

    terminal: str
    stream: str
    device: str
    time: Time
    seq: Annotated[int | None, Meta(description="null where the device sends none")]
    received_at: Time
    signals: dict[str, Scalar | list[str]]


class LatestList(Struct, frozen=True):
    """Newest samples, one per device."""

    latest: list[Latest]
