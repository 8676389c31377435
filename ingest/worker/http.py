"""The worker's own small HTTP: metrics and readiness, answered even when the database is away."""

from aiohttp import web
from prometheus_client import generate_latest

from infra.http_server import remove_server
from ingest.worker.metrics import Metrics
from ingest.worker.shell import Worker


class Health:
    """How the worker is; before it is there, it is starting."""

    def __init__(self) -> None:
        self.worker: Worker | None = None

    @property
    def caught_up(self) -> bool:
        """Whether all that has arrived is stored."""
        return self.worker is not None and self.worker.caught_up

    @property
    def behind(self) -> bool:
        """Whether a full batch waits."""
        return self.worker is not None and self.worker.pipeline.behind

    def problems(self) -> list[str]:
        """What keeps the worker from doing its work now; empty when all is well."""
        return ["starting: reading what is stored"] if self.worker is None else self.worker.problems()


def application(health: Health, metrics: Metrics) -> web.Application:
    """Routes /metrics, /healthz and /readyz."""
    app = web.Application()
    app.on_response_prepare.append(remove_server)

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        problems = health.problems()
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def metrics_text(_request: web.Request) -> web.Response:
        if health.worker is not None:
            health.worker.measure()
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics_text)])
    return app
