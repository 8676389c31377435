"""Grid factors in the site file."""

from infra.site_file.problems import Problems
from infra.site_file.toml_lines import Place
from infra.site_file.validity import validity
from processing.energy.grid import MG_PER_KG, GridFactor

MOST_KG_PER_KWH = 5.0
"""No grid is that dirty: the figure has another unit. [kg/kWh]"""
FOREVER_US = 2**62


def grid(problems: Problems, place: Place, value: object) -> tuple[GridFactor, ...]:
    """The grid factors of a terminal, in order; of two that are valid at the same time the second one is noted.

    Args:
        problems: takes what is wrong.
        place: of the array.
        value: the array.
    """
    found: list[GridFactor] = []
    for number, one in enumerate(problems.array(place, value)):
        here = (*place, number)
        table = problems.table(here, one)
        problems.unknown(here, table, ("kg_co2_per_kwh", "from", "until"))
        factor = table.get("kg_co2_per_kwh")
        if not isinstance(factor, int | float) or isinstance(factor, bool) or not 0 <= factor <= MOST_KG_PER_KWH:
            what = f"{factor!r} must be a number from 0 to {MOST_KG_PER_KWH:g}: kilograms of CO2 for each kilowatt-hour"
            problems.add((*here, "kg_co2_per_kwh"), what)
            continue
        made = GridFactor(*validity(problems, here, table), round(factor * MG_PER_KG))
        if any(_overlap(made, before) for before in found):
            problems.add(
                (*here, "from"), "this factor is valid at the same time as one before; end that one with until"
            )
        found.append(made)
    return tuple(sorted(found, key=lambda one: one.from_us))


def _overlap(one: GridFactor, other: GridFactor) -> bool:
    ends = [FOREVER_US if each.until_us is None else each.until_us for each in (one, other)]
    return max(one.from_us, other.from_us) < min(ends)
