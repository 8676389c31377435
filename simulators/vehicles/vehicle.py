"""One vehicle: what it did and is doing, piece by piece, and the samples of it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from simulators.vehicles.drive import Drive
from simulators.vehicles.layout import ZONES, Point, zone, zones
from simulators.vehicles.parameters import VehicleParameters
from simulators.vehicles.pieces import HOUR_MS, Columns, Load, Piece, columns_of
from simulators.vehicles.truth import MOVES_MPS, TrueCharge, TrueCharges, TrueTrip, TrueTrips


class Vehicle:
    """One vehicle over time.

    Args:
        name: its device id.
        p: of its kind.
        place: where it stands at first.
        start_ms: when it begins. [ms since 1970 UTC]
        rng: noise of its sensors; draws in order of what it does.
        battery_share: charge at first.
        energy_kwh: of its counter at first.
        phase_ms: of its samples. [ms]

    Attributes:
        place: where it stands, or drives to.
        next_ms: time of its next sample. [ms since 1970 UTC]
        trips, charges: that really happened.
    """

    def __init__(
        self,
        name: str,
        p: VehicleParameters,
        place: Point,
        start_ms: int,
        rng: Generator,
        *,
        battery_share: float,
        energy_kwh: float,
        phase_ms: int,
    ) -> None:
        self.name, self.place = name, place
        self.trips, self.charges = TrueTrips(), TrueCharges()
        self._p, self._rng = p, rng
        self.next_ms = start_ms + phase_ms
        first = Piece(start_ms, "standby", Load(), place, 90.0, energy_kwh, battery_share * p.battery_kwh)
        self._pieces = deque([first])

    @property
    def load(self) -> Load:
        """What it carries at the end of what it does."""
        return self._pieces[-1].load

    def battery_share(self, time_ms: int) -> float:
        """Charge at a time in its last piece."""
        return self._levels(time_ms)[1] / self._p.battery_kwh

    def stand(self, time_ms: int, state: str, load: Load | None = None, *, charger_kw: float = 0.0) -> None:
        """From a time on it stands where it is."""
        last = self._pieces[-1]
        if load is not None and load.laden != last.load.laden:
            self.trips.handed_over()
        levels = self._levels(time_ms)
        if last.charger_kw and not charger_kw:
            self._true_charge(last, time_ms, levels[1])
        heading = last.moving[1]["heading_deg"][-1] if last.moving and last.moving[0] else last.heading_deg
        self._pieces.append(Piece(time_ms, state, load or last.load, self.place, heading, *levels, charger_kw))

    def know(self, time_ms: int, load: Load) -> None:
        """From a time on it knows more of what it carries; it stands there as before."""
        self.stand(time_ms, self._pieces[-1].state, load)

    def drive(self, time_ms: int, drive: Drive, end: Point, load: Load | None = None) -> int:
        """It drives somewhere, and stands there, working; when it arrives. [ms since 1970 UTC]."""
        self.stand(time_ms, "working", load)
        before = self._pieces.pop()
        end_ms = time_ms + int(drive.length_s * 1000)
        times, columns = self._moving(before, drive, end_ms)
        self._pieces.append(replace(before, moving=(times, columns)))
        self._true_drive(before, drive, times, columns, end)
        self.place = end
        self.stand(end_ms, "working")
        return end_ms

    def _moving(self, before: Piece, drive: Drive, end_ms: int) -> tuple[list[int], Columns]:
        period = self._p.period_ms
        first = self.next_ms + max(0, -(-(before.begin_ms - self.next_ms) // period)) * period
        time_ms = np.arange(first, end_ms, period, dtype=np.int64)
        n, t = len(time_ms), (time_ms - before.begin_ms) / 1000
        along = drive.along_m(t)
        speed, _ = drive.speed_and_acceleration(t)
        x, y = drive.path.at(along)
        power = drive.power_kw(t, laden=before.load.laden)
        used = np.cumsum(power) * period / HOUR_MS
        moves = speed > 0
        noise = self._rng.normal(size=(3, n)) * moves
        columns: Columns = {
            "position_x_m": np.round(x + noise[0] * self._p.noise_m, 2).tolist(),
            "position_y_m": np.round(y + noise[1] * self._p.noise_m, 2).tolist(),
            "heading_deg": np.round(drive.path.headings_deg(along, before.heading_deg), 1).tolist(),
            "speed_mps": np.round(np.abs(speed + noise[2] * self._p.noise_mps), 2).tolist(),
            "battery_kwh": (before.battery_kwh - used).tolist(),
            "power_kw": np.round(power, 1).tolist(),
            "energy_kwh": np.round(before.energy_kwh + used, 3).tolist(),
            "state": np.where(drive.broken(t), "fault", "working").tolist(),
            "zone": [ZONES[code] for code in zones(x, y).tolist()],
        }
        return time_ms.tolist(), columns

    def _true_drive(self, before: Piece, drive: Drive, times: list[int], columns: Columns, end: Point) -> None:
        t = (np.array(times) - before.begin_ms) / 1000
        moving = np.flatnonzero(drive.speed_and_acceleration(t)[0] >= MOVES_MPS)
        if not len(moving):
            return
        began_ms, ended_ms = times[moving[0]], times[moving[-1]] + self._p.period_ms
        load, energy_kwh = before.load, columns["energy_kwh"][-1] - before.energy_kwh
        ends = zone(before.place), zone(end)
        length_m = drive.path.length_m
        self.trips.drove(TrueTrip(self.name, began_ms, ended_ms, *ends, load.laden, length_m, energy_kwh, load.ids))

    def _true_charge(self, piece: Piece, end_ms: int, battery_kwh: float) -> None:
        """The charger is unplugged; `battery_kwh` is the charge then."""
        began_ms, ended_ms = self._first_sample(piece.begin_ms), self._first_sample(end_ms)
        net_kw, pct_per_kwh = piece.charger_kw - self._p.aux_kw, 100 / self._p.battery_kwh
        from_kwh = piece.battery_kwh + net_kw * (began_ms - piece.begin_ms) / HOUR_MS
        to_kwh = battery_kwh - self._p.aux_kw * (ended_ms - end_ms) / HOUR_MS
        energy_kwh = battery_kwh - piece.battery_kwh
        ends_pct = from_kwh * pct_per_kwh, to_kwh * pct_per_kwh
        self.charges.charged(TrueCharge(self.name, began_ms, ended_ms, *ends_pct, energy_kwh))

    def _first_sample(self, time_ms: int) -> int:
        """Time of the first sample from a time on. [ms since 1970 UTC]."""
        return time_ms + (self.next_ms - time_ms) % self._p.period_ms

    def _levels(self, time_ms: int) -> tuple[float, float]:
        """Energy counter and charge at a time in its last piece. [kWh]."""
        last = self._pieces[-1]
        if last.moving is not None:
            times, columns = last.moving
            return (
                (columns["energy_kwh"][-1], columns["battery_kwh"][-1])
                if times
                else (last.energy_kwh, last.battery_kwh)
            )
        hours = (time_ms - last.begin_ms) / HOUR_MS
        used = self._p.aux_kw * hours
        return last.energy_kwh + used, min(self._p.battery_kwh, last.battery_kwh - used + last.charger_kw * hours)

    def until(self, end_ms: int) -> Iterator[tuple[list[int], Columns]]:
        """Times and signals of its samples before a time, each once, piece by piece."""
        while self.next_ms < end_ms:
            piece = self._pieces[0]
            piece_end = self._pieces[1].begin_ms if len(self._pieces) > 1 else end_ms
            if self.next_ms >= piece_end:
                self._pieces.popleft()
                continue
            times = list(range(self.next_ms, min(piece_end, end_ms), self._p.period_ms))
            self.next_ms = times[-1] + self._p.period_ms
            yield times, columns_of(piece, times, self._p)
