"""Stays of boxes that are made again: KPI samples change with them, and what the engine knows."""

from collections.abc import Iterable
from typing import Any

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from processing.containers.stays import STAY, ContainerStay
from processing.engine import Engine
from processing.kpi.evaluator import KpiEvaluator
from processing.model.times import QUARTER_US

SQL = blocks(__file__, "reprocess.sql")
Facts = dict[tuple[object, ...], Any]
"""Stays by their keys."""


async def note(connection: Connection, engine: Engine, stored: Facts, found: Facts) -> None:
    """Note the KPI samples that were made of stays as they were stored, where others are found.

    Those of quarters of an hour that have not come yet are made of what the engine knows by then.
    """
    changed = [key for key in stored.keys() | found.keys() if stored.get(key) != found.get(key)]
    since_us: dict[str, int] = {}
    for one in (version.get(key) for key in changed for version in (stored, found)):
        if one is not None and one.left_us is not None:
            since_us[one.terminal] = min(one.left_us, since_us.get(one.terminal, one.left_us))
    rows = [
        (terminal, STAY, terminal, from_us(at_us))
        for terminal, at_us in sorted(since_us.items())
        if _is_sampled(engine.evaluator(terminal), at_us)
    ]
    if rows:
        await connection.executemany(SQL["mark_kpis"], rows)


def _is_sampled(evaluator: KpiEvaluator, since_us: int) -> bool:
    """Whether there was a sample since a time. [µs since 1970 UTC]."""
    return evaluator.minute_us is None or -(-since_us // QUARTER_US) * QUARTER_US <= evaluator.minute_us


def enter(engine: Engine, boxes: Iterable[tuple[str, str]], found: Iterable[ContainerStay]) -> None:
    """Let the engine know all stays of boxes as they are now.

    Args:
        engine: with the KPIs.
        boxes: terminals and container numbers.
        found: their stays.
    """
    stays: dict[tuple[str, str], list[ContainerStay]] = {box: [] for box in boxes}
    for one in found:
        stays[one.terminal, one.container_id].append(one)
    for (terminal, container_id), own in stays.items():
        evaluator = engine.evaluator(terminal)
        since_us = evaluator.store.stays.replace(container_id, own)
        if since_us is not None:
            evaluator.touch(STAY, terminal, since_us)
