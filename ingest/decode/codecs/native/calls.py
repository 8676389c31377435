"""Vessel calls of the native encoding; `processing.calls.reading` reads their fields."""

import json

from ingest.decode.address import Address
from ingest.decode.codecs.native.texts import holds_nul
from ingest.decode.protocol import Call, Decoded, Refused
from ingest.source.protocol import Inbound
from processing.calls.reading import read
from processing.model.errors import CallError


def decode_call(message: Inbound, address: Address) -> Decoded:
    """The call as announced; withdrawn where an empty retained message deletes it."""
    if not message.payload:
        return Decoded(calls=[Call(address, None, None, message.received_us)])
    try:
        payload = json.loads(message.payload)
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        text.encode()  # raises for half a surrogate pair
        if not isinstance(payload, dict) or holds_nul(text):
            raise ValueError("not an object, or holds U+0000")
        call = read(address.terminal, address.device, payload)
    except (ValueError, RecursionError) as error:
        return Decoded(refused=[Refused("bad_call", f"send a JSON object: {error}")])
    except CallError as error:
        return Decoded(refused=[Refused("bad_call", str(error))])
    return Decoded(calls=[Call(address, call, text, message.received_us)])
