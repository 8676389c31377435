"""The first user by the link that `quaystream up` prints, at the API over a real database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from infra.access import api_keys, users
from infra.access.roles import Role
from infra.clock import utc_now
from infra.connection import Connection
from infra.machine.first_link import FirstLink
from tests.integration import api_rows

FIRST = "/api/v1/session/first"
PASSWORD = "correct horse 1"


@pytest.fixture
async def base(database_url: str, mqtt_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """Address of an API over the test's database, whose state folder is the test's."""
    more = {"QUAYSTREAM_STATE_DIR": str(tmp_path)}
    async with api_rows.serving(database_url, mqtt_url, more=more) as address, api_rows.asking(address):
        yield address


def token(state_dir: Path) -> str:
    return FirstLink(state_dir).make("", utc_now()).partition("=")[2]


async def status(session: aiohttp.ClientSession, **body: str) -> int:
    async with session.post(FIRST, json={"name": "Boss", "password": PASSWORD, **body}) as answer:
        await answer.read()
        return answer.status


async def test_whoever_has_the_link_becomes_admin(base: str, connection: Connection, tmp_path: Path) -> None:
    """Once, also of many at the same moment; whoever has it not becomes nothing."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(base, cookie_jar=jar) as session:
        assert await status(session, token="x") == 403
        given = token(tmp_path)
        assert [await status(session, token=given, **wrong) for wrong in ({"name": "a/b"}, {"password": "x"})] == [
            400
        ] * 2
        assert await status(session, token=given + "x") == 403
        found = await asyncio.gather(*(status(session, token=given, name=f"Boss {n}") for n in range(4)))
        assert found.count(200) == 1
        assert set(found) <= {200, 403, 409}
        assert await status(session, token=given) == 403
        async with session.get("/api/v1/users") as answer:  # by the cookie of that login
            (one,) = (await answer.json())["users"]
        assert (one["role"], one["terminal"]) == ("admin", None)
    assert not FirstLink(tmp_path).opens(given, utc_now())
    log = await connection.fetch("SELECT principal, action FROM audit ORDER BY id")
    assert [tuple(row) for row in log] == [("first link", "api_user.added"), (one["name"], "login.succeeded")]


async def test_the_link_opens_nothing_where_there_is_somebody(
    base: str, connection: Connection, tmp_path: Path
) -> None:
    """A key suffices; without a state folder's link there is nothing to open."""
    assert await users.nobody(connection)
    key_id, _ = await api_keys.add(connection, "first", Role.VIEWER)
    assert not await users.nobody(connection)
    async with aiohttp.ClientSession(base) as session:
        assert await status(session, token=token(tmp_path)) == 409
        await api_keys.revoke(connection, key_id)
        assert await status(session, token=token(tmp_path)) == 200
