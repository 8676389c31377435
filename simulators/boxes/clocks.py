"""Facts of devices whose clocks are wrong, and of plugs that report late."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from processing.containers.derivation import FactOf
from processing.model.times import MINUTE_US
from processing.reefers.facts import PlugChange

WRONG_US = 4 * MINUTE_US
"""A clock is off by so much at most: two of them by less than conflicts allow for. Assumed. [µs]"""
INTERVALS_MIN = (1, 5, 15, 60)
"""Plugs report each so many minutes: docs/reefers.md."""


def wrong_clocks(facts: Sequence[FactOf], seed: Any) -> list[FactOf]:
    """The same facts, each device's by a clock of its own."""
    rng = np.random.default_rng(seed)
    off_us = {
        device: round(float(rng.uniform(-WRONG_US, WRONG_US))) for device in sorted({one.device for one in facts})
    }
    return [one._replace(fact=_moved(one.fact, off_us[one.device])) for one in facts]


def late_reports(facts: Sequence[FactOf], seed: Any) -> list[FactOf]:
    """The same facts, those of plugs by their next report."""
    rng = np.random.default_rng(seed)
    plugs = sorted({one.device for one in facts if isinstance(one.fact, PlugChange)})
    every_us = {plug: int(rng.choice(INTERVALS_MIN)) * MINUTE_US for plug in plugs}
    return [
        one._replace(fact=_moved(one.fact, -one.time_us % every_us[one.device])) if one.device in every_us else one
        for one in facts
    ]


def _moved(fact: Any, by_us: int) -> Any:
    """A fact some time later. [µs]."""
    names = [one.name for one in fields(fact) if one.name.endswith("_us")]
    return replace(fact, **{name: time + by_us for name in names if (time := getattr(fact, name)) is not None})
