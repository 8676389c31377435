"""Energy and carbon of a terminal in a span, from stored facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec import Struct, field

from api.database.queries import queries
from api.energy.answers import Energy, EnergyStep, KindEnergy, Peak, PerUnit, RackEnergy
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.parameters import Begin, End, TerminalId
from api.http.rows import rfc3339
from api.http.spans import DAY, Span, span
from infra.clock import to_us, utc_now
from infra.connection import Connection, Record
from infra.devices import devices
from processing.cranes.parameters import works_ships
from processing.energy.facts import MWH_PER_KWH
from processing.energy.grid import MG_PER_KG
from processing.model.device import Device
from processing.model.times import QUARTER_US, from_us
from processing.site.configuration import Site, Sites
from processing.streams import BY_NAME

SQL = queries(__file__)
LONGEST = timedelta(days=92)
QUARTER = timedelta(minutes=15)
STEPS = ((timedelta(days=3), QUARTER), (timedelta(days=14), timedelta(hours=1)))
"""Spans up to a length, and their steps; longer ones have steps of a local day of the terminal."""
MOST_RACKS, MOST_PEAKS = 100, 10
KW_OF_MWH = 4 / MWH_PER_KWH
"""Mean power of a quarter of an hour with one thousandth of a watt-hour. [kW per 1e-3 Wh]"""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour of a terminal.

    Attributes:
        began_us: its beginning. [µs since 1970 UTC]
        factor: of the grid then; None: not configured. [mg/kWh]
        kinds: what each kind of equipment took. [1e-3 Wh]
    """

    began_us: int
    factor: int | None
    kinds: dict[str, int]

    @property
    def all_mwh(self) -> int:
        """What all of them took. [1e-3 Wh]."""
        return sum(self.kinds.values())


class EnergyQuery(Struct, frozen=True):
    """Which terminal, and which span."""

    terminal: TerminalId
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")


async def energy(context: Context[EnergyQuery, None]) -> Struct:
    """Energy and carbon of a terminal."""
    query, sites = context.query, context.services[Sites]
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    async with context.database.reading() as connection:
        own = await devices(connection, sites, query.terminal)
        if not own:
            raise NotFoundError(f"there is no terminal {query.terminal}")
        site = sites.of(query.terminal)
        rows = await _taken(connection, own, wanted)
        quarters = _quarters((row for row in rows if row["rack"] is None), site)
        reefer_s = sum(row["measured_s"] for row in rows if row["equipment"] == "reefer")
        moves, trips = await _moves(connection, own, site, wanted), await _trips(connection, own, wanted)
    bounds = wanted.begin, wanted.end
    step = next((step for longest, step in STEPS if wanted.end - wanted.begin <= longest), DAY)
    return Energy(
        terminal=query.terminal,
        begin=rfc3339(wanted.begin),
        end=rfc3339(wanted.end),
        step_s=round(step.total_seconds()),
        grid=None not in {site.grid_factor(to_us(at)) for at in bounds} | {one.factor for one in quarters},
        kinds=_kinds(quarters),
        peaks=_peaks(quarters),
        steps=_steps(quarters, site, step),
        racks=_racks(row for row in rows if row["rack"] is not None),
        per_unit=_per_unit(quarters, site, wanted, (moves, trips, reefer_s)),
    )


async def _taken(connection: Connection, own: list[Device], wanted: Span) -> list[Record]:
    """What kinds of equipment took by quarters, in order of time, and racks with their largest quarters."""
    groups = {group: number for number, group in enumerate({(one.stream, one.rack): None for one in own})}
    number_of = {one.device_id: groups[one.stream, one.rack] for one in own}
    first, last = min(number_of), max(number_of)
    numbers = [number_of.get(device_id) for device_id in range(first, last + 1)]
    kinds, racks = [kind for kind, _ in groups], [rack for _, rack in groups]
    await connection.execute(SQL["room_to_sum"])
    numbered = list(groups.values())
    return await connection.fetch(
        SQL["taken"], first, numbers, numbered, kinds, racks, wanted.begin, wanted.end, MOST_RACKS
    )


