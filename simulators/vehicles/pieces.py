"""What a vehicle does for a span of time, and the samples of it."""

from dataclasses import dataclass
from typing import Any

from simulators.vehicles.layout import Point, zone
from simulators.vehicles.parameters import VehicleParameters
from simulators.yard import Box

HOUR_MS = 3_600_000
Columns = dict[str, list[Any]]
"""Values of signals by name."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a vehicle carries and is there for.

    Attributes:
        laden: whether it carries anything.
        ids: numbers of it, as far as the vehicle knows.
        job: None: it has none.
        boxes: what it carries, where that is known.
        since_ms: when it was put on. [ms since 1970 UTC]
    """

    laden: bool = False
    ids: tuple[str, ...] = ()
    job: str | None = None
    boxes: tuple[Box, ...] = ()
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A span in which a vehicle stands, or drives. Its end is that of the next one's beginning; the last one has none.

    Attributes:
        begin_ms: [ms since 1970 UTC]
        state: as the signal.
        load: what it carries.
        place, heading_deg: where it stands.
        energy_kwh, battery_kwh: at its beginning.
        charger_kw: what it is charged with. [kW]
        moving: time and signals of a drive; None: it stands.
    """

    begin_ms: int
    state: str
    load: Load
    place: Point
    heading_deg: float
    energy_kwh: float
    battery_kwh: float
    charger_kw: float = 0.0
    moving: tuple[list[int], Columns] | None = None


def columns_of(piece: Piece, times: list[int], p: VehicleParameters) -> Columns:
    """Signals at some of its sample times. [ms since 1970 UTC]."""
    return _standing(piece, times, p) if piece.moving is None else _driving(piece, times, p)


def _driving(piece: Piece, times: list[int], p: VehicleParameters) -> Columns:
    all_times, columns = piece.moving or ([], {})
    first = (times[0] - all_times[0]) // p.period_ms
    part = {name: values[first : first + len(times)] for name, values in columns.items()}
    return _completed(piece, part, len(times), p)


def _standing(piece: Piece, times: list[int], p: VehicleParameters) -> Columns:
    n, aux, charger = len(times), p.aux_kw, piece.charger_kw
    hours = [(at - piece.begin_ms) / HOUR_MS for at in times]
    columns: Columns = {
        "position_x_m": [round(piece.place[0], 2)] * n,
        "position_y_m": [round(piece.place[1], 2)] * n,
        "heading_deg": [piece.heading_deg] * n,
        "speed_mps": [0.0] * n,
        "battery_kwh": [piece.battery_kwh + (charger - aux) * h for h in hours],
        "power_kw": [round(aux - charger, 1)] * n,
        "energy_kwh": [round(piece.energy_kwh + aux * h, 3) for h in hours],
        "state": [piece.state] * n,
        "zone": [zone(piece.place)] * n,
    }
    return _completed(piece, columns, n, p)


def _completed(piece: Piece, columns: Columns, n: int, p: VehicleParameters) -> Columns:
    pct_per_kwh = 100 / p.battery_kwh
    battery_pct = [round(kwh * pct_per_kwh, 2) for kwh in columns.pop("battery_kwh")]
    if min(battery_pct) < 0 or max(battery_pct) > 100:
        battery_pct = [min(100.0, max(0.0, pct)) for pct in battery_pct]
    columns["battery_pct"] = battery_pct
    columns["laden"] = [piece.load.laden] * n
    columns["container_ids"] = [piece.load.ids or None] * n
    columns["charging"] = [piece.charger_kw > 0] * n
    columns["job_id"] = [piece.load.job] * n
    return columns
