"""How far back facts and KPI samples are kept up to date in memory. [µs]."""

from typing import Final

from processing.model.times import DAY_US, HOUR_US

HORIZON_US: Final = 3 * HOUR_US
"""How far back facts are kept beyond the longest window, and samples are recomputed when late facts arrive. [µs]"""
WORK_US: Final = DAY_US + 2 * HOUR_US
"""The longest window over cranes' work that is no call's: a local day, of 25 hours once a year. [µs]"""
