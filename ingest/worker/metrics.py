"""What the worker counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BATCH_BUCKETS = (1, 5, 20, 100, 500, 1000, 2000, 5000, 10_000)
SECONDS_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """The worker's metrics in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("messages", "MQTT messages received")
        self.samples = self._counter("samples", "Samples by what became of them", "fate")
        self.quarantined = self._counter("quarantined", "Messages and samples quarantined", "reason")
        self.out_of_range = self._counter("out_of_range", "Values left out, implausible or NaN", "signal")
        self.contradictory = self._counter(
            "contradictory", "Samples stored whose values cannot be true together", "signals"
        )
        self.conflicts = self._counter(
            "conflicts", "Values stored beside another one of the same signal, device and time", "signal"
        )
        self.facts = self._counter("facts", "Facts written", "fact")
        self.kpi_published = self._counter("kpi_published", "KPI values published")
        self.events_published = self._counter("events_published", "Events of boxes that the broker has taken")
        self.events_refused = self._counter("events_refused", "Events of boxes that the broker has refused, each time")
        self.retries = self._counter("write_retries", "Transactions written again after an error", "cause")
        self.engine_errors = self._counter("engine_errors", "Batches whose facts are missing: defects, please report")
        self.left_out = self._counter("left_out", "Facts and such that the database refused: defects, please report")
        self.session_lost = self._counter("session_lost", "Times the broker had lost our session")
        self.seq_missing = self._gauge("seq_missing", "Seqs missing between those seen since the start")
        self.broker_dropped = self._gauge("broker_dropped_messages", "Messages the broker reports as dropped")
        self.broker_queued = self._gauge("broker_queued_messages", "Messages the broker reports as held")
        self.recompute_pending = self._gauge("recompute_pending", "Devices and KPIs that are to be recomputed")
        self.buffered = self._gauge("buffered_messages", "Messages read and not yet in a batch")
        self.buffered_bytes = self._gauge("buffered_bytes", "Their payload bytes")
        self.unacked = self._gauge("unacked_messages", "Messages received and not yet acknowledged")
        self.paused = self._gauge("reading_paused", "1 while reading from the broker is paused")
        self.connected = self._gauge("broker_connected", "1 while connected to the broker")
        self.batch = self._histogram("batch_messages", "Messages in a transaction", BATCH_BUCKETS)
        self.write_s = self._histogram("write_seconds", "Time of a transaction", SECONDS_BUCKETS)
        self.delay_s = self._histogram(
            "receive_to_commit_seconds", "From reading to commit, oldest message of a batch", SECONDS_BUCKETS
        )

        self.event_delay_s = self._histogram(
            "event_to_commit_seconds", "From the newest event time of a batch to its commit", SECONDS_BUCKETS
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"quaystream_ingest_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"quaystream_ingest_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"quaystream_ingest_{name}", text, buckets=buckets, registry=self.registry)
