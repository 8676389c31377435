"""Documents of the native encoding: vessel calls and the like; each kind reads its own fields."""

import json

from ingest.decode.address import Address
from ingest.decode.codecs.native.limits import MAX_BYTES
from ingest.decode.codecs.native.texts import holds_nul
from ingest.decode.protocol import Decoded, Document, Refused
from ingest.source.protocol import Inbound
from processing.model.document import DocumentKind
from processing.model.errors import DocumentError


def decode_document(message: Inbound, address: Address, kind: DocumentKind) -> Decoded:
    """The document as announced; withdrawn where an empty retained message deletes it."""
    if not message.payload:
        return Decoded(documents=[Document(address, None, None, message.received_us, message.topic)])
    if len(message.payload) > MAX_BYTES:
        detail = f"{len(message.payload)} bytes; send at most {MAX_BYTES} in one document"
        return Decoded(refused=[Refused(kind.reason, detail)])
    try:
        payload = json.loads(message.payload)
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        text.encode()  # raises for half a surrogate pair
        if not isinstance(payload, dict) or holds_nul(text):
            raise ValueError("not an object, or holds U+0000")
        content = kind.read(address.terminal, address.device, payload)
    except (ValueError, RecursionError) as error:
        return Decoded(refused=[Refused(kind.reason, f"send a JSON object: {error}")])
    except DocumentError as error:
        return Decoded(refused=[Refused(kind.reason, str(error))])
    return Decoded(documents=[Document(address, content, text, message.received_us, message.topic)])
