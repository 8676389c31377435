"""Payloads for which the codec raises, one exception type after the other."""

import asyncio
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from ingest.decode.address import Address
from ingest.decode.protocol import Decoder
from ingest.source.protocol import Inbound

MARK = b'"raise":"'

KINDS: dict[str, Callable[[], BaseException]] = {
    "ValueError": lambda: ValueError("poison"),
    "TypeError": lambda: TypeError("poison"),
    "KeyError": lambda: KeyError("poison"),
    "IndexError": lambda: IndexError("poison"),
    "AttributeError": lambda: AttributeError("poison"),
    "RecursionError": lambda: RecursionError("poison"),
    "MemoryError": lambda: MemoryError("poison"),
    "OverflowError": lambda: OverflowError("poison"),
    "ZeroDivisionError": lambda: ZeroDivisionError("poison"),
    "AssertionError": lambda: AssertionError("poison"),
    "UnicodeDecodeError": lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "poison"),
    "UnicodeEncodeError": lambda: UnicodeEncodeError("utf-8", "\ud800", 0, 1, "poison"),
    "StopIteration": lambda: StopIteration("poison"),
    "OSError": lambda: OSError(28, "poison"),
    "TimeoutError": lambda: TimeoutError("poison"),
    "JSONDecodeError": lambda: json.JSONDecodeError("poison", "", 0),
    "MsgspecError": lambda: msgspec.ValidationError("poison"),
    "BinasciiError": lambda: binascii.Error("poison"),
    "InvalidStateError": lambda: asyncio.InvalidStateError("poison"),
    "PostgresError": lambda: asyncpg.DataError("poison"),
}
"""By name: what a parser may raise, or let through."""


def raising(decoder: Callable[[Address], Decoder]) -> Callable[[Address], Decoder]:
    """The codec, but that it raises what a payload asks for."""

    def changed(address: Address) -> Decoder:
        decode = decoder(address)

        def decode_or_raise(message: Inbound) -> Any:
            found = re.search(MARK + rb"(\w+)", message.payload)
            if found is not None:
                error = KINDS[found[1].decode()]()
                raise error
            return decode(message)

        return decode_or_raise

    return changed


def dropping(decoder: Callable[[Address], Decoder]) -> Callable[[Address], Decoder]:
    """The codec, but that it drops what it refuses."""

    def changed(address: Address) -> Decoder:
        decode = decoder(address)

        def decode_or_drop(message: Inbound) -> Any:
            got = decode(message)
            return got.rows if getattr(got, "refused", None) else got

        return decode_or_drop

    return changed
