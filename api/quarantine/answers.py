"""What is answered about quarantined messages."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time


class Quarantined(Struct, frozen=True):
    """A message, or a sample of it, that was not understood, and what its sender should change."""

    id: int
    received_at: Time
    topic: str
    reason: str
    detail: str
    terminal: str | None
    stream: str | None
    device: str | None
    payload: Annotated[str, Meta(description="the first 1,000 bytes; what is not UTF-8 is shown as \ufffd")]
    payload_bytes: int


class Quarantine(Struct, frozen=True):
    """Quarantined messages, newest first, with counts over all of them."""

    quarantine: list[Quarantined]
    total: int
    by_reason: dict[str, int]
