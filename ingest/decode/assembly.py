"""From messages to rows: topics read, payloads decoded, rejects set apart."""

import json
import logging
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

import msgspec

from infra.clock import from_us
from ingest.decode.codecs import native
from ingest.decode.rejects import Reject
from ingest.decode.topics import Address, TopicError, parse
from ingest.source.protocol import Inbound
from processing.calls.call import VesselCall
from processing.calls.reading import read
from processing.model.errors import CallError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Rows:
    """Decoded samples of one stream, in order of arrival.

    Attributes:
        rows: samples.
        messages: for each sample its message.
        devices: for each sample where its address stands in `addresses`.
        addresses: each once.
        places: which sample of its message one is, by its index in `rows`; told where samples of the same message
            were refused, see `place`.
        extra: JSON of the keys that are no signals, by index in `rows`, where there are any.
    """

    rows: list[Any] = field(default_factory=list)
    messages: list[Inbound] = field(default_factory=list)
    devices: list[int] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    extra: dict[int, bytes] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def device(self, topic: str, address: Address) -> int:
        """Where an address stands in `addresses`; topics are quicker to look up."""
        found = self._known.get(topic)
        if found is None:
            self._known[topic] = found = len(self.addresses)
            self.addresses.append(address)
        return found

    def place(self, i: int) -> int:
        """Which sample of its message a sample is, -1 where it is the only one."""
        if i in self.places:
            return self.places[i]
        message, first, last = self.messages[i], i, i
        while first and self.messages[first - 1] is message:
            first -= 1
        while last + 1 < len(self.messages) and self.messages[last + 1] is message:
            last += 1
        return i - first if last > first else -1


@dataclass(frozen=True, slots=True)
class Status:
    """A device's status message. `at` in UTC, None where it carries no time, or none that can be."""

    address: Address
    online: bool
    at: datetime | None
    received_us: int
    type: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A vessel call as sent: understood, and its JSON; both None where it is withdrawn."""

    address: Address
    told: VesselCall | None
    payload: str | None
    received_us: int


@dataclass(slots=True)
class Assembled:
    """One batch of messages, understood."""

    streams: dict[str, Rows] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


class _StatusPayload(msgspec.Struct):
    online: bool
    ts: datetime | int | None = None
    type: str | None = None


class Assembler:
    """Keeps what topics mean, since the same ones come again and again."""

    MOST_TOPICS = 100_000

    def __init__(self) -> None:
        self._known: dict[str, Address] = {}
        self._status = msgspec.json.Decoder(_StatusPayload)

    def assemble(self, messages: list[Inbound], done: Assembled | None = None) -> Assembled:
        """Understand messages; everything in them ends in one of the lists.

        Args:
            messages: a batch, or a part of one.
            done: the parts of the batch before.
        """
        done = done if done is not None else Assembled()
        for message in messages:
            address = self._known.get(message.topic) or self._address(message, done)
            if address is None:
                continue
            try:
                self._one(message, address, done)
            except Exception as error:  # whatever a message does to its reader, it is not lost, and holds up nothing
                log.exception("a message on %s cannot be read", message.topic)
                detail = f"{type(error).__name__}: {error}; please report this with the payload"
                done.rejects.append(Reject(message, message.payload, "internal", detail, address))
        return done

    def _one(self, message: Inbound, address: Address, done: Assembled) -> None:
        if address.kind == "telemetry":
            self._telemetry(message, address, done)
        elif address.kind == "status":
            self._status_message(message, address, done)
        else:
            self._call(message, address, done)

    def _address(self, message: Inbound, done: Assembled) -> Address | None:
        try:
            address = parse(message.topic)
        except TopicError as error:
            reason, detail = error.args
            done.rejects.append(Reject(message, message.payload, reason, detail, None))
            return None
        if len(self._known) >= self.MOST_TOPICS:
            self._known.clear()
        self._known[message.topic] = address
        return address

    @staticmethod
    def _telemetry(message: Inbound, address: Address, done: Assembled) -> None:
        got = native.decode(message.payload, address)
        rows = done.streams.get(address.stream)
        if rows is None:
            done.streams[address.stream] = rows = Rows()
        device = rows.device(message.topic, address)
        if got.__class__ is list:
            rows.rows += got
            rows.messages += [message] * len(got)
            rows.devices += [device] * len(got)
        elif got.__class__ is native.Decoded:
            Assembler._odd(message, address, device, got, rows, done)
        else:
            rows.rows.append(got)
            rows.messages.append(message)
            rows.devices.append(device)

    @staticmethod
    def _odd(
        message: Inbound, address: Address, device: int, decoded: native.Decoded, rows: Rows, done: Assembled
    ) -> None:
        """A message that needed a closer look: keys that are no signals, samples refused."""
        first = len(rows.rows)
        count = len(decoded.rows)
        rows.rows += decoded.rows
        rows.messages += [message] * count
        rows.devices += [device] * count
        if count and decoded.refused:
            gone = {r.place for r in decoded.refused}
            kept = [place for place in range(count + len(gone)) if place not in gone]
            rows.places.update(zip(range(first, first + count), kept, strict=True))
        rows.extra.update((first + i, extra) for i, extra in enumerate(decoded.extra) if extra is not None)
        done.rejects += [
            Reject(
                message,
                r.sample if r.sample is not None else message.payload,
                r.reason,
                r.detail,
                address,
                r.place,
                r.seq,
                r.boot,
            )
            for r in decoded.refused
        ]

    def _status_message(self, message: Inbound, address: Address, done: Assembled) -> None:
        if not message.payload:
            return  # an empty retained message deletes the status: nothing to store
        try:
            payload = self._status.decode(message.payload)
            if "\0" in (payload.type or ""):
                raise msgspec.ValidationError("type holds U+0000")
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            detail = f'send {{"online": true or false, "ts": time}}: {error}'
            done.rejects.append(Reject(message, message.payload, "bad_status", detail, address))
            return
        done.statuses.append(Status(address, payload.online, _instant(payload.ts), message.received_us, payload.type))

    @staticmethod
    def _call(message: Inbound, address: Address, done: Assembled) -> None:
        if not message.payload:  # so a retained message is deleted: there is no such call any more
            done.calls.append(Call(address, None, None, message.received_us))
            return
        try:
            call = json.loads(message.payload)
            text = json.dumps(call, allow_nan=False, ensure_ascii=False)
            text.encode()  # raises for half a surrogate pair
            if not isinstance(call, dict) or native.holds_nul(text):
                raise ValueError("not an object, or holds U+0000")
            told = read(address.terminal, address.device, call)
        except (ValueError, RecursionError) as error:
            detail = f"send a JSON object: {error}"
        except CallError as error:
            detail = str(error)
        else:
            done.calls.append(Call(address, told, text, message.received_us))
            return
        done.rejects.append(Reject(message, message.payload, "bad_call", detail, address))


def _instant(ts: datetime | int | None) -> datetime | None:
    try:
        at = from_us(ts * 1000) if isinstance(ts, int) else ts.astimezone(UTC) if ts is not None and ts.tzinfo else None
    except OverflowError:  # outside the years 1 to 9999
        return None
    # asyncpg takes the first and the last instant that Python has for infinities, which few readers understand.
    return at if at is not None and MINYEAR < at.year < MAXYEAR else None
