"""Recomputations that begin late, or after samples that came late, to be compared with what is found in all samples."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ingest.recompute.device import Carried
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, time_of
from processing.model.samples import Samples
from processing.recompute import DeviceRecomputation
from processing.reefers.facts import PlugChange

Facts = dict[Any, DeviceFact]
"""By kind and key."""


def values_before(whole: Samples, row: int, names: Iterable[str]) -> LastValues:
    """Last values of signals before a row."""
    known: LastValues = {}
    for name in names:
        values = whole.number(name)[:row]
        values = values[~np.isnan(values)]
        if len(values):
            known[name] = float(values[-1])
    return known


def box_before(facts: Iterable[DeviceFact], time_us: int) -> LastValues:
    """The box on a plug before a time, by the facts of all its samples: as `reefer_on_plug` has it."""
    changes = [one for one in facts if isinstance(one, PlugChange) and one.time_us < time_us]
    last = max(changes, key=lambda one: (one.time_us, one.plugged), default=None)
    return {"container_id": last.container_id} if last is not None and last.plugged else {}


def since(facts: Facts, start_us: int) -> Facts:
    """Facts with a key from a time on."""
    return {key: fact for key, fact in facts.items() if time_of(fact) >= start_us}


def begun_late(
    device: Device, whole: Samples, first: int, known: LastValues, step: Callable[[], int]
) -> tuple[Facts, int | None]:
    """What is found from a row on, fed in pieces.

    Args:
        device: whose samples they are.
        whole: all its samples.
        first: the row.
        known: last values before it.
        step: rows of the next piece.

    Returns: all facts, and from when on they are exact; None: they never are. [µs since 1970 UTC]
    """
    late, start_us, at = DeviceRecomputation(device, known, from_first=False), None, first
    while at < len(whole):
        rows = step()
        late.feed(whole.between(at, at + rows))
        at += rows
        if start_us is None and late.exact:
            start_us = late.final_us
    return late.facts, start_us


def decided_us(device: Device, whole: Samples, late: int, step: int) -> int | None:
    """From when on facts stay as they are that were found without one row, or several up to it; fed in steps of rows.

    None: later samples have to decide. [µs since 1970 UTC]
    """
    again = DeviceRecomputation(device, {}, from_first=True)
    carried = Carried(again, int(whole.time_us[late]))
    for at in range(0, len(whole), step):
        part = whole.between(at, at + step)
        again.feed(part)
        carried.note(part)
        if carried.decided:
            return again.final_us
    return None
