"""The grid factor: how much CO2 a kilowatt-hour from the grid stands for, as the site file has it."""

from collections.abc import Iterable
from dataclasses import dataclass

MG_PER_KG = 1_000_000


@dataclass(frozen=True, slots=True)
class GridFactor:
    """A factor, for a while; `until_us` None: from then on. Times in µs since 1970 UTC.

    Attributes:
        mg_per_kwh: CO2, in whole milligrams so that no order of summing changes a sum. [mg/kWh]
    """

    from_us: int
    until_us: int | None
    mg_per_kwh: int

    def holds(self, time_us: int) -> bool:
        """Whether it is valid at a time."""
        return self.from_us <= time_us and (self.until_us is None or time_us < self.until_us)


def factor_at(factors: Iterable[GridFactor], time_us: int) -> int | None:
    """The factor at a time; None: there is none. [mg/kWh]."""
    return next((one.mg_per_kwh for one in factors if one.holds(time_us)), None)
