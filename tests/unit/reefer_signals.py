"""Samples of a reefer plug from short descriptions, for tests. Times of rows are minutes after T0."""

import random
from collections.abc import Iterable
from typing import Any

from processing.model.device import Device
from processing.model.facts import DeviceFact, fact_key
from processing.model.samples import Samples
from processing.reefers.profiles import ReeferProfile, ReeferProfiles
from processing.reefers.signals import REEFER
from processing.reefers.tracker import ReeferTracker
from tests.unit.written_samples import Row, columns, facts_in

T0 = 1_795_000_000_000_000
MINUTE = 60_000_000
BOX, OTHER_BOX = "CSQU3054383", "MNBU1000009"
CHILLED_4: dict[str, Any] = {
    "container_id": BOX,
    "setpoint_degc": 4.0,
    "supply_degc": 4.1,
    "plugged": True,
    "powered": True,
    "mode": "modulated",
}
"""A chilled reefer at +4 °C, plugged and powered, in range."""


def row(minute: float, supply_degc: float | None = 4.1, **other: Any) -> Row:
    """A sample of a chilled reefer, unless given otherwise; None is absent."""
    signals = CHILLED_4 | {"supply_degc": supply_degc} | other
    return minute, {name: value for name, value in signals.items() if value is not None}


def samples(rows: Iterable[Row], device_id: int = 1) -> Samples:
    """The rows as columns."""
    return columns(REEFER, rows, T0, MINUTE, device_id)


def found_in(all_samples: Samples, cuts: Iterable[int] = (), own: tuple[ReeferProfile, ...] = ()) -> list[DeviceFact]:
    """Facts of samples that are fed in batches, cut before these rows, as reported last."""
    device = Device(1, "demo", "reefer", "r01-01", "PLUG", T0, ((0, ReeferProfiles(own)),))
    found: dict[Any, DeviceFact] = {}
    for fact in facts_in(ReeferTracker(lambda _device_id: device), all_samples, cuts):
        assert isinstance(fact, DeviceFact)
        found[fact_key(fact)] = fact
    return list(found.values())


def random_stay(random_: random.Random, hours: float, calm: float = 0.0) -> list[Row]:
    """Rows of a plug on which boxes come and go, warm up, are defrosted, lose power, are misread, silent, stuck.

    Args:
        random_: draws.
        hours: how long.
        calm: share of the rows in which nothing begins, and what was wrong is put right.
    """
    rows: list[Row] = []
    minute, interval, off_k, setpoint, box, air = 0.0, 1.0, 0.0, 4.0, BOX, 4.0
    plugged, powered, defrost, frozen = True, True, 0.0, 0
    while minute < hours * 60:
        luck = random_.random()
        if random_.random() < calm:
            luck = 1.0 if plugged or random_.random() < 0.99 else 0.025
            off_k, powered = off_k if random_.random() < 0.985 else 0.0, powered or random_.random() < 0.02
        if luck < 0.01:
            interval = random_.choice([1.0, 5.0, 15.0])
        elif luck < 0.02:
            minute += random_.choice([3, 20, 200])
        elif luck < 0.03:
            plugged = not plugged
            box, setpoint = random_.choice([(BOX, 4.0), (OTHER_BOX, -20.0)])
        elif luck < 0.05:
            powered = not powered
        elif luck < 0.06:
            defrost = 20.0
        elif luck < (0.16 if calm else 0.08):
            off_k = random_.choice([0.0, 1.5, 3.0, 4.0, -2.0])
        defrost, frozen = defrost - interval, 40 if random_.random() < 0.002 else frozen - 1
        air = air if frozen > 0 and rows else round(setpoint + off_k + random_.uniform(-0.3, 0.3), 2)
        signals = {
            "container_id": random_.choice([box] * 20 + [OTHER_BOX]),
            "setpoint_degc": setpoint,
            "supply_degc": air,
            "return_degc": air,
            "plugged": plugged and random_.random() > 0.004,
            "powered": powered,
            "mode": "off" if not powered else "defrost" if defrost > 0 else "modulated",
            "power_kw": 3.0 if plugged and powered else 0.0,
        }
        rows.append((minute, {name: value for name, value in signals.items() if random_.random() < 0.95}))
        minute += interval
    return rows
