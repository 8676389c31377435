"""Keys, roles and sessions, at the API over a real database."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import asyncpg
import pytest

from api.http.access import COOKIE
from api.http.route import Route
from api.resources import ROUTES
from infra.access import api_keys
from infra.access.roles import Role
from infra.connection import Connection
from tests.integration import api_rows

MOVES = "/api/v1/moves?terminal=demo"


@pytest.fixture
async def base(database_url: str, mqtt_url: str) -> AsyncIterator[str]:
    """Address of an API over the test's database."""
    async with api_rows.serving(database_url, mqtt_url) as address, api_rows.asking(address):
        yield address


async def status(base: str, path: str, key: str | None = None, method: str = "GET", **headers: str) -> int:
    """Status of an answer."""
    found = headers | ({} if key is None else {"Authorization": f"Bearer {key}"})
    async with aiohttp.ClientSession() as session, session.request(method, base + path, headers=found) as answer:
        await answer.read()
        return answer.status


async def settled(base: str, expected: int, key: str | None = None) -> None:
    """Wait until the API has noticed what changed."""
    seen = [0]

    async def look() -> bool:
        seen[0] = await status(base, MOVES, key)
        return seen[0] == expected

    await api_rows.until(look)


async def test_without_keys_this_machine_is_admin(base: str, connection: Connection) -> None:
    """With the first one it needs one too, but for what is open; when the last one is revoked it does not any more."""
    assert [await status(base, path) for path in (MOVES, "/api/v1/keys", "/openapi.json")] == [200, 200, 200]
    key_id, key = await api_keys.add(connection, "first", Role.VIEWER)
    await settled(base, 401)
    assert [await status(base, path) for path in ("/healthz", "/openapi.json", "/metrics")] == [200, 401, 401]
    assert await status(base, "/readyz") in {200, 503}
    assert [await status(base, MOVES, key), await status(base, "/api/v1/keys", key)] == [200, 403]
    await api_keys.revoke(connection, key_id)
    await settled(base, 200)


async def test_each_route_takes_its_role(base: str, connection: Connection) -> None:
    """The whole table: 401 without a key, 403 below the role, neither with it; before a parameter or a body is read."""
    keys = {role: (await api_keys.add(connection, role.word, role))[1] for role in Role}
    await settled(base, 401)
    for route in ROUTES:
        path = re.sub(r"\{\w+\}", "x", route.path)
        for role, key in ((None, None), *keys.items()):
            found = await status(base, path, key, route.method)
            assert refusal(found) == expected(route, role), (route.method, route.path, role, found)


def refusal(found: int) -> int | None:
    return found if found in {401, 403} else None


def expected(route: Route, role: Role | None) -> int | None:
    if route.least is None:
        return None
    if role is None:
        return 401
    return None if role >= route.least else 403


async def test_keys_that_do_not_hold(base: str, connection: Connection) -> None:
    """Expired, revoked, altered, unknown, malformed, in another scheme: 401; of another terminal: 403."""
    _, good = await api_keys.add(connection, "good", Role.VIEWER)
    _, expired = await api_keys.add(connection, "expired", Role.ADMIN, lasts=timedelta(seconds=-1))
    revoked_id, revoked = await api_keys.add(connection, "revoked", Role.ADMIN)
    await api_keys.revoke(connection, revoked_id)
    _, other = await api_keys.add(connection, "other", Role.ADMIN, "other")
    await settled(base, 200, good)
    altered = good[:-1] + ("0" if good[-1] != "0" else "1")
    for key in (expired, revoked, altered, "qs_00000000_00", "", "null", "ä" * 20, "x" * 5_000):
        assert await status(base, MOVES, key) == 401, key
    for header in ("Basic dXNlcjpwYXNz", "Bearer", good, f"Token {good}"):
        assert await status(base, MOVES, Authorization=header) == 401, header
    assert await status(base, MOVES, Cookie=f"{COOKIE}=forged") == 401
    assert await status(base, MOVES, Authorization=f"bearer  {good}") == 200
    assert await status(base, MOVES, other) == 403
    assert await status(base, "/api/v1/moves", other) == 403
    assert await status(base, "/api/v1/alarms/demo.wind_limit.sts1.1", other) == 403
    assert await status(base, "/api/v1/alarms/other.wind_limit.sts1.1", other) == 404
    assert await status(base, "/api/v1/moves?terminal=other", other) == 200
    assert await status(base, "/api/v1/keys", other) == 403


