"""Counting per device what became of its samples."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from infra.clock import from_us_or_none
from infra.connection import Connection
from infra.sql import blocks
from processing.model.samples import Samples

SQL = blocks(__file__, "writer.sql")


@dataclass(slots=True)
class Count:
    """What became of one device's samples since the last time it was written down. Times in µs since 1970 UTC."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    late: int = 0
    out_of_range: int = 0
    unknown_keys: int = 0
    quarantined: int = 0
    seq_gaps: int = 0
    last_us: int | None = None
    last_received_us: int | None = None

    def add(self, other: "Count") -> None:
        """Add another count of the same device."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.last_us = _later(self.last_us, other.last_us)
        self.last_received_us = _later(self.last_received_us, other.last_received_us)


NUMBERS = tuple(field.name for field in fields(Count) if not field.name.startswith("last"))


def _later(a: int | None, b: int | None) -> int | None:
    return a if b is None or (a is not None and a > b) else b


Fate = Literal["out_of_range", "contradictory", "conflict", "quarantined"]
"""What has a cause: a signal, signals that contradict each other, or a reason of the quarantine."""


class Tally:
    """Counts by device id.

    Attributes:
        counts: by device id.
        causes: how often something had a cause, by device id, fate and cause.
    """

    def __init__(self) -> None:
        self.counts: dict[int, Count] = {}
        self.causes: Counter[tuple[int, Fate, str]] = Counter()

    def of(self, device_id: int) -> Count:
        """The count of one device."""
        count = self.counts.get(device_id)
        if count is None:
            self.counts[device_id] = count = Count()
        return count

    def add(self, other: "Tally") -> None:
        """Add all of another tally."""
        for device_id, count in other.counts.items():
            self.of(device_id).add(count)
        self.causes.update(other.causes)

    def quarantined(self, device_id: int, reason: str) -> None:
        """Count a sample as quarantined."""
        self.of(device_id).quarantined += 1
        self.causes[device_id, "quarantined", reason] += 1

    def out_of_range(self, device_id: int, signal: str, count: int) -> None:
        """Count values as left out."""
        self.of(device_id).out_of_range += count
        self.causes[device_id, "out_of_range", signal] += count

    def contradictory(self, device_id: int, signals: str, count: int) -> None:
        """Count samples as contradicting themselves; they are stored as they are."""
        self.causes[device_id, "contradictory", signals] += count

    def conflicting(self, device_id: int, signal: str, count: int) -> None:
        """Count values of a signal as different from one of the same time; they are stored as they are."""
        self.causes[device_id, "conflict", signal] += count

    def total(self) -> Count:
        """The sum over all devices."""
        total = Count()
        for count in self.counts.values():
            total.add(count)
        return total

    def received(self, samples: Samples) -> None:
        """Count samples as received, and note the newest."""
        devices, places, counts = np.unique(samples.device_id, return_inverse=True, return_counts=True)
        newest = np.full(len(devices), np.iinfo(np.int64).min)
        arrived = newest.copy()
        np.maximum.at(newest, places, samples.time_us)
        np.maximum.at(arrived, places, samples.received_us)
        rows = zip(devices.tolist(), counts.tolist(), newest.tolist(), arrived.tolist(), strict=True)
        for device_id, received, last_us, last_received_us in rows:
            self.of(device_id).add(Count(received=received, last_us=last_us, last_received_us=last_received_us))
        for device_id, extra in zip(samples.device_id.tolist(), samples.extra, strict=True):
            if extra is not None:
                self.of(device_id).unknown_keys += 1


async def write(connection: Connection, tally: Tally) -> None:
    """Add a tally to the counts of its devices, within a transaction."""
    ordered = sorted(tally.counts.items())
    if ordered:
        columns = [[getattr(count, name) for _, count in ordered] for name in NUMBERS]
        await connection.execute(
            SQL["count"],
            [device_id for device_id, _ in ordered],
            *columns,
            [from_us_or_none(count.last_us) for _, count in ordered],
            [from_us_or_none(count.last_received_us) for _, count in ordered],
        )
    if tally.causes:  # in order, as above: two writers must not wait for each other
        rows = [(*key, count) for key, count in sorted(tally.causes.items())]
        await connection.execute(SQL["cause"], *map(list, zip(*rows, strict=True)))
