"""Status messages of the native encoding."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime

import msgspec

from infra.clock import from_us
from ingest.decode.address import Address
from ingest.decode.protocol import Decoded, Refused, Status
from ingest.source.protocol import Inbound
from processing.model.payloads import MAX_TYPE, StatusPayload

_DECODER = msgspec.json.Decoder(StatusPayload)


def decode_status(message: Inbound, address: Address) -> Decoded:
    """The status of a device; nothing where an empty retained message deletes it."""
    if not message.payload:
        return Decoded()
    try:
        payload = _DECODER.decode(message.payload)
        if "\0" in (payload.type or ""):
            raise msgspec.ValidationError("type holds U+0000")
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        detail = f'send {{"online": true or false, "ts": time}}: {error}'
        return Decoded(refused=[Refused("bad_status", detail)])
    kind = None if payload.type is None else payload.type[:MAX_TYPE]
    status = Status(address, payload.online, _instant(payload.ts), message.received_us, kind)
    return Decoded(statuses=[status])


def _instant(ts: datetime | int | None) -> datetime | None:
    try:
        at = from_us(ts * 1000) if isinstance(ts, int) else ts.astimezone(UTC) if ts is not None and ts.tzinfo else None
    except OverflowError:  # outside the years 1 to 9999
        return None
    # asyncpg takes the first and the last instant that Python has for infinities, which few readers understand.
    return at if at is not None and MINYEAR < at.year < MAXYEAR else None
