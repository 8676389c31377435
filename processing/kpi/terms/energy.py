"""Terms about energy, each takes a view. Sums are of whole numbers, so that no order changes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from processing.energy.facts import EQUIPMENT, MWH_PER_KWH, Equipment
from processing.energy.grid import MG_PER_KG
from processing.facts.energy import Amount, Quarter
from processing.kpi.evidence import Evidence, QuarterOf, UseOf
from processing.kpi.terms.term import Term
from processing.kpi.view import View

KW_OF_MWH = 4 / MWH_PER_KWH
"""Mean power of a quarter of an hour with one thousandth of a watt-hour. [kW per 1e-3 Wh]"""
SECONDS_PER_HOUR = 3_600


@dataclass(slots=True)
class EnergyTotals:
    """Totals of the quarters that ended in a window.

    Attributes:
        quarters: how many have facts.
        total: of the subject.
        peak_mwh: the largest of a quarter. [1e-3 Wh]
        co2_mg_mwh: energy times grid factor; None: for some of it there is no factor. [mg/kWh × 1e-3 Wh]
    """

    quarters: int
    total: Amount
    peak_mwh: int
    co2_mg_mwh: int | None


def _amounts(view: View) -> Iterator[tuple[Quarter, Amount]]:
    """The quarters that ended in the window, with what the subject took."""
    energy = view.store.energy
    for quarter in energy.ended(view.begin_us, view.end_us):
        amount = _amount(view, quarter)
        if amount is not None:
            yield quarter, amount


def _amount(view: View, quarter: Quarter) -> Amount | None:
    energy, device_ids = view.store.energy, view.kind.plugs(view.store, view.subject)
    if device_ids is not None:
        return energy.of_group(quarter, view.subject, device_ids)
    if view.subject != view.store.terminal:
        device_id = view.metered_id
        return None if device_id is None else energy.of_device(quarter, device_id)
    total = Amount()
    for one in quarter.sums.values():
        total.add(one)
    return total


def _totals(view: View) -> EnergyTotals:
    found = EnergyTotals(0, Amount(), 0, 0)
    for quarter, amount in _amounts(view):
        found.peak_mwh = amount.energy_mwh if not found.quarters else max(found.peak_mwh, amount.energy_mwh)
        found.quarters += 1
        found.total.add(amount)
        factor = view.store.site.grid_factor(quarter.began_us)
        if factor is None or found.co2_mg_mwh is None:
            found.co2_mg_mwh = None
        else:
            found.co2_mg_mwh += amount.energy_mwh * factor
    return found


def _of_kind(equipment: Equipment, view: View) -> Amount | None:
    """What devices of one kind of equipment took; None where none of them ever had a fact in the window."""
    if view.subject != view.store.terminal:
        return view.once(_totals).total if equipment == "reefer" and view.once(_totals).quarters else None
    found = [
        one for quarter in view.store.energy.ended(view.begin_us, view.end_us) if (one := quarter.sums.get(equipment))
    ]
    total = Amount()
    for one in found:
        total.add(one)
    return total if found else None


def busy(view: View) -> bool:
    """Whether a quarter with facts ended in the window."""
    return view.once(_totals).quarters > 0


def _of_totals(number: Callable[[EnergyTotals], float | None]) -> Callable[[View], float | None]:
    def of(view: View) -> float | None:
        totals = view.once(_totals)
        return number(totals) if totals.quarters else None

    return of


def _co2_kg(totals: EnergyTotals) -> float | None:
    return None if totals.co2_mg_mwh is None else totals.co2_mg_mwh / MWH_PER_KWH / MG_PER_KG


def _kwh(equipment: Equipment, view: View) -> float | None:
    amount = _of_kind(equipment, view)
    return None if amount is None else amount.energy_mwh / MWH_PER_KWH


def _reefer_hours(view: View) -> float | None:
    amount = _of_kind("reefer", view)
    return None if amount is None else amount.measured_s / SECONDS_PER_HOUR


def quarters(view: View, found: Evidence) -> None:
    """Quarters that ended in the window, in order."""
    kinds = view.subject == view.store.terminal
    for quarter, amount in _amounts(view):
        parts = {kind: one.energy_mwh for kind, one in sorted(quarter.sums.items())} if kinds else {}
        factor = view.store.site.grid_factor(quarter.began_us)
        found.quarters.append(QuarterOf(quarter.began_us, quarter.ended_us, amount.energy_mwh, parts, factor))


def uses(equipment: Equipment | None, view: View, found: Evidence) -> None:
    """What each device took in the window, most first; None: of all kinds of equipment."""
    energy = view.store.energy
    ended = list(energy.ended(view.begin_us, view.end_us))
    wanted = view.kind.plugs(view.store, view.subject)
    if wanted is None and view.subject != view.store.terminal:
        wanted = [] if view.metered_id is None else [view.metered_id]
    for device_id, kind in energy.devices().items():
        if (wanted is not None and device_id not in wanted) or equipment not in (None, kind):
            continue
        amounts = [one for quarter in ended if (one := energy.of_device(quarter, device_id)) is not None]
        if amounts:
            energy_mwh, measured_s = sum(one.energy_mwh for one in amounts), sum(one.measured_s for one in amounts)
            found.uses.append(UseOf(device_id, kind, len(amounts), energy_mwh, measured_s))
    found.uses.sort(key=lambda one: (-one.energy_mwh, one.device_id))


USES = {kind: partial(uses, kind) for kind in (None, *EQUIPMENT)}
"""Collectors by kind of equipment, of which an explanation lists each once; None: of all."""


def _kind_term(label: str, equipment: Equipment) -> Term:
    return Term(label, "kWh", partial(_kwh, equipment), (quarters, USES[equipment]))


TERMS: dict[str, Term] = {
    "used_kwh": Term(
        "energy used", "kWh", _of_totals(lambda t: t.total.energy_mwh / MWH_PER_KWH), (quarters, USES[None])
    ),
    "used_cranes_kwh": _kind_term("energy of cranes", "crane"),
    "used_reefers_kwh": _kind_term("energy of reefers", "reefer"),
    "used_vehicles_kwh": _kind_term("energy that vehicles charged", "vehicle"),
    "peak_kw": Term(
        "power of the largest quarter of an hour", "kW", _of_totals(lambda t: t.peak_mwh * KW_OF_MWH), (quarters,)
    ),
    "co2_kg": Term(
        "energy × grid factor, of each quarter of an hour", "kg", _of_totals(_co2_kg), (quarters, USES[None])
    ),
    "reefer_hours": Term("hours for which it is known", "h", _reefer_hours, (USES["reefer"],)),
}
