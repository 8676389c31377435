"""Stretches of KPI samples, read in SQL: changes across the limits, gaps, and what is not known."""

from datetime import UTC, datetime

import psycopg

from infra.clock import to_us
from infra.database import Link
from ingest.alarms.since import Since
from ingest.alarms.spans import read
from processing.alarms.condition import KpiSpans
from processing.alarms.spans import ConditionSpan, held

BEGIN_US = to_us(datetime(2026, 1, 1, tzinfo=UTC))
MINUTE_US = 60_000_000
STORE = """
INSERT INTO kpi_sample (time, terminal, kpi, subject, "window", value)
VALUES ('2026-01-01T00:00Z'::timestamptz + %s * interval '1 min', 'kpis', 'gross_crane_rate', %s, 'PT1H', %s)
"""
SAMPLES = (
    *((minute, "sts1", 30.0) for minute in range(10)),
    *((minute, "sts1", 20.0) for minute in range(10, 40)),  # low for longer than one sample counts
    (40, "sts1", 25.5),  # between the limits: as before
    (41, "sts1", 26.0),
    (42, "sts1", 25.5),
    (43, "sts1", 24.0),
    (44, "sts1", None),
    (45, "sts1", 24.0),
    (100, "sts1", 24.0),  # after a gap
    (101, "sts1", 30.0),
    (5, "sts2", 1.0),
)
LOW = [("sts1", 10, 41), ("sts1", 43, 44), ("sts1", 45, 61), ("sts1", 100, 101), ("sts2", 5, 21)]


async def test_a_kpi_is_low_between_changes_across_its_limits(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.cursor().executemany(STORE, SAMPLES)
    link = Link(database_url, "quaystream-test")
    try:
        source = KpiSpans("gross_crane_rate", "PT1H", 25.0, 26.0)
        found = await read(await link.get(), "kpis", source, {}, Since(BEGIN_US), BEGIN_US)
    finally:
        link.drop()
    low = [one for name in ("sts1", "sts2") for one in held([span for span in found if span.subject == name], 0)]
    assert low == [
        ConditionSpan(name, BEGIN_US + began * MINUTE_US, BEGIN_US + ended * MINUTE_US) for name, began, ended in LOW
    ]
    assert len(found) == len(LOW) + 1  # the stretch between the limits is one of its own
