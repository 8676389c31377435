"""Which seqs of a device are here, for the end-to-end acknowledgement; and how many are missing in between."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from processing.model.samples import Samples

MOST_RANGES = 64
"""Ranges kept of one boot of a device; of more, the oldest are given up: a gateway then sends them again."""
MOST_OLD_BOOTS = 1_000
MOST_MISSING = 1_000_000_000
"""Counted of one hole. A counter that jumps further has lost no messages; sums of such jumps exceed 64 bits."""


@dataclass(slots=True)
class Ranges:
    """A set of whole numbers as ranges, both ends included, in order."""

    ends: list[tuple[int, int]] = field(default_factory=list)

    def add(self, low: int, high: int) -> None:
        """Take in a range."""
        at = bisect_left(self.ends, (low, low))
        if at and self.ends[at - 1][1] >= low - 1:
            at -= 1
            low = self.ends[at][0]
        until = at
        while until < len(self.ends) and self.ends[until][0] <= high + 1:
            high = max(high, self.ends[until][1])
            until += 1
        self.ends[at:until] = [(low, high)]
        if len(self.ends) > MOST_RANGES:
            del self.ends[0]

    def touches(self, low: int, high: int) -> bool:
        """Whether it shares a number with a range."""
        at = bisect_left(self.ends, (high + 1, 0))
        return at > 0 and self.ends[at - 1][1] >= low

    @property
    def missing(self) -> int:
        """Numbers between the first and the last that are not here, of each hole at most `MOST_MISSING`."""
        return sum(min(b[0] - a[1] - 1, MOST_MISSING) for a, b in zip(self.ends, self.ends[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Of this boot of a device every seq from `first` to `last` is in the database or in quarantine."""

    device_id: int
    boot: str | None
    first: int
    last: int


