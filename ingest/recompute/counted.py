"""Facts about boxes and trucks that are made again: KPI samples change with them, and what the engine knows."""

from collections.abc import Iterable
from typing import Any

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from processing.containers.stays import CONTAINER_STAY, STAY
from processing.engine import Engine
from processing.facts.counted import Counted
from processing.facts.store import FactStore
from processing.gates.appointments import APPOINTMENT, TRUCK_APPOINTMENT
from processing.kpi.evaluator import KpiEvaluator
from processing.model.fact_type import FactType
from processing.model.facts import FactKind
from processing.model.times import QUARTER_US

SQL = blocks(__file__, "reprocess.sql")
Facts = dict[tuple[object, ...], Any]
"""Facts of one type by their keys."""
KINDS: dict[FactType[Any], FactKind] = {CONTAINER_STAY: STAY, TRUCK_APPOINTMENT: APPOINTMENT}
"""What KPIs call them."""


async def note(connection: Connection, engine: Engine, of: FactType[Any], stored: Facts, found: Facts) -> None:
    """Note the KPI samples that were made of facts as they were stored, where others are found.

    Those of quarters of an hour that have not come yet are made of what the engine knows by then.
    """
    changed = [key for key in stored.keys() | found.keys() if stored.get(key) != found.get(key)]
    since_us: dict[str, int] = {}
    for one in (facts[key] for key in changed for facts in (stored, found) if key in facts):
        at_us = None if of.seen is None else getattr(one, of.seen.begin)
        if at_us is not None:
            since_us[one.terminal] = min(at_us, since_us.get(one.terminal, at_us))
    rows = [
        (terminal, KINDS[of], terminal, from_us(at_us))
        for terminal, at_us in sorted(since_us.items())
        if _is_sampled(engine.evaluator(terminal), at_us)
    ]
    if rows:
        await connection.executemany(SQL["mark_kpis"], rows)


def _is_sampled(evaluator: KpiEvaluator, since_us: int) -> bool:
    """Whether there was a sample since a time. [µs since 1970 UTC]."""
    return evaluator.minute_us is None or -(-since_us // QUARTER_US) * QUARTER_US <= evaluator.minute_us


def enter(engine: Engine, of: FactType[Any], about: Iterable[tuple[str, str]], found: Iterable[Any]) -> None:
    """Let the engine know all facts about something as they are now.

    Args:
        engine: with the KPIs.
        of: the type of the facts.
        about: terminals, and numbers of boxes or of appointments.
        found: the facts about these.
    """
    facts: dict[tuple[str, str], list[Any]] = {one: [] for one in about}
    for one in found:
        facts[one.key[:2]].append(one)
    for (terminal, number), own in facts.items():
        evaluator = engine.evaluator(terminal)
        since_us = _known(evaluator.store, of).replace(number, own)
        if since_us is not None:
            evaluator.touch(KINDS[of], terminal, since_us)


def _known(store: FactStore, of: FactType[Any]) -> Counted[Any]:
    return store.stays if of is CONTAINER_STAY else store.appointments
