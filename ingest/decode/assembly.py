"""From messages to rows: topics read, payloads decoded, rejects set apart."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.decode.address import Address, InputTopicError
from ingest.decode.admitted import Admitted, only_admitted
from ingest.decode.filters import matches
from ingest.decode.protocol import Codec, Decoded, Decoder, Document, Status
from ingest.decode.rejects import Reject
from ingest.source.protocol import Inbound

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Rows:
    """Decoded samples of one stream, in order of arrival.

    Attributes:
        rows: samples.
        messages: for each sample its message.
        devices: for each sample where its address stands in `addresses`.
        addresses: each once.
        places: which sample of its message one is, by its index in `rows`, where samples of the same message were
            refused; see `place`.
        extra: JSON of the keys that are no signals, by index in `rows`, where there are any.
    """

    rows: list[Any] = field(default_factory=list)
    messages: list[Inbound] = field(default_factory=list)
    devices: list[int] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    extra: dict[int, bytes] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, message: Inbound, address: Address, got: Any) -> None:
        """Take in one row of a message, or a list of them."""
        device = self._known.get(message.topic)  # topics are quicker to look up than addresses
        if device is None:
            self._known[message.topic] = device = len(self.addresses)
            self.addresses.append(address)
        if got.__class__ is list:
            self.rows += got
            self.messages += [message] * len(got)
            self.devices += [device] * len(got)
        else:
            self.rows.append(got)
            self.messages.append(message)
            self.devices.append(device)

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


@dataclass(slots=True)
class Assembled:
    """One batch of messages, decoded."""

    streams: dict[str, Rows] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def rows_of(self, stream: str) -> Rows:
        """Rows of a stream."""
        rows = self.streams.get(stream)
        if rows is None:
            self.streams[stream] = rows = Rows()
        return rows


Route = tuple[Address, Decoder]
"""Where messages of a topic come from, and what reads them."""


class Assembler:
    """Decodes messages, and keeps what topics mean, since the same ones come again and again.

    Args:
        codecs: each gets the topics that its filters cover, the last one all others too.
        admitted: devices whose messages are taken; None: those of all.
    """

    MOST_TOPICS = 100_000

    def __init__(self, codecs: Sequence[Codec], admitted: Admitted | None = None) -> None:
        self._codecs = codecs
        self._admitted = admitted
        self._routes: dict[str, Route] = {}

    def assemble(self, messages: list[Inbound], done: Assembled | None = None) -> Assembled:
        """Decode messages; everything in them ends in one of the lists.

        Args:
            messages: a batch, or a part of one.
            done: the parts of the batch before.
        """
        done = done if done is not None else Assembled()
        routes, streams = self._routes, done.streams
        for message in messages:
            route = routes.get(message.topic) or self._route(message, done)
            if route is None:
                continue
            address, decode = route
            try:
                got = decode(message)
                if got.__class__ is Decoded:
                    _decoded(message, address, got, done)
                else:
                    (streams.get(address.stream) or done.rows_of(address.stream)).add(message, address, got)
            except Exception as error:  # whatever a message does to its reader, it is not lost, and holds up nothing
                log.exception("a message on %s cannot be read", message.topic)
                detail = f"{type(error).__name__}: {error}; please report this with the payload"
                done.rejects.append(Reject(message, message.payload, "internal", detail, address))
        return done

    def _route(self, message: Inbound, done: Assembled) -> Route | None:
        codec = self._codec_of(message.topic)
        try:
            address = codec.address(message.topic)
        except InputTopicError as error:
            done.rejects.append(Reject(message, message.payload, error.reason, error.detail, None))
            return None
        if len(self._routes) >= self.MOST_TOPICS:
            self._routes.clear()
        decode = codec.decoder(address)
        if self._admitted is not None:
            decode = only_admitted(address, decode, self._admitted)
        route = self._routes[message.topic] = (address, decode)
        return route

    def _codec_of(self, topic: str) -> Codec:
        claims = (codec for codec in self._codecs if any(matches(one, topic) for one in codec.filters))
        return next(claims, self._codecs[-1])


def _decoded(message: Inbound, address: Address, decoded: Decoded, done: Assembled) -> None:
    """Take in what is more than rows: keys that are no signals, refusals, statuses, documents."""
    done.statuses += decoded.statuses
    done.documents += decoded.documents
    if decoded.rows:
        rows = done.rows_of(address.stream)
        first, count = len(rows.rows), len(decoded.rows)
        rows.add(message, address, decoded.rows)
        if decoded.refused:
            refused = {r.place for r in decoded.refused if r.place >= 0}
            kept = [place for place in range(count + len(refused)) if place not in refused]
            rows.places.update(zip(range(first, first + count), kept, strict=True))
        rows.extra.update((first + i, extra) for i, extra in enumerate(decoded.extra) if extra is not None)
    for r in decoded.refused:
        payload = message.payload if r.sample is None else r.sample
        done.rejects.append(Reject(message, payload, r.reason, r.detail, address, r.place, r.seq, r.boot))