async def test_an_answer_explains_what_to_do(base: str, connection: Connection) -> None:
    _, expired = await api_keys.add(connection, "expired", Role.ADMIN, lasts=timedelta(seconds=-1))
    await settled(base, 401)
    headers = {"Authorization": f"Bearer {expired}"}
    async with aiohttp.ClientSession() as session, session.get(base + MOVES, headers=headers) as answer:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        error = (await answer.json())["error"]
    assert error["code"] == "unauthorized"
    assert "has expired; `quaystream key add` makes a new one" in error["message"]


async def test_keys_are_made_and_revoked_over_the_api(base: str) -> None:
    """The first one locks this machine out at once; nobody can read a key again."""
    async with aiohttp.ClientSession() as session:
        for first in ({"name": "x", "role": "operator"}, {"name": "x", "role": "admin", "terminal": "demo"}):
            async with session.post(f"{base}/api/v1/keys", json=first) as answer:
                assert (answer.status, "nobody could make another" in await answer.text()) == (409, True)
        body = {"name": " Control room ", "role": "admin", "days": 30}
        async with session.post(f"{base}/api/v1/keys", json=body) as answer:
            made = await answer.json()
        assert await status(base, MOVES) == 401
        own = {"Authorization": f"Bearer {made['key']}"}
        async with session.get(f"{base}/api/v1/keys", headers=own) as answer:
            text = await answer.text()
            (listed,) = (await answer.json())["keys"]
        assert (listed["id"], listed["name"], listed["role"]) == (made["id"], "Control room", "admin")
        assert made["key"].rpartition("_")[2] not in text
        for wrong in ({**body, "role": "root"}, {**body, "name": " "}, {**body, "days": 0}, {**body, "more": 1}):
            async with session.post(f"{base}/api/v1/keys", json=wrong, headers=own) as answer:
                assert answer.status == 400, wrong
        assert await status(base, "/api/v1/keys/00000000", made["key"], "DELETE") == 404
        assert await status(base, f"/api/v1/keys/{made['id']}", made["key"], "DELETE") == 200
    assert await status(base, MOVES) == 200


async def test_a_session_from_login_to_logout(base: str, connection: Connection) -> None:
    """The cookie is for this server and no script; it ends with the logout, and with its key."""
    key_id, key = await api_keys.add(connection, "Control room", Role.OPERATOR)
    await settled(base, 401)
    jar = aiohttp.CookieJar(unsafe=True)  # of an address, not of a name
    async with aiohttp.ClientSession(base, cookie_jar=jar) as page:
        async with page.get("/api/v1/session") as answer:
            assert answer.status == 401
        async with page.post("/api/v1/session", json={"key": key + "0"}) as answer:
            assert (answer.status, answer.cookies.get(COOKIE)) == (401, None)
        foreign = {"Origin": "http://evil.example"}
        async with page.post("/api/v1/session", json={"key": key}, headers=foreign) as answer:
            assert answer.status == 403
        await log_in(page, key)
        async with page.get("/api/v1/session") as answer:
            expected = {"name": "Control room", "role": "operator", "terminal": None, "kind": "key"}
            assert await answer.json() == expected
        async with page.get(MOVES) as answer:
            assert answer.status == 200
        async with page.delete("/api/v1/session") as answer:
            assert answer.status == 200
        async with page.get(MOVES) as answer:
            assert answer.status == 401
        await log_in(page, key)
        async with page.ws_connect("/api/v1/live?terminal=demo") as live:
            await api_keys.revoke(connection, key_id)
            await api_keys.add(connection, "another", Role.VIEWER)
            async for _frame in live:
                pass
            assert live.close_code == 4401
        async with page.get(MOVES) as answer:
            assert answer.status == 401
    kept = await connection.fetch("SELECT encode(token_hash, 'hex') FROM api_session")
    assert len(kept) == 1


async def log_in(page: aiohttp.ClientSession, key: str) -> None:
    async with page.post("/api/v1/session", json={"key": key}) as answer:
        assert answer.status == 200
        cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")


