"""Facts as rows: which block of `store.sql` writes a fact, which takes it back, and with what."""

from collections.abc import Iterable
from typing import Any

from infra.clock import from_us, from_us_or_none
from processing.cranes.facts import CraneDelay, CraneMove
from processing.gates.facts import GateTransaction, TruckVisit
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact
from processing.model.level import LevelChange
from processing.reefers.facts import ReeferExcursion

BLOCKS = (
    "crane_move_gone",
    "crane_delay_gone",
    "gate_transaction_gone",
    "reefer_excursion_gone",
    "level_gone",
    "crane_move",
    "crane_delay",
    "gate_transaction",
    "reefer_excursion",
    "level",
    "truck_visit_gone",
    "truck_visit",
)
"""In this order: visits are made from the transactions that are stored by then."""


def rows(facts: Iterable[Fact]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by block; of facts with the same key the last one counts."""
    last: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        about = fact.fact if isinstance(fact, Retracted) else fact
        last[(type(about), *about.key)] = fact
    found: dict[str, list[tuple[Any, ...]]] = {}
    for fact in last.values():
        if isinstance(fact, TruckVisit):
            found.setdefault("truck_visit_gone", []).append(fact.key)
            found.setdefault("truck_visit", []).append(fact.key)
            continue
        if isinstance(fact, TerminalFact):
            raise TypeError(f"no way to write a {type(fact).__name__}")
        about, gone = (fact.fact, "_gone") if isinstance(fact, Retracted) else (fact, "")
        name, row = _row(about)
        found.setdefault(name + gone, []).append(_key(about) if gone else row)
    return found


def _key(fact: DeviceFact) -> tuple[Any, ...]:
    return (*fact.key[:-1], from_us(fact.key[-1]))


def _row(fact: DeviceFact) -> tuple[str, tuple[Any, ...]]:
    match fact:
        case CraneMove():
            return "crane_move", (
                fact.device_id,
                from_us_or_none(fact.began_us),
                from_us(fact.locked_us),
                from_us(fact.lifted_us),
                from_us(fact.landed_us),
                from_us(fact.unlocked_us),
                fact.kind,
                fact.boxes,
                fact.teu,
                fact.from_trolley_m,
                fact.to_trolley_m,
                fact.gantry_m,
                fact.peak_load_t,
                fact.size_ft,
                fact.twin,
                list(fact.container_ids),
                fact.energy_kwh,
                fact.waited_empty_s,
                fact.waited_laden_s,
                fact.inferred,
                fact.confidence,
            )
        case CraneDelay():
            return "crane_delay", (
                fact.device_id,
                from_us(fact.began_us),
                from_us_or_none(fact.ended_us),
                fact.cause,
            )
        case GateTransaction():
            return "gate_transaction", (
                fact.device_id,
                from_us(fact.entered_us),
                from_us_or_none(fact.opened_us),
                from_us_or_none(fact.left_us),
                fact.direction,
                fact.visit,
                fact.plate,
                fact.trouble,
                list(fact.container_ids),
                fact.gross_weight_kg,
            )
        case ReeferExcursion():
            return "reefer_excursion", (
                fact.device_id,
                fact.probe,
                from_us(fact.began_us),
                from_us_or_none(fact.ended_us),
                fact.container_id,
                fact.setpoint_degc,
                fact.worst_degc,
            )
        case LevelChange():
            return "level", (fact.device_id, fact.name, from_us(fact.time_us), fact.value)
        case _:
            raise TypeError(f"no way to write a {type(fact).__name__}")
