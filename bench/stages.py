"""CPU time of each step of the worker on recorded messages, in this process, without servers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bench.messages import Message
from infra import garbage
from infra.mqtt.packet_reader import Wire
from infra.mqtt.packets import pubacks, publications
from ingest.decode.address import Address
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.broker_session import BrokerSession
from ingest.source.protocol import Inbound
from ingest.store import copy_in
from ingest.store.counts import Tally
from ingest.worker.receipts import Delivered
from processing.engine import Engine
from processing.model.device import Device
from processing.model.samples import groups
from processing.site.configuration import Sites
from processing.streams import STREAMS

R = TypeVar("R")


class _Recorded:
    """A socket that gives recorded bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def recv(self, size: int) -> bytes:
        """The next bytes."""
        self._at += size
        return self._data[self._at - size : self._at]


@dataclass(slots=True)
class Stages:
    """Seconds by step."""

    taken_s: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, work: Callable[[], R]) -> R:
        """Do a step, and add its CPU time."""
        began = time.process_time()
        result = work()
        self.taken_s[name] = self.taken_s.get(name, 0.0) + time.process_time() - began
        return result


def measure(messages: list[Message], at_once: int) -> dict[str, float]:
    """CPU time a message by step [µs]."""
    stages, assembler, engine, delivered = Stages(), Assembler(CODECS), Engine(Sites()), Delivered()
    session = BrokerSession(expected=False)
    ids: dict[Address, int] = {}
    garbage.settle()  # as the worker does before its first message
    now_us = time.time_ns() // 1000
    for i in range(0, len(messages), at_once):
        data = publications(messages[i : i + at_once])
        wire = Wire(_Recorded(data))

        def read(wire: Wire = wire, size: int = len(data)) -> list[Inbound]:
            found: list[Inbound] = []
            while len(found) < at_once and size > 0:
                came = wire.messages()
                if not came:
                    break
                found += session.inbound(came, now_us)
            return found

        batch = stages.timed("read", read)
        done = stages.timed("decode", lambda batch=batch: assembler.assemble(batch))  # type: ignore[misc] # default binds
        for name, rows in done.streams.items():
            for address in rows.addresses:
                if address not in ids:
                    ids[address] = len(ids) + 1
                    engine.register(Device(ids[address], address.terminal, name, address.device, "STS", 2**62))
            _columns(stages, name, rows, ids, now_us, engine, delivered)
        stages.timed("kpis", engine.kpis)
        stages.timed("acknowledge", lambda batch=batch: pubacks([7] * len(batch)))  # type: ignore[misc] # default binds
    return {name: took_s / len(messages) * 1e6 for name, took_s in stages.taken_s.items()}


def _columns(
    stages: Stages, name: str, rows: object, ids: dict[Address, int], now_us: int, engine: Engine, delivered: Delivered
) -> None:
    checked = stages.timed("columns", lambda: to_columns(STREAMS[name], rows, ids, now_us, Limits(3_650, 60)))  # type: ignore[arg-type] # Rows
    stages.timed("account", lambda: Tally().received(checked.samples))
    samples = stages.timed("order", checked.samples.in_order)
    stages.timed("account", lambda: delivered.add(samples, *groups(samples)))
    stages.timed("engine", lambda: engine.feed(samples, now_us))
    stages.timed("encode", lambda: copy_in.encode(samples))
