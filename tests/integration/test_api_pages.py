"""The files of the page, compressed where the client takes it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from api.dashboard.build import compress
from api.http import pages
from tests.integration import api_rows

SCRIPT = b"const answer = 42;\n" * 100
INDEX = b"<!doctype html>" + b"<p>quay</p>" * 50
ICON = b"<svg/>"
"""Too short to be made shorter."""


@pytest.fixture
async def session(
    database_url: str, mqtt_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that takes what headers ask for and unpacks nothing, of an API that serves three files."""
    (tmp_path / "assets").mkdir()
    for name, content in (("index.html", INDEX), ("favicon.svg", ICON), ("assets/index-1a2b.js", SCRIPT)):
        (tmp_path / name).write_bytes(content)
    compress(tmp_path)
    monkeypatch.setattr(pages, "DIST", tmp_path)
    async with (
        api_rows.serving(database_url, mqtt_url) as base,
        aiohttp.ClientSession(base, skip_auto_headers=["Accept-Encoding"], auto_decompress=False) as session,
    ):
        yield session


FILES = [
    ("/assets/index-1a2b.js", SCRIPT, "javascript", "public, max-age=31536000, immutable"),
    ("/", INDEX, "text/html", "no-cache"),
]


@pytest.mark.parametrize(("path", "content", "kind", "caching"), FILES)
@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "GZIP"])
async def test_a_browser_gets_it_compressed(
    session: aiohttp.ClientSession, path: str, content: bytes, kind: str, caching: str, accepted: str
) -> None:
    """Shorter, of the type of the file itself, with the headers that it has uncompressed."""
    async with session.get(path, headers={"Accept-Encoding": accepted}) as response:
        body, headers = await response.read(), response.headers
    assert (response.status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    assert len(body) == int(headers["Content-Length"]) < len(content) / 5
    assert gzip.decompress(body) == content
    assert kind in headers["Content-Type"]
    assert headers["Cache-Control"] == caching
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers


@pytest.mark.parametrize(("path", "content", "kind", "caching"), FILES)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "identity"}], ids=["unsaid", "identity"])
async def test_others_get_it_as_it_is(
    session: aiohttp.ClientSession, path: str, content: bytes, kind: str, caching: str, headers: dict[str, str]
) -> None:
    """A cache between must know that browsers get another one."""
    async with session.get(path, headers=headers) as response:
        assert await response.read() == content
    assert (response.status, "Content-Encoding" in response.headers) == (200, False)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert kind in response.headers["Content-Type"]
    assert response.headers["Cache-Control"] == caching


async def test_what_gzip_does_not_make_shorter_is_sent_as_it_is(session: aiohttp.ClientSession) -> None:
    async with session.get("/favicon.svg", headers={"Accept-Encoding": "gzip"}) as response:
        assert (await response.read(), response.headers["Vary"]) == (ICON, "Accept-Encoding")
    assert "Content-Encoding" not in response.headers


async def test_each_has_an_etag_of_its_own(session: aiohttp.ClientSession) -> None:
    """Who has the one, and asks for the same, has it still; who asks for the other one gets it."""
    tags = {}
    for accepted in ("gzip", "identity"):
        async with session.get("/", headers={"Accept-Encoding": accepted}) as response:
            tags[accepted] = response.headers["ETag"]
    assert tags["gzip"] != tags["identity"]
    for accepted, tag, status in (
        ("gzip", tags["gzip"], 304),
        ("identity", tags["identity"], 304),
        ("gzip", tags["identity"], 200),
        ("identity", tags["gzip"], 200),
    ):
        headers = {"Accept-Encoding": accepted, "If-None-Match": tag}
        async with session.get("/", headers=headers) as response:
            assert (accepted, response.status) == (accepted, status)
        assert (response.headers["Vary"], response.headers["ETag"]) == ("Accept-Encoding", tags[accepted])
