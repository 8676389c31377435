"""Telemetry of the native encoding: a fast typed decoder in front of the patient one.

Nearly every message takes the fast way: msgspec straight into a struct of the stream's signals. What it refuses is read
once more by the patient way, sample by sample, so that good samples of a bad message are kept and the sender gets to
know what to change.
"""

from typing import Any

import msgspec

from ingest.decode.address import Address
from ingest.decode.codecs.native.limits import MAX_BYTES, MAX_SAMPLES
from ingest.decode.codecs.native.patient import Patient
from ingest.decode.protocol import Decoder
from ingest.decode.row_types import ROW_TYPES
from ingest.source.protocol import Inbound

NUL_ESCAPE = b"\\u0000"


def _one_or_many(row: Any) -> Any:
    return row | list[row]


_FAST: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(_one_or_many(row)) for name, row in ROW_TYPES.items()
}


def decoder(address: Address) -> Decoder:
    """What reads the telemetry of a device."""
    typed = _FAST[address.stream].decode

    def decode(message: Inbound) -> Any:
        payload = message.payload
        if len(payload) <= MAX_BYTES and NUL_ESCAPE not in payload:
            try:
                got = typed(payload)
            except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
                return Patient(address).decode(payload)
            if got.__class__ is not list or 0 < len(got) <= MAX_SAMPLES:
                return got
        return Patient(address).decode(payload)

    return decode
