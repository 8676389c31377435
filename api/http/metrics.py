"""The API's own metrics, in a registry of its own."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What the API counts.

    Attributes:
        cut: clients cut off because they did not read an answer.
        dropped: WebSocket clients dropped because they were too slow.
        queries: database queries.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="quaystream_api", registry=self._registry)
        self._requests = Counter(
            "quaystream_api_requests_total", "HTTP requests", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "quaystream_api_request_seconds",
            "Time to answer an HTTP request",
            ["route"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self.dropped = Counter(
            "quaystream_api_websocket_dropped_total",
            "WebSocket clients dropped because they read too slowly",
            registry=self._registry,
        )
        self.cut = Counter(
            "quaystream_api_answers_cut_total",
            "Answers broken off because the client did not read them",
            registry=self._registry,
        )
        self.queries = Counter("quaystream_api_database_queries_total", "Database queries", registry=self._registry)

    def watch(self, name: str, text: str, value: Callable[[], float]) -> None:
        """Add a gauge that is read at each scrape."""
        Gauge(f"quaystream_api_{name}", text, registry=self._registry).set_function(value)

    def answered(self, route: str, status: int, seconds: float | None) -> None:
        """Count an answer; `seconds` is None for a WebSocket, whose life is no latency."""
        self._requests.labels(route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(route).observe(seconds)

    def text(self, worker: str | None) -> str:
        """Own metrics, then the worker's, in Prometheus text.

        Args:
            worker: the worker's metrics, None when it does not answer.
        """
        up = (
            "# HELP quaystream_ingest_up Whether the ingest worker answers\n"
            "# TYPE quaystream_ingest_up gauge\n"
            f"quaystream_ingest_up {int(worker is not None)}\n"
        )
        return generate_latest(self._registry).decode() + up + (worker or "")