def _quarters(rows: Iterable[Record], site: Site) -> list[Quarter]:
    """Quarters in order of time, from rows in that order."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(to_us(row["began_at"]), {})[row["equipment"]] = row["energy_mwh"]
    return [Quarter(began_us, site.grid_factor(began_us), kinds) for began_us, kinds in found.items()]


def _kinds(quarters: Sequence[Quarter]) -> list[KindEnergy]:
    """Sums by kind of equipment, with their CO2."""
    energy_mwh: dict[str, int] = {}
    co2: dict[str, int | None] = {}
    for one in quarters:
        for kind, taken_mwh in one.kinds.items():
            energy_mwh[kind] = energy_mwh.get(kind, 0) + taken_mwh
            before = co2.get(kind, 0)
            co2[kind] = None if one.factor is None or before is None else before + taken_mwh * one.factor
    return [KindEnergy(kind, energy_mwh[kind] / MWH_PER_KWH, _kg(co2[kind])) for kind in sorted(energy_mwh)]


def _kg(co2: int | None) -> float | None:
    """Of energy times factor. [mg/kWh × 1e-3 Wh]."""
    return None if co2 is None else round(co2 / MWH_PER_KWH / MG_PER_KG, 6)


def _peaks(quarters: Iterable[Quarter]) -> list[Peak]:
    largest = sorted(quarters, key=lambda one: (-one.all_mwh, one.began_us))[:MOST_PEAKS]
    return [Peak(rfc3339(from_us(one.began_us)), round(one.all_mwh * KW_OF_MWH, 6)) for one in largest]


def _steps(quarters: Sequence[Quarter], site: Site, step: timedelta) -> list[EnergyStep]:
    parts: dict[int, list[Quarter]] = {}
    step_us = step // timedelta(microseconds=1)
    begin_us = end_us = 0
    for one in quarters:
        if one.began_us >= end_us:
            begin_us, end_us = one.began_us // step_us * step_us, (one.began_us // step_us + 1) * step_us
            if step == DAY:
                day = site.day(one.began_us + QUARTER_US // 2)
                begin_us, end_us = day.begin_us, day.end_us
        parts.setdefault(begin_us, []).append(one)
    return [
        EnergyStep(rfc3339(from_us(at)), _kinds(part), round(max(one.all_mwh for one in part) * KW_OF_MWH, 6))
        for at, part in parts.items()
    ]


def _racks(rows: Iterable[Record]) -> list[RackEnergy]:
    return [
        RackEnergy(
            row["rack"],
            row["energy_mwh"] / MWH_PER_KWH,
            Peak(rfc3339(row["began_at"]), round(row["peak_mwh"] * KW_OF_MWH, 6)),
        )
        for row in rows
    ]


async def _moves(connection: Connection, own: list[Device], site: Site, wanted: Span) -> Record:
    """Boxes, and moves whose energy is known with that energy: counted moves of quay cranes."""
    cranes = [one.device_id for one in own if BY_NAME[one.stream].works_calls and works_ships(one.type)]
    rows = await connection.fetch(SQL["moves"], cranes, sorted(site.counted), wanted.begin, wanted.end)
    return rows[0]


async def _trips(connection: Connection, own: list[Device], wanted: Span) -> Record:
    """Trips whose energy is known, with that energy."""
    ids = [one.device_id for one in own]
    rows = await connection.fetch(SQL["trips"], ids, wanted.begin, wanted.end)
    return rows[0]


def _per_unit(
    quarters: Sequence[Quarter], site: Site, wanted: Span, counted: tuple[Record, Record, int]
) -> list[PerUnit]:
    """Energy for each box, move, trip and reefer-hour; CO2 of moves and trips by the factor at the end of the span.

    Args:
        quarters: of the span.
        site: with the grid factors.
        wanted: the span.
        counted: moves, trips, and for how long the power of reefers is known. [s]
    """
    moves, trips, reefer_s = counted
    kinds = {one.equipment: one for one in _kinds(quarters)}
    total = [one.co2_kg for one in kinds.values()]
    co2_kg = None if None in total else sum(one for one in total if one is not None)
    all_kwh = sum(one.energy_kwh for one in kinds.values()) if kinds else None
    factor = site.grid_factor(to_us(wanted.end))
    reefers = kinds.get("reefer")
    return [
        _each("box", moves["boxes"], all_kwh, co2_kg if kinds else None),
        *(
            _each(name, row["metered"], kwh, None if factor is None else kwh * factor / MG_PER_KG)
            for name, row in (("move", moves), ("trip", trips))
            for kwh in (row["energy_mwh"] / MWH_PER_KWH,)
        ),
        _each(
            "reefer-hour",
            reefer_s / 3_600,
            None if reefers is None else reefers.energy_kwh,
            None if reefers is None else reefers.co2_kg,
        ),
    ]


def _each(name: str, count: float, energy_kwh: float | None, co2_kg: float | None) -> PerUnit:
    def each(whole: float | None) -> float | None:
        return None if whole is None or not count else round(whole / count, 6)

    return PerUnit(name, round(count, 6), energy_kwh, each(energy_kwh), each(co2_kg))
