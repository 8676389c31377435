"""Spans in which a box is on a plug without power."""

from dataclasses import replace

from processing.model.facts import Fact
from processing.reefers.facts import ReeferOffPower


class OffPowerDetector:
    """Follows one plug, sample by sample.

    Args:
        device_id: the plug.

    Attributes:
        known: whether it is as if the plug's first sample had been seen.
    """

    __slots__ = ("_open", "device_id", "known")

    def __init__(self, device_id: int) -> None:
        self.device_id = device_id
        self.known = False
        self._open: ReeferOffPower | None = None

    @property
    def began_us(self) -> int | None:
        """When the span that lasts began; None: there is none. [µs since 1970 UTC]."""
        return None if self._open is None else self._open.began_us

    def feed(self, time_us: int, container: str | None, facts: list[Fact], *, off: bool) -> None:
        """Advance by one sample.

        Args:
            time_us: of the sample. [µs since 1970 UTC]
            container: on the plug, as far as known.
            facts: takes what is found.
            off: whether a box is there without power.
        """
        if not off:
            self.known = True
            self.end(time_us, facts)
        elif self._open is None:
            self._open = ReeferOffPower(self.device_id, container, time_us, None)
            facts.append(self._open)
        elif self._open.container_id is None and container is not None:
            self._open = replace(self._open, container_id=container)
            facts.append(self._open)

    def change_box(self, since_us: int, container: str | None, facts: list[Fact]) -> None:
        """Since a time another box is there: what began later is a span of that box alone, else each has its own.

        Args:
            since_us: of the first sample that named it. [µs since 1970 UTC]
            container: the other box.
            facts: takes what is found.
        """
        if self._open is None:
            return
        if self._open.began_us < since_us:
            self.end(since_us, facts)
            self._open = ReeferOffPower(self.device_id, container, since_us, None)
        else:
            self._open = replace(self._open, container_id=container)
        facts.append(self._open)

    def end(self, time_us: int, facts: list[Fact]) -> None:
        """Power is back, or the box is no longer there."""
        if self._open is not None:
            facts.append(replace(self._open, ended_us=time_us))
            self._open = None
