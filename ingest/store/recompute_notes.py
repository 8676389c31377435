"""Notes of what is to be recomputed: rows of the statements that write them and remove them, in that order."""

from typing import TYPE_CHECKING, Any

from infra.clock import from_us
from processing.kpi.definition import StaleKpis

if TYPE_CHECKING:  # a batch is what the writer writes
    from ingest.store.writer import Batch, Span

Rows = list[tuple[Any, ...]]


def rows(batch: "Batch", touched: dict[int, "Span"], stale: set[StaleKpis]) -> list[tuple[str, Rows]]:
    """Names of statements with their rows.

    Args:
        batch: what is written with them.
        touched: spans of devices whose facts are to be recomputed.
        stale: KPI samples that are.
    """
    visits = [(terminal, *_times(span)) for terminal, span in batch.recomputed_visits]
    return [
        ("unmark_facts", [(device_id, *_times(span)) for device_id, span in batch.recomputed_facts]),
        ("shorten_visits", visits),
        ("unmark_visits", visits),
        (
            "unmark_kpis",
            [(m.terminal, m.fact, m.subject, from_us(m.since_us), version) for m, version in batch.recomputed_kpis],
        ),
        ("mark_facts", [(device_id, *_times(span)) for device_id, span in sorted(touched.items())]),
        ("unmark_events", _hours(batch.derived_hours)),
        ("mark_events", _hours(batch.event_hours)),
        ("mark_kpis", [(m.terminal, m.fact, m.subject, from_us(m.since_us)) for m in sorted(stale)]),
    ]


def _times(span: "Span") -> tuple[Any, Any]:
    return from_us(span.first_us), from_us(span.last_us)


def _hours(hours: "set[tuple[str, int]]") -> Rows:
    return [(terminal, from_us(hour_us)) for terminal, hour_us in sorted(hours)]
