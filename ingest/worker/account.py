"""The account of a committed batch in the metrics: received = stored + duplicate + quarantined."""

from infra.clock import now_us
from ingest.store.writer import WriteResult
from ingest.worker.metrics import Metrics
from ingest.worker.preparation import Prepared


def count(metrics: Metrics, prepared: Prepared, written: WriteResult) -> None:
    """Count what became of a batch."""
    total = written.tally.total()
    rejects = prepared.batch.rejects + written.refused
    of_no_device = sum(r.address is None or r.address.kind != "telemetry" for r in prepared.batch.rejects)
    for fate in ("received", "stored", "duplicate", "late", "quarantined"):
        more = of_no_device if fate in ("received", "quarantined") else 0
        metrics.samples.labels(fate).inc(getattr(total, fate) + more)
    for reject in rejects:
        metrics.quarantined.labels(reject.reason).inc()
    for (_, fate, signal), number in written.tally.causes.items():
        if fate == "conflict":
            metrics.conflicts.labels(signal).inc(number)
    metrics.left_out.inc(written.left_out)
    for fact in prepared.batch.facts:
        metrics.facts.labels(type(fact).__name__).inc()
    if prepared.messages:
        now = now_us()
        metrics.batch.observe(len(prepared.messages))
        metrics.delay_s.observe(max(0, now - prepared.messages[0].received_us) / 1e6)
        if prepared.newest_us is not None:
            metrics.event_delay_s.observe(max(0, now - prepared.newest_us) / 1e6)
