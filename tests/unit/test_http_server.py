"""What the HTTP servers of all our programs share."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web

from api.http.compression import takes_gzip
from infra.http_server import MalformedRequests, Site
from infra.machine.processes import free_port
from ingest.worker.http import Health, application
from ingest.worker.metrics import Metrics


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("GZip ; q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("*", True),
        ("*;q=0", False),
        ("xgzip", False),
    ],
)
def test_gzip_is_for_clients_that_take_it(accepted: str, *, taken: bool) -> None:
    """Source: RFC 9110, 12.5.3."""
    assert takes_gzip(accepted) is taken


def test_a_flood_of_malformed_requests_is_one_line_a_second(caplog: pytest.LogCaptureFixture) -> None:
    now_s = [100.0]
    malformed = MalformedRequests(lambda: now_s[0])
    for at_s in (100.0, 100.1, 100.9, 101.0, 101.5, 109.0, 111.0):
        now_s[0] = at_s
        malformed.note("10.0.0.1", "no method")
    line = "malformed request from 10.0.0.1: no method"
    more = [2, 1]
    assert [record.message for record in caplog.records] == [
        line,
        *(f"{line}; {count} more since the last such line" for count in more),
        line,
    ]


async def test_the_worker_names_no_versions_and_answers_what_is_no_http() -> None:
    port = free_port()
    runner = web.AppRunner(application(Health(), Metrics()))
    await runner.setup()
    try:
        await Site(runner, "127.0.0.1", port).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            for path, status in (("/healthz", 200), ("/metrics", 200), ("/readyz", 503), ("/none", 404)):
                async with session.get(path) as response:
                    assert (response.status, response.headers.get("Server")) == (status, None)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"nonsense\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert b"aiohttp" not in head
        assert json.loads(body)["error"]["code"] == "malformed_request"
    finally:
        await runner.cleanup()
