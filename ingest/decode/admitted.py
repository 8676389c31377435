"""Devices whose messages are taken where a setting does not accept those without an account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from infra.access.device_name import DeviceName
from ingest.decode.address import Address
from ingest.decode.protocol import Decoded, Decoder, Refused
from ingest.source.protocol import Inbound

KINDS = frozenset({"telemetry", "status"})
"""What devices send. Documents are announced by others, who have no account of a device."""


@dataclass(slots=True)
class Admitted:
    """Devices with an account in force.

    Attributes:
        names: replaced as a whole where accounts change; what is decoded afterwards follows.
    """

    names: frozenset[DeviceName] = frozenset()


def only_admitted(address: Address, decode: Decoder, admitted: Admitted) -> Decoder:
    """Reads as another decoder does, and refuses all of it while the device has no account."""
    if address.kind not in KINDS:
        return decode
    name = DeviceName(address.terminal, address.stream, address.device)

    def decode_admitted(message: Inbound) -> Any:
        got = decode(message)
        return got if name in admitted.names else _unregistered(name, got)

    return decode_admitted


def _unregistered(name: DeviceName, got: Any) -> Decoded:
    """All samples and statuses as refusals, with the seqs for receipts; what is refused anyway keeps its reason."""
    decoded = got if got.__class__ is Decoded else Decoded(rows=got if got.__class__ is list else [got])
    detail = f"{name} has no account; `quaystream device add {name}` makes one"
    refused = [*decoded.refused, *_samples(decoded, detail)]
    refused += [Refused("unregistered", detail) for _ in decoded.statuses]
    return Decoded(refused=refused, documents=decoded.documents)


def _samples(decoded: Decoded, detail: str) -> Iterator[Refused]:
    rows = decoded.rows
    if len(rows) == 1 and not decoded.refused:  # the message is this sample
        yield Refused("unregistered", detail, None, -1, rows[0].seq, rows[0].boot)
        return
    refused = {one.place for one in decoded.refused}
    places = (place for place in range(len(rows) + len(refused)) if place not in refused)
    extras = decoded.extra or [None] * len(rows)
    for row, extra, place in zip(rows, extras, places, strict=False):
        sample = msgspec.to_builtins(row) | (msgspec.json.decode(extra) if extra is not None else {})
        yield Refused("unregistered", detail, msgspec.json.encode(sample), place, row.seq, row.boot)