async def test_a_websocket_needs_a_key(base: str, connection: Connection) -> None:
    """One that was open before the first key ends with it."""
    async with aiohttp.ClientSession(base) as session:
        async with session.ws_connect("/api/v1/live?terminal=demo") as live:
            _, key = await api_keys.add(connection, "of other", Role.VIEWER, "other")
            async for _frame in live:
                pass
            assert live.close_code == 4401
        for headers, expected_status in (({}, 401), ({"Authorization": f"Bearer {key}"}, 403)):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect("/api/v1/live?terminal=demo", headers=headers)
            assert refused.value.status == expected_status
        own = {"Authorization": f"Bearer {key}"}
        async with session.ws_connect("/api/v1/live?terminal=other", headers=own) as live:
            assert (await live.receive_json())["terminal"] == "other"


async def test_changes_are_kept_under_the_name_of_the_key(base: str, database_url: str, connection: Connection) -> None:
    """Whatever the request states; without keys that counts, and without both it is `local`."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_delay(db, 1, api_rows.NOON, 5.0)
    began_at = api_rows.text(api_rows.NOON)
    path = f"/api/v1/delays/demo/sts1/{began_at}"
    async with aiohttp.ClientSession(base) as session:

        async def state(headers: dict[str, str], **body: str) -> Any:
            async with session.put(path, json={"cause": "waiting_transport", **body}, headers=headers) as answer:
                assert answer.status == 200, await answer.text()

        await state({}, by="Ana")
        await state({})
        _, key = await api_keys.add(connection, "Control room", Role.OPERATOR)
        await settled(base, 401)
        own = {"Authorization": f"Bearer {key}"}
        await state(own, by="Somebody else")
        async with session.get(f"{path}/edits", headers=own) as answer:
            authors = [edit["by"] for edit in (await answer.json())["edits"]]
    assert sorted(authors) == ["Ana", "Control room", "local"]


async def test_the_use_of_a_key_is_noted(base: str, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.access.USED_S", 0.0)
    _, key = await api_keys.add(connection, "used", Role.VIEWER)
    await settled(base, 200, key)

    async def noted() -> bool:
        return (await api_keys.keys(connection))[0].last_used_at is not None

    await api_rows.until(noted)


async def test_changes_stand_in_the_audit_log(base: str, database_url: str, connection: Connection) -> None:
    """With who, what, before and after, and no secret; by whatever program; nobody removes an entry."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_delay(db, 1, api_rows.NOON, 5.0)
    async with aiohttp.ClientSession(base) as session:
        path = f"/api/v1/delays/demo/sts1/{api_rows.text(api_rows.NOON)}"
        async with session.put(path, json={"cause": "waiting_transport", "by": "Ana"}) as answer:
            assert answer.status == 200
        async with session.post("/api/v1/keys", json={"name": "boss", "role": "admin"}) as answer:
            made = await answer.json()
        own = {"Authorization": f"Bearer {made['key']}"}
        async with session.post(
            "/api/v1/keys", json={"name": "x", "role": "admin", "terminal": "other"}, headers=own
        ) as answer:
            other = {"Authorization": f"Bearer {(await answer.json())['key']}"}
        await api_keys.revoke(connection, made["id"])
        async with session.get("/api/v1/audit?terminal=other", headers=other) as answer:
            entries = (await answer.json())["entries"]
        assert [(one["action"], one["principal"], one["before"]) for one in entries] == [
            ("api_key.added", "boss", None)
        ]
        async with session.get("/api/v1/audit", headers=other) as answer:
            assert answer.status == 403
    rows = await connection.fetch("SELECT terminal, principal, action, subject FROM audit ORDER BY id")
    began_at = (await connection.fetchval("SELECT to_jsonb(began_at) ->> 0 FROM crane_delay_edit")).strip('"')
    assert [tuple(row) for row in rows] == [
        ("demo", "Ana", "delay_cause.added", f"crane/sts1/{began_at}"),
        (None, "local", "api_key.added", made["id"]),
        ("other", "boss", "api_key.added", entries[0]["subject"]),
        (None, "owner", "api_key.changed", made["id"]),
    ]
    text = await connection.fetchval("SELECT string_agg(coalesce(before::text, '') || after::text, '') FROM audit")
    assert "hash" not in text
    assert text.count('"revoked_at": "') == 1
    for statement in ("DELETE FROM audit", "UPDATE audit SET principal = 'x'", "TRUNCATE audit"):
        with pytest.raises(asyncpg.RaiseError, match="only grows"):
            await connection.execute(statement)
