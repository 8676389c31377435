"""Rejects as rows of the quarantine; a sample that the database refuses for its content, as a reject."""

import math
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec

from infra.clock import from_us
from ingest.decode.address import Address
from ingest.decode.rejects import Reject
from ingest.source.protocol import Inbound
from processing.model import topics
from processing.model.samples import Samples

KEPT_BYTES = 2 * 1024 * 1024
"""A payload that is larger, which no codec reads, is not kept whole. [bytes]"""
SHOWN_BYTES = 64 * 1024
"""Of such a payload. [bytes]"""


def reject(samples: Samples, i: int, address: Address, error: BaseException) -> Reject:
    """One sample as a reject, with the database's own words."""
    seq = int(samples.seq[i]) if samples.seq[i] >= 0 else None
    sample: dict[str, Any] = {"ts": from_us(int(samples.time_us[i]))} | ({} if seq is None else {"seq": seq})
    if samples.boot[i] is not None:
        sample["boot"] = samples.boot[i]
    for signal in samples.stream.signals:
        value = _value(samples, signal.name, i)
        if value is not None:
            sample[signal.name] = value
    extra = samples.extra[i]
    payload = msgspec.json.encode(sample | (msgspec.json.decode(extra) if extra is not None else {}))
    topic = topics.telemetry(address.terminal, address.stream, address.device)
    received_us = int(samples.received_us[i])
    detail = f"the database refuses this sample: {error}; change the value, or the table's constraint"
    # Marked as delivered before: the same sample, delivered again after a crash, is quarantined once.
    return Reject(Inbound(topic, payload, received_us, None, True), payload, "database", detail, address, seq=seq)


def _value(samples: Samples, name: str, i: int) -> Any:
    signal = samples.stream.by_name[name]
    if not signal.numeric:
        return samples.texts[name][i]
    number = float(samples.number(name)[i])
    if math.isnan(number):
        return None
    if signal.kind == "bool":
        return number != 0
    if signal.kind == "enum":
        return signal.values[int(number)]
    return int(number) if signal.kind == "int" else number


def _kept(reject: Reject) -> tuple[bytes, str]:
    """What is kept of a payload, and the detail, which has the length and the hash of one that is not kept whole."""
    payload = reject.payload
    if len(payload) <= KEPT_BYTES:
        return payload, reject.detail
    whole = f"{len(payload)} bytes, SHA-256 {sha256(payload).hexdigest()}, the first {SHOWN_BYTES} are kept"
    return payload[:SHOWN_BYTES], f"{reject.detail} ({whole})"


def rows(rejects: Sequence[Reject]) -> list[tuple[Any, ...]]:
    """Rejects as rows of `quarantine`, and whether a row that is there already is the same."""
    return [
        (
            from_us(r.message.received_us),
            r.message.topic,
            payload,
            r.reason,
            detail,
            r.address.terminal if r.address else None,
            r.address.stream if r.address else None,
            r.address.device if r.address else None,
            r.digest,
            r.message.redelivered,
        )
        for r in rejects
        for payload, detail in [_kept(r)]
    ]
