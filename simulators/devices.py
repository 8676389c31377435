"""What the simulated devices of a terminal send for a span of time, and what really happened meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from infra.clock import from_us
from processing.model.stream import Stream

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Device:
    """A device as its status message describes it."""

    stream: str
    name: str
    type: str


class Truth(Protocol):
    """Something that really happened: the detectors are scored against it, and quaystream never reads it.

    Attributes:
        fact: its kind, as in the topic on which it is published.
    """

    fact: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """What is published of it; times as RFC 3339."""
        ...


@dataclass(slots=True)
class Slice:
    """What the devices send for a span of time: rows by stream and device, each in order, and the truth of it."""

    rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    truth: list[Truth] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))

    def of(self, kind: type[T]) -> list[T]:
        """What happened of one kind."""
        return [one for one in self.truth if isinstance(one, kind)]


class Group(Protocol):
    """All devices of one stream at a terminal: a simulator."""

    @property
    def devices(self) -> Sequence[Device]:
        """Which there are; they stay the same."""
        ...

    def advance(self, until_ms: int, made: Slice) -> None:
        """Put everything with a time before `until_ms` into a slice, each once."""
        ...


class Rows:
    """Makes rows of samples that encode to a sample's JSON, absent signals left out, and numbers them.

    Args:
        stream: of the devices.
        boot: name of this generation of their counters.
    """

    def __init__(self, stream: Stream, boot: str) -> None:
        self.stream = stream
        self._boot = boot
        self._next: dict[str, int] = {}
        self._type = _row_type(stream)

    def __getstate__(self) -> tuple[Stream, str, dict[str, int]]:
        return self.stream, self._boot, self._next

    def __setstate__(self, state: tuple[Stream, str, dict[str, int]]) -> None:
        self.stream, self._boot, self._next = state
        self._type = _row_type(self.stream)

    def one(self, device: str, time_ms: int, signals: dict[str, Any]) -> Any:
        """The next row of a device."""
        return self._type(ts=time_ms, seq=self._count(device, 1), boot=self._boot, **signals)

    def many(self, device: str, time_ms: Sequence[int], columns: Sequence[Iterable[Any]]) -> list[Any]:
        """The next rows of a device.

        Args:
            device: its name.
            time_ms: of the samples, in order. [ms since 1970 UTC]
            columns: values of its signals, in the stream's order; the last ones may be left out.
        """
        row, boot = self._type, self._boot
        first = self._count(device, len(time_ms))
        numbers = range(first, first + len(time_ms))
        return [row(at, seq, boot, *values) for at, seq, *values in zip(time_ms, numbers, *columns, strict=True)]

    def _count(self, device: str, count: int) -> int:
        first = self._next.get(device, 1)
        self._next[device] = first + count
        return first


@cache
def _row_type(stream: Stream) -> type[Any]:
    fields: list[Any] = [("ts", int), ("seq", int), ("boot", str)]
    fields += [(signal.name, Any, None) for signal in stream.signals]
    return msgspec.defstruct(f"{stream.name.title()}Sent", fields, omit_defaults=True)


class Sampled(Protocol):
    """Simulates devices that send few samples, one by one."""

    def until(self, end_ms: int) -> tuple[Iterable[tuple[int, str, dict[str, Any]]], Sequence[Truth]]:
        """Samples (time, device, signals) before a time in order, and what came to its end."""
        ...


class SampledGroup:
    """Such devices as a group."""

    def __init__(self, devices: Sequence[Device], simulator: Sampled, rows: Rows) -> None:
        self.devices = devices
        self._simulator, self._rows = simulator, rows

    def advance(self, until_ms: int, made: Slice) -> None:
        """Put everything with a time before `until_ms` into a slice, each once."""
        samples, truth = self._simulator.until(until_ms)
        stream = self._rows.stream.name
        for time_ms, device, signals in samples:
            made.rows.setdefault((stream, device), []).append(self._rows.one(device, time_ms, signals))
        made.truth += truth


def text(time_ms: int) -> str:
    """A time as payloads write it. [ms since 1970 UTC]."""
    return from_us(time_ms * 1000).isoformat(timespec="milliseconds").replace("+00:00", "Z")
