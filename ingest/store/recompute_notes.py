"""Notes of what is to be recomputed: rows of the statements that write them and remove them, in that order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from infra.clock import from_us
from processing.kpi.definition import StaleKpis

Rows = list[tuple[Any, ...]]


class Span(Protocol):
    """From one time to another. [µs since 1970 UTC]."""

    @property
    def first_us(self) -> int:
        """The first."""

    @property
    def last_us(self) -> int:
        """The last."""


class Recomputed(Protocol):
    """What a batch has recomputed, and what changes by it."""

    @property
    def recomputed_facts(self) -> Sequence[tuple[int, Span, str]]:
        """Spans of devices whose facts it has, and which version of each note."""

    @property
    def recomputed_visits(self) -> Sequence[tuple[str, Span, str]]:
        """Spans of terminals whose visits it has, each the beginning of a noted one, and which version of that note."""

    @property
    def recomputed_kpis(self) -> Sequence[tuple[StaleKpis, str]]:
        """Notes that its KPI samples settle, and which version of each."""

    @property
    def event_hours(self) -> Iterable[tuple[str, int]]:
        """Terminals and hours whose container events are stale. [µs since 1970 UTC]."""

    @property
    def derived_hours(self) -> Sequence[tuple[str, int, str]]:
        """Those whose container events are not any more, and which version of each note. [µs since 1970 UTC]."""


def rows(batch: Recomputed, touched: Mapping[int, Span], stale: Iterable[StaleKpis]) -> list[tuple[str, Rows]]:
    """Names of statements with their rows.

    Args:
        batch: what is written with them.
        touched: spans of devices whose facts are to be recomputed.
        stale: KPI samples that are.
    """
    visits = [(terminal, *_times(span), version) for terminal, span, version in batch.recomputed_visits]
    return [
        ("unmark_facts", [(device_id, *_times(span), version) for device_id, span, version in batch.recomputed_facts]),
        ("shorten_visits", visits),
        ("unmark_visits", [row[:-1] for row in visits]),
        (
            "unmark_kpis",
            [(m.terminal, m.fact, m.subject, from_us(m.since_us), version) for m, version in batch.recomputed_kpis],
        ),
        ("mark_facts", [(device_id, *_times(span)) for device_id, span in sorted(touched.items())]),
        ("unmark_events", [(terminal, from_us(at_us), version) for terminal, at_us, version in batch.derived_hours]),
        ("mark_events", _hours(batch.event_hours)),
        ("mark_kpis", [(m.terminal, m.fact, m.subject, from_us(m.since_us)) for m in sorted(stale)]),
    ]


def _times(span: Span) -> tuple[Any, Any]:
    return from_us(span.first_us), from_us(span.last_us)


def _hours(hours: Iterable[tuple[str, int]]) -> Rows:
    return [(terminal, from_us(hour_us)) for terminal, hour_us in sorted(hours)]