class Delivered:
    """Seqs by device and boot, as far as this worker has seen them in its life.

    Nearly always a device's batch goes on where its last one ended: such are handled for all devices at once.
    """

    def __init__(self) -> None:
        self._boot: NDArray[np.object_] = np.full(64, None, object)
        self._low = np.zeros(64, np.int64)
        self._high = np.full(64, -1, np.int64)  # below `_low`: nothing yet
        self._ranges: dict[int, Ranges] = {}  # of the present boot, where there are holes
        self._old: OrderedDict[tuple[int, str | None], Ranges] = OrderedDict()
        self._touched: set[int] = set()
        self._fresh: dict[tuple[int, str | None], Ranges] = {}  # what came oddly since the last receipts
        self._touched_old: set[tuple[int, str | None]] = set()

    def add(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> dict[int, int]:
        """Take in samples in order; `starts` and `ends` are each device's first and last row.

        Returns: by device id, how many seqs went missing with these samples; negative where holes were filled.
        """
        if not len(samples):
            return {}
        self._room(int(samples.device_id[-1]))
        boots = np.array(samples.boot, object)
        devices = samples.device_id[starts]
        ahead = np.ones(len(samples), bool)
        ahead[1:] = (samples.seq[1:] == samples.seq[:-1] + 1) & (boots[1:] == boots[:-1])
        ahead[starts] = (samples.seq[starts] == self._high[devices] + 1) & (boots[starts] == self._boot[devices])
        ahead[starts] &= self._high[devices] >= self._low[devices]
        regular = np.logical_and.reduceat(ahead, starts)
        if self._ranges:
            regular &= ~np.isin(devices, list(self._ranges))
        easy = devices[regular]
        self._high[easy] = samples.seq[ends[regular]]
        self._touched.update(easy.tolist())
        missing: dict[int, int] = {}
        for at in np.flatnonzero(~regular).tolist():
            rows = slice(int(starts[at]), int(ends[at]) + 1)
            device_id = int(devices[at])
            missing[device_id] = self._add_oddly(device_id, samples.boot[rows], samples.seq[rows].tolist())
        return {device_id: count for device_id, count in missing.items() if count}

    def add_one(self, device_id: int, boot: str | None, seq: int) -> None:
        """Take in the seq of a sample that went to quarantine."""
        self._room(device_id)
        self._add_oddly(device_id, [boot], [seq])

    def receipts(self) -> list[Receipt]:
        """What is to be published of every device that sent something since the last call."""
        found: list[Receipt] = []
        for device_id in self._touched:
            boot, whole = self._boot[device_id], (int(self._low[device_id]), int(self._high[device_id]))
            found += self._of(device_id, boot, self._ranges.get(device_id) or Ranges([whole]))
        for device_id, boot in self._touched_old & self._old.keys():
            found += self._of(device_id, boot, self._old[device_id, boot])
        self._touched.clear()
        self._touched_old.clear()
        self._fresh.clear()
        return found

    def _of(self, device_id: int, boot: str | None, ranges: Ranges) -> list[Receipt]:
        """The ranges that have grown, or have come once more: one beyond a hole is published too.

        What lies in the hole may have been published by an earlier worker. Then no gateway will ever send it again.
        """
        fresh = self._fresh.get((device_id, boot))
        return [Receipt(device_id, boot, *ends) for ends in ranges.ends if fresh is None or fresh.touches(*ends)]

    def _room(self, device_id: int) -> None:
        have = len(self._low)
        if device_id >= have:
            more = max(have, device_id + 1 - have)
            self._boot = np.concatenate((self._boot, np.full(more, None, object)))
            self._low = np.concatenate((self._low, np.zeros(more, np.int64)))
            self._high = np.concatenate((self._high, np.full(more, -1, np.int64)))

    def _add_oddly(self, device_id: int, boots: list[str | None], seqs: list[int]) -> int:
        """Add what does not simply go on; how many more are missing."""
        before = self._missing(device_id)
        for boot, low, high in _runs(boots, seqs):
            if high < 0 or (boot is None and high == 0):  # sends no seq; 0 is what an earlier version stored for that
                continue
            if boot != self._boot[device_id] or self._high[device_id] < self._low[device_id]:
                self._switch(device_id, boot)
            self._add_now(device_id, low, high)
        return self._missing(device_id) - before

    def _switch(self, device_id: int, boot: str | None) -> None:
        """Another boot than the last one: a counter that started again, or late samples of an earlier one."""
        low, high = int(self._low[device_id]), int(self._high[device_id])
        if high >= low:
            key = (device_id, self._boot[device_id])
            holes = self._ranges.pop(device_id, None)
            self._old[key] = holes if holes is not None else Ranges([(low, high)])
            if device_id in self._touched:
                self._touched_old.add(key)
        known = self._old.pop((device_id, boot), None)
        ranges = known if known is not None else Ranges()
        while len(self._old) > MOST_OLD_BOOTS:
            self._old.popitem(last=False)
        self._boot[device_id] = boot
        self._keep(device_id, ranges)

    def _keep(self, device_id: int, ranges: Ranges) -> None:
        self._low[device_id], self._high[device_id] = (
            (ranges.ends[0][0], ranges.ends[-1][1]) if ranges.ends else (0, -1)
        )
        if len(ranges.ends) > 1:
            self._ranges[device_id] = ranges
        else:
            self._ranges.pop(device_id, None)

    def _add_now(self, device_id: int, first: int, last: int) -> None:
        low, high = int(self._low[device_id]), int(self._high[device_id])
        ranges = self._ranges.get(device_id) or Ranges([(low, high)] if high >= low else [])
        ranges.add(first, last)
        self._keep(device_id, ranges)
        self._touched.add(device_id)
        self._fresh.setdefault((device_id, self._boot[device_id]), Ranges()).add(first, last)

    def _missing(self, device_id: int) -> int:
        own = self._ranges.get(device_id)
        return (own.missing if own else 0) + sum(
            ranges.missing for (device, _), ranges in self._old.items() if device == device_id
        )


def _runs(boots: list[str | None], seqs: list[int]) -> Iterator[tuple[str | None, int, int]]:
    """Boot, first and last of each run of seqs that count up by one; what is no seq stands alone."""
    boot, low, high = boots[0], seqs[0], seqs[0]
    for next_boot, seq in zip(boots[1:], seqs[1:], strict=True):
        if seq == high + 1 and next_boot == boot and (high > 0 or (high == 0 and boot is not None)):
            high = seq
            continue
        yield boot, low, high
        boot, low, high = next_boot, seq, seq
    yield boot, low, high
