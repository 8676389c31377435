"""A device as the registry knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NEVER_US = 2**62
"""First event time of a device that has sent nothing. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the registry knows it.

    Attributes:
        first_us: its first event time. [µs since 1970 UTC]
        parameters: of its detector, with validity in time; empty: those of its type.
        rack: of a plug, the rack that it belongs to; None: to none.
    """

    device_id: int
    terminal: str
    stream: str
    name: str
    type: str
    first_us: int
    parameters: tuple[tuple[int, Any], ...] = ()
    rack: str | None = None


Lookup = Callable[[int], Device]

LastValues = dict[str, float | str]
"""The last known value of each signal of a device."""
