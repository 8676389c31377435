"""Samples of a vehicle from short descriptions of what it does, for tests. Times of rows are seconds after T0."""

import random
from collections.abc import Iterable
from typing import Any

from processing.model.device import Device
from processing.model.facts import Fact, Retracted, TerminalFact, fact_key
from processing.model.samples import Samples
from processing.streams import BY_NAME
from processing.vehicles.signals import VEHICLE
from tests.unit.written_samples import Row, columns, facts_in

T0 = 1_795_000_000_000_000
SECOND = 1_000_000
VEHICLE_1 = Device(1, "demo", "vehicle", "agv01", "AGV", T0)


def samples(rows: Iterable[Row], device_id: int = 1) -> Samples:
    """The rows as columns."""
    return columns(VEHICLE, rows, T0, SECOND, device_id)


def last_facts(facts: Iterable[Fact]) -> dict[Any, Any]:
    """Of facts with the same key the last one."""
    found: dict[Any, Any] = {}
    for fact in facts:
        if isinstance(fact, Retracted):
            found.pop(fact_key(fact.fact), None)
        elif not isinstance(fact, TerminalFact):
            found[fact_key(fact)] = fact
    return found


def found_in(all_samples: Samples, cuts: Iterable[int] = ()) -> dict[Any, Any]:
    """Facts of samples that are fed in batches, cut before these rows."""
    return last_facts(facts_in(BY_NAME["vehicle"].tracker(lambda _device_id: VEHICLE_1), all_samples, cuts))


class Drive:
    """Writes rows of a vehicle, one a second, that does one thing after the other."""

    def __init__(self, x_m: float = 0.0, y_m: float = 20.0, zone: str = "quay", *, laden: bool = False) -> None:
        self.rows: list[Row] = []
        self.second = 0
        self.x_m, self.y_m, self.zone, self.laden = x_m, y_m, zone, laden
        self.energy_kwh = 100.0
        self.more: dict[str, Any] = {}

    def _row(self, speed_mps: float, **more: Any) -> None:
        signals = {
            "position_x_m": self.x_m,
            "position_y_m": self.y_m,
            "speed_mps": speed_mps,
            "laden": self.laden,
            "zone": self.zone,
            "energy_kwh": round(self.energy_kwh, 6),
        }
        self.rows.append((self.second, signals | self.more | more))
        self.second += 1

    def stand(self, seconds: int, **more: Any) -> "Drive":
        """Stand still."""
        for _ in range(seconds):
            self._row(0.0, **more)
        return self

    def go(self, seconds: int, x_mps: float = 5.0, zone: str = "lane", *, last: str | None = None) -> "Drive":
        """Drive along the quay; the last row is in another zone."""
        for second in range(seconds):
            self.x_m += x_mps
            self.energy_kwh += 0.01
            self.zone = last if last is not None and second == seconds - 1 else zone
            self._row(abs(x_mps))
        return self

    def arrive(self, zone: str) -> "Drive":
        """Come to a stop: one row further along, standing."""
        self.zone = zone
        return self.stand(1)

    def load(self, *ids: str) -> "Drive":
        """A container is put on."""
        self.laden = True
        return self.stand(1, container_ids=ids or None)

    def unload(self) -> "Drive":
        """It is taken off."""
        self.laden = False
        return self.stand(1)

    def silence(self, seconds: int) -> "Drive":
        """Nothing is heard."""
        self.second += seconds
        return self


def random_drive(random_: random.Random, jobs: int) -> list[Row]:
    """Rows of a vehicle that works, stops in traffic, corrects where it stands, falls silent, charges, reports less."""
    drive = Drive()
    drive.more = {"battery_pct": 30.0, "charging": False, "power_kw": 20.0}
    for job in range(jobs):
        drive.stand(random_.choice([3, 12, 40]))
        if random_.random() < 0.8:
            (drive.unload() if drive.laden else drive.load(f"CSQU305438{job % 10}"))
        for _ in range(random_.randint(1, 3)):
            drive.go(random_.choice([2, 20, 60]), random_.choice([-6.0, 0.5, 4.0]))
            drive.stand(random_.choice([0, 2, 15]))
        if random_.random() < 0.2:
            drive.silence(random_.choice([30, 61, 400]))
        drive.arrive(random_.choice(["quay", "block", "charger", "lane"]))
        drive.more["battery_pct"] += random_.choice([-6.0, -1.0])
        if drive.zone == "charger":
            drive.stand(5)
            drive.more |= {"charging": True, "power_kw": -150.0}
            drive.stand(30)
            drive.more |= {"charging": False, "power_kw": 2.0, "battery_pct": 40.0}
    drive.go(30).arrive("parking").stand(20)
    return [
        (second, {name: value for name, value in signals.items() if random_.random() < 0.9})
        for second, signals in drive.rows
        if random_.random() < 0.95
    ]
