"""What vehicles do away from the quay: be served at a block, charge, park."""

from dataclasses import replace
from functools import partial

import numpy as np

from simulators.vehicles.driver import Action, Driver
from simulators.vehicles.layout import BLOCK_PLACES_M, Layout, Point
from simulators.vehicles.pieces import Load
from simulators.yard import Yard


class Errands:
    """Errands of all vehicles; each ends with what its caller wants to happen then.

    Args:
        driver: of the vehicles.
        layout: of the terminal.
        yard: where boxes are that are brought there.
    """

    def __init__(self, driver: Driver, layout: Layout, yard: Yard) -> None:
        self._driver, self._layout, self._yard = driver, layout, yard
        count = len(driver.vehicles)
        self._chargers = list(range(-(-count // driver.p.vehicles_a_charger)))
        self._charger: dict[int, int] = {}

    # At a block: a yard crane serves the vehicle after a time that is drawn, whatever its own samples show.

    def fetch(self, v: int, now_ms: int, job: str, then: Action) -> None:
        """Drive to a block and be given a box there."""
        given = Load(laden=True, job=job)
        self._driver.drive(v, now_ms, self._place(), partial(self._at_block, given, then), Load(job=job))

    def bring(self, v: int, now_ms: int, then: Action) -> None:
        """Drive to a block, where the box is taken off."""
        self._driver.drive(v, now_ms, self._place(), partial(self._at_block, Load(), then))

    def _place(self) -> Point:
        rng = self._driver.rng
        block, lane = int(rng.integers(self._layout.blocks)), int(rng.integers(2))
        return self._layout.transfer(block, lane, float(rng.uniform(*BLOCK_PLACES_M)))

    def _at_block(self, load: Load, then: Action, v: int, now_ms: int) -> None:
        p = self._driver.p
        service_s = float(self._driver.rng.lognormal(np.log(p.service_median_s), p.service_sigma))
        self._driver.later(v, now_ms + int(service_s * 1000), partial(self._served, load, then))

    def _served(self, load: Load, then: Action, v: int, now_ms: int) -> None:
        vehicle = self._driver.vehicles[v]
        for box in vehicle.load.boxes:
            self._yard.put(box, now_ms)
        vehicle.stand(now_ms, "working", replace(load, since_ms=now_ms))
        self._driver.later(v, now_ms + self._driver.draw_ms(self._driver.p.start_s), then)

    # Charging and parking.

    def low(self, v: int, now_ms: int) -> bool:
        """Whether a vehicle has to charge."""
        return self._driver.vehicles[v].battery_share(now_ms) < self._driver.p.low_share

    def charge(self, v: int, now_ms: int, then: Action) -> bool:
        """Drive to a charger and charge, if one is free; whether one is."""
        if not self._chargers:
            return False
        self._charger[v] = self._chargers.pop(0)
        place = self._layout.charger(self._charger[v])
        self._driver.drive(v, now_ms, place, partial(self._at_charger, then), Load())
        return True

    def _at_charger(self, then: Action, v: int, now_ms: int) -> None:
        self._driver.vehicles[v].stand(now_ms, "standby")
        self._driver.later(v, now_ms + int(self._driver.p.plug_s * 1000), partial(self._plugged, then))

    def _plugged(self, then: Action, v: int, now_ms: int) -> None:
        p, vehicle = self._driver.p, self._driver.vehicles[v]
        missing_kwh = max(0.0, p.full_share - vehicle.battery_share(now_ms)) * p.battery_kwh
        vehicle.stand(now_ms, "standby", charger_kw=p.charger_kw)
        length_ms = int(missing_kwh / (p.charger_kw - p.aux_kw) * 3_600_000)
        self._driver.later(v, now_ms + length_ms, partial(self._charged, then))

    def _charged(self, then: Action, v: int, now_ms: int) -> None:
        self._driver.vehicles[v].stand(now_ms, "standby")
        self._chargers.append(self._charger.pop(v))
        self._driver.later(v, now_ms + self._driver.draw_ms(self._driver.p.start_s), then)

    def park(self, v: int, now_ms: int, then: Action) -> bool:
        """Drive to its parking place; whether it stands there already."""
        place = self._layout.parking(v)
        if self._driver.vehicles[v].place == place:
            self._driver.vehicles[v].stand(now_ms, "standby", Load())
            return True
        self._driver.drive(v, now_ms, place, then, Load())
        return False
