import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from msgspec import Struct

from api import resources
from api.http import bodies
from api.http.bodies import Body
from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import Route
from tests.integration import api_rows

JSON = {"Content-Type": "application/json"}
Ask = Any


class Greeting(Body, frozen=True):
    """A body."""

    name: str


class Greeted(Struct, frozen=True):
    """An answer."""

    text: str


async def _greet(context: Context[NoQuery, Greeting]) -> Struct:
    return Greeted(f"hello {context.body.name}")


async def _take(context: Context[NoQuery, bytes]) -> Struct:
    return Greeted(f"{len(context.body)} bytes of {context.request.content_type}")


ROUTES = (
    Route("/bodies/greet", _greet, NoQuery, Greeted, "", method="PUT", role="open", body=Greeting, most_bytes=100),
    Route(
        "/bodies/take",
        _take,
        NoQuery,
        Greeted,
        "",
        method="POST",
        role="open",
        body=bytes,
        takes=("text/csv", "text/plain"),
    ),
)


@pytest.fixture
async def base(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Address of a server with two routes that take bodies; they need neither database nor broker."""
    monkeypatch.setattr(resources, "ROUTES", ROUTES)
    async with api_rows.serving("postgresql://127.0.0.1:1/nothing", "mqtt://127.0.0.1:1") as address:
        yield address


@pytest.fixture
async def ask(base: str) -> AsyncIterator[Ask]:
    """Sends a request; gives status, body and the answer's headers."""
    async with aiohttp.ClientSession() as session:

        async def send(
            path: str, data: Any, headers: dict[str, str] | None = None, method: str = "PUT"
        ) -> tuple[int, Any, Any]:
            async with session.request(method, base + path, data=data, headers=JSON | (headers or {})) as response:
                return response.status, await response.json(), response.headers

        yield send


async def _in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_body_reaches_its_route(ask: Ask) -> None:
    """JSON becomes a Struct, a body of another kind is handed on as it is; with a length given or in chunks."""
    assert (await ask("/bodies/greet", b'{"name": "Ana"}'))[:2] == (200, {"text": "hello Ana"})
    assert (await ask("/bodies/greet", _in_parts(b'{"na', b'me": "Ana"}')))[:2] == (200, {"text": "hello Ana"})
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    assert (await ask("/bodies/take", b"a;b\n", headers, "POST"))[:2] == (200, {"text": "4 bytes of text/csv"})


@pytest.mark.parametrize(
    ("data", "headers", "status", "message"),
    [
        (b"{}", {}, 400, "body field name is missing"),
        (b"", {}, 400, "the body is empty; send application/json"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "set Content-Type to application/json, not text/plain"),
        (b"{}", {"Content-Type": ""}, 415, "set Content-Type to application/json, not nothing"),
        (gzip.compress(b"{}", mtime=0), {"Content-Encoding": "gzip"}, 415, "not with Content-Encoding gzip"),
        (b"x" * 101, {}, 413, "the body has 101 bytes; at most 100 are taken"),
    ],
)
async def test_a_body_is_refused(ask: Ask, data: bytes, headers: dict[str, str], status: int, message: str) -> None:
    """Size, media type and fields are checked; the message explains what to change."""
    got, body, _ = await ask("/bodies/greet", data, headers)
    assert (got, message in body["error"]["message"]) == (status, True), body


async def test_a_body_in_chunks_has_the_same_limit(ask: Ask) -> None:
    """A size that is not given before is counted."""
    status, body, _ = await ask("/bodies/greet", _in_parts(b"x" * 60, b"x" * 60))
    assert (status, body["error"]["code"]) == (413, "too_large")


async def test_other_methods(ask: Ask) -> None:
    """A route answers to its method only, and names it."""
    status, body, headers = await ask("/bodies/greet", b"{}", method="DELETE")
    assert (status, body["error"]["code"], headers["Allow"]) == (405, "method_not_allowed", "PUT")
    assert (await ask("/bodies/greet", None, method="OPTIONS"))[0] == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_pages_of_other_sites_change_nothing(ask: Ask, headers: dict[str, str]) -> None:
    """A browser sends a foreign page's request to this machine too; it says whose page it is, and is refused."""
    status, body, answered = await ask("/bodies/greet", b'{"name": "Ana"}', headers)
    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert "Access-Control-Allow-Origin" not in answered


async def test_own_pages_and_programs_may(ask: Ask, base: str) -> None:
    """The dashboard's own requests are taken, and those of programs, which name no origin."""
    own = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    assert (await ask("/bodies/greet", b'{"name": "Ana"}', own))[0] == 200
    assert (await ask("/bodies/greet", b'{"name": "Ana"}'))[0] == 200


async def _raw(base: str, text: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
    writer.write(text)
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"}}")
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_missing_and_a_slow_body(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that was not announced, and one that does not come, are distinguished."""
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.1)
    head = b"PUT /bodies/greet HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert (await _raw(base, head + b"\r\n")).startswith(b"HTTP/1.1 411")
    assert (await _raw(base, head + b'Content-Length: 20\r\n\r\n{"na')).startswith(b"HTTP/1.1 408")


async def test_a_body_that_breaks_off_is_no_bug(base: str, caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes away in the middle is not logged as an error of ours."""
    head = b"PUT /bodies/greet HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
    writer.write(head + b'Content-Length: 20\r\n\r\n{"na')
    await writer.drain()
    async with aiohttp.ClientSession() as session:  # by the time of the answer, the half of a body has been read
        async with session.get(f"{base}/bodies/greet"):
            writer.transport.abort()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        async with session.get(f"{base}/bodies/greet"):
            pass
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
