"""Reads what the fast way refused: each sample on its own, with a reason for what is wrong."""

import json
from typing import Any

from ingest.decode.address import Address
from ingest.decode.codecs.native.limits import EXACT_DIGITS, MAX_BYTES, MAX_DEPTH, MAX_SAMPLES
from ingest.decode.codecs.native.texts import SampleError, extra_json, shown
from ingest.decode.codecs.native.values import boot_of, seq_of, time_of, value_of
from ingest.decode.protocol import Decoded, Refused
from ingest.decode.row_types import ROW_TYPES
from processing.streams import STREAMS

IDENTITY = ("device", "device_id", "terminal", "stream")


class Patient:
    """Reads payloads of one device.

    Args:
        address: where they come from.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._signals = STREAMS[address.stream].by_name
        self._row = ROW_TYPES[address.stream]

    def decode(self, payload: bytes) -> Decoded:
        """Rows and refusals of one payload."""
        try:
            samples = self._samples(payload)
        except SampleError as error:
            return Decoded(refused=[Refused(error.reason, error.detail)])
        rows: list[Any] = []
        extra: list[bytes | None] = []
        refused: list[Refused] = []
        for place, sample in enumerate(samples):
            try:
                row, rest = self._sample(sample)
            except SampleError as error:
                original = json.dumps(sample).encode() if len(samples) > 1 else None
                refused.append(Refused(error.reason, error.detail, original, place, *_counter(sample)))
            else:
                rows.append(row)
                extra.append(rest)
        return Decoded(rows, extra, refused)

    def _samples(self, payload: bytes) -> list[Any]:
        if len(payload) > MAX_BYTES:
            raise SampleError("too_large", f"{len(payload)} bytes; send at most {MAX_BYTES} in one message")
        got = _parse(payload)
        if _deeper_than(got, MAX_DEPTH):
            raise SampleError("too_deep", f"send JSON nested at most {MAX_DEPTH} levels deep")
        if isinstance(got, dict):
            return [got]
        if not isinstance(got, list):
            raise SampleError("not_object", f"send a JSON object or an array of objects, not {shown(got)}")
        if not got:
            raise SampleError("empty", "the array is empty; send at least one sample")
        if len(got) > MAX_SAMPLES:
            raise SampleError("too_many_samples", f"{len(got)} samples; send at most {MAX_SAMPLES} in one message")
        return got

    def _sample(self, sample: Any) -> tuple[Any, bytes | None]:
        if not isinstance(sample, dict):
            raise SampleError("not_object", f"each element of the array must be an object, this one is {shown(sample)}")
        rest = dict(sample)
        self._check_identity(rest)
        fields: dict[str, Any] = {"ts": time_of(rest), "seq": seq_of(rest), "boot": boot_of(rest)}
        for name in [name for name in rest if name in self._signals]:
            fields[name] = value_of(self._signals[name], rest.pop(name))
        return self._row(**fields), extra_json(rest)

    def _check_identity(self, rest: dict[str, Any]) -> None:
        expected = {
            "device": self._address.device,
            "device_id": self._address.device,
            "terminal": self._address.terminal,
            "stream": self._address.stream,
        }
        for key in IDENTITY:
            if key in rest and rest.pop(key) != expected[key]:
                raise SampleError(
                    "wrong_device",
                    f"{key!r} in the payload differs from the topic's {expected[key]!r}; publish to the device's own "
                    "topic, or leave the key out",
                )


def _parse(payload: bytes) -> Any:
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SampleError("not_json", f"byte {error.start} is no UTF-8; send JSON text in UTF-8") from None
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        raise SampleError("too_deep", f"send JSON nested at most {MAX_DEPTH} levels deep") from None
    except ValueError as error:
        raise SampleError("not_json", f"no JSON: {error}") from None


def _whole(digits: str) -> int | float:
    """Integers as they are sent; what no double can hold is out of every range."""
    return int(digits) if len(digits) <= EXACT_DIGITS else float(digits)


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _counter(sample: Any) -> tuple[int | None, str | None]:
    """Seq and boot of a refused sample, where they can be read."""
    if not isinstance(sample, dict):
        return None, None
    try:
        return seq_of(dict(sample)), boot_of(dict(sample))
    except SampleError:
        return None, None
