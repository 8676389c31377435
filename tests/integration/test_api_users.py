"""Users with passwords, at the API over a real database."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from api.http import logins
from api.http.access import COOKIE
from infra.access import api_keys, users
from infra.access.roles import Role
from infra.access.user_password import hashed
from infra.connection import Connection
from tests.integration import api_rows

MOVES = "/api/v1/moves?terminal=demo"
SESSION = "/api/v1/session"
PASSWORD, OTHER = "correct horse 1", "battery staple 2"


@pytest.fixture
async def base(database_url: str, mqtt_url: str) -> AsyncIterator[str]:
    """Address of an API over the test's database."""
    async with api_rows.serving(database_url, mqtt_url) as address, api_rows.asking(address):
        yield address


class Browser:
    """Asks, and keeps cookies."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def ask(self, method: str, path: str, **body: object) -> tuple[int, Any]:
        """Status of an answer, and its body."""
        sent = {"json": body} if method in {"POST", "PUT"} else {}
        async with self.session.request(method, path, **sent) as answer:  # type: ignore[arg-type]  # one of both
            return answer.status, await answer.json()

    async def log_in(self, name: str, password: str) -> int:
        """Status of a login."""
        return (await self.ask("POST", SESSION, name=name, password=password))[0]


@asynccontextmanager
async def browser(base: str) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True)  # of an address, not of a name
    async with aiohttp.ClientSession(base, cookie_jar=jar) as session:
        yield Browser(session)


async def add(connection: Connection, name: str, role: Role = Role.VIEWER, terminal: str | None = None) -> None:
    await users.add(connection, name, role, terminal, hashed(PASSWORD))


async def settled(page: Browser, expected: int) -> None:
    """Wait until the API has noticed what changed."""
    seen = [0]

    async def look() -> bool:
        seen[0] = (await page.ask("GET", MOVES))[0]
        return seen[0] == expected

    await api_rows.until(look)


async def test_users_count_as_keys_do(base: str, connection: Connection) -> None:
    """With the first one this machine must log in too; when the last one is disabled it need not any more."""
    async with browser(base) as page:
        assert (await page.ask("GET", MOVES))[0] == 200
        await add(connection, "Ana")
        await settled(page, 401)
        await users.disable(connection, "ana")
        await settled(page, 200)


async def test_logging_in_by_name_and_password(base: str, connection: Connection) -> None:
    """Whatever the capitals of the name; the cookie is for this server and no script; role and terminal hold."""
    await add(connection, "Ana", Role.OPERATOR, "demo")
    async with browser(base) as page:
        await settled(page, 401)
        async with page.session.post(SESSION, json={"name": " ana ", "password": PASSWORD}) as answer:
            assert answer.status == 200
            assert await answer.json() == {"name": "Ana", "role": "operator", "terminal": "demo", "kind": "user"}
            cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert (await page.ask("GET", MOVES))[0] == 200
        for path in ("/api/v1/moves?terminal=other", "/api/v1/moves", "/api/v1/users"):
            assert (await page.ask("GET", path))[0] == 403, path
        await users.set_role(connection, "Ana", Role.ADMIN, None)

        async def is_admin() -> bool:
            return (await page.ask("GET", "/api/v1/users"))[0] == 200

        await api_rows.until(is_admin)
        assert (await page.ask("DELETE", SESSION))[0] == 200
        assert (await page.ask("GET", MOVES))[0] == 401


async def test_a_wrong_name_or_password_gets_the_same_answer(base: str, connection: Connection) -> None:
    """Whether there is such a user, a disabled one, or none; and nothing of it is a session."""
    await add(connection, "Ana")
    await add(connection, "Left")
    await users.disable(connection, "Left")
    async with browser(base) as page:
        await settled(page, 401)
        for name, password in (("Ana", OTHER), ("Nobody", PASSWORD), ("Left", PASSWORD), ("Ana", PASSWORD + " ")):
            status, body = await page.ask("POST", SESSION, name=name, password=password)
            assert (status, body["error"]["message"]) == (401, "name or password is wrong"), name
        for wrong in ({}, {"name": "Ana"}, {"password": PASSWORD}, {"key": "x", "name": "Ana", "password": PASSWORD}):
            assert (await page.ask("POST", SESSION, **wrong))[0] == 400, wrong
        assert (await page.ask("POST", SESSION, name="Ana", password="x" * 201))[0] == 400
        assert (await page.ask("GET", MOVES))[0] == 401
    assert await connection.fetchval("SELECT count(*) FROM api_session") == 0


@pytest.mark.parametrize("ended_by", ["password", "disabled"])
async def test_sessions_end_with_the_password_they_began_with(base: str, connection: Connection, ended_by: str) -> None:
    """Or with the account; the WebSocket too."""
    await add(connection, "Ana")
    await add(connection, "Ben")
    async with browser(base) as page, browser(base) as other:
        await settled(page, 401)
        assert [await page.log_in("Ana", PASSWORD), await other.log_in("Ben", PASSWORD)] == [200, 200]
        async with page.session.ws_connect("/api/v1/live?terminal=demo") as live:
            if ended_by == "password":
                await users.set_password(connection, "Ana", hashed(OTHER))
            else:
                await users.disable(connection, "Ana")
            async for _frame in live:
                pass
            assert live.close_code == 4401
        assert (await page.ask("GET", MOVES))[0] == 401
        assert (await other.ask("GET", MOVES))[0] == 200
        assert await page.log_in("Ana", PASSWORD) == 401
        assert await page.log_in("Ana", OTHER) == (200 if ended_by == "password" else 401)
    kept = await connection.fetch("SELECT user_name FROM api_session ORDER BY user_name")
    assert [row["user_name"] for row in kept] == (["Ana", "Ben"] if ended_by == "password" else ["Ben"])


async def test_a_person_changes_their_own_password(base: str, connection: Connection) -> None:
    """With the old one; their other sessions end, this one goes on."""
    await add(connection, "Ana")
    async with browser(base) as page, browser(base) as phone:
        await settled(page, 401)
        assert [await page.log_in("Ana", PASSWORD), await phone.log_in("Ana", PASSWORD)] == [200, 200]
        path = f"{SESSION}/password"
        assert (await page.ask("PUT", path, old=OTHER, new="something else"))[0] == 403
        assert (await page.ask("PUT", path, old=PASSWORD, new="short"))[0] == 400
        assert (await page.ask("PUT", path, old=PASSWORD, new=OTHER))[0] == 200
        assert [(await page.ask("GET", MOVES))[0], (await phone.ask("GET", MOVES))[0]] == [200, 401]
        assert [await phone.log_in("Ana", PASSWORD), await phone.log_in("Ana", OTHER)] == [401, 200]
        _, key = await api_keys.add(connection, "program", Role.VIEWER)

        async def answer_to_a_key() -> bool:
            headers = {"Authorization": f"Bearer {key}"}
            async with page.session.put(path, json={"old": PASSWORD, "new": OTHER}, headers=headers) as answer:
                return answer.status == 409

        await api_rows.until(answer_to_a_key)


async def test_admins_add_and_disable_users(base: str) -> None:
    """The first one must be an admin of all; a generated password is shown once; nobody disables themselves."""
    path = "/api/v1/users"
    async with browser(base) as page:
        for first in ({"name": "x", "role": "viewer"}, {"name": "x", "role": "admin", "terminal": "demo"}):
            status, body = await page.ask("POST", path, **first)
            assert (status, "nobody could add another" in body["error"]["message"]) == (409, True)
        for wrong in ({"name": "a/b"}, {"role": "root"}, {"password": "short"}, {"password": "Boss" * 51}, {"more": 1}):
            assert (await page.ask("POST", path, **{"name": "Boss", "role": "admin", **wrong}))[0] == 400, wrong
        status, made = await page.ask("POST", path, name="Boss", role="admin", password=PASSWORD)
        assert (status, made) == (200, {"name": "Boss", "password": None})
        assert (await page.ask("GET", path))[0] == 401
        assert await page.log_in("Boss", PASSWORD) == 200
        assert (await page.ask("POST", path, name="BOSS", role="viewer"))[0] == 409
        status, made = await page.ask("POST", path, name="José Núñez", role="operator", terminal="demo")
        assert (status, made["name"], len(made["password"])) == (200, "José Núñez", 20)
        async with browser(base) as other:
            assert await other.log_in("josé núñez", made["password"]) == 200
            assert (await page.ask("PUT", f"{path}/José Núñez/role", role="viewer"))[0] == 200
            assert (await other.ask("GET", SESSION))[1]["role"] == "viewer"
            again = (await page.ask("PUT", f"{path}/José Núñez/password"))[1]["password"]
            assert (await other.ask("GET", SESSION))[0] == 401
            assert [await other.log_in("José Núñez", one) for one in (made["password"], again)] == [401, 200]
            assert (await page.ask("DELETE", f"{path}/José Núñez"))[0] == 200
            assert (await other.ask("GET", SESSION))[0] == 401
            assert (await page.ask("DELETE", f"{path}/José Núñez"))[0] == 404
            assert (await page.ask("PUT", f"{path}/José Núñez/password"))[0] == 404
            back = await page.ask("POST", path, name="José Núñez", role="viewer", password=OTHER)
            assert (back[0], await other.log_in("José Núñez", OTHER)) == (200, 200)
        assert (await page.ask("DELETE", f"{path}/boss"))[0] == 409
        assert (await page.ask("PUT", f"{path}/boss/role", role="viewer"))[0] == 409
        listed = (await page.ask("GET", path))[1]["users"]
    assert [(one["name"], one["role"], one["terminal"], one["disabled_at"]) for one in listed] == [
        ("Boss", "admin", None, None),
        ("José Núñez", "viewer", None, None),
    ]
    assert "argon2" not in str(listed)


async def test_guessing_is_slowed_down_for_the_name(
    base: str, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    """Also for whoever knows the password then; other names are not concerned; unknown names are nowhere kept."""
    await add(connection, "Ana")
    await add(connection, "Ben")
    async with browser(base) as page:
        await settled(page, 401)
        with caplog.at_level(logging.WARNING, "api.http.logins"):
            found = [await page.log_in("Ana", f"{OTHER} {number}") for number in range(logins.MISSES_OF_NAME + 1)]
            assert found == [401] * logins.MISSES_OF_NAME + [429]
            assert await page.log_in("ana", PASSWORD) == 429
            assert await page.log_in(PASSWORD, PASSWORD) == 401
        assert await page.log_in("Ben", PASSWORD) == 200
    assert caplog.text.count("failed login from 127.0.0.1 as 'Ana'") == logins.MISSES_OF_NAME
    assert "as nobody known" in caplog.text
    assert PASSWORD not in caplog.text
    rows = await connection.fetch(
        "SELECT principal, action, subject, after ->> 'address' AS address, count(*) AS times FROM audit"
        " WHERE action LIKE 'login.%' GROUP BY 1, 2, 3, 4 ORDER BY subject"
    )
    assert [tuple(row) for row in rows] == [
        ("nobody", "login.failed", "Ana", "127.0.0.1", logins.MISSES_OF_NAME),
        ("Ben", "login.succeeded", "Ben", "127.0.0.1", 1),
    ]


async def test_guessing_is_slowed_down_for_the_address(
    base: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under whatever names."""
    monkeypatch.setattr(logins, "is_password", lambda password_hash, _password: password_hash is not None)
    await add(connection, "Ana")
    async with browser(base) as page:
        await settled(page, 401)
        found = [await page.log_in(f"name {number}", OTHER) for number in range(logins.MISSES_OF_ADDRESS)]
        assert found == [401] * logins.MISSES_OF_ADDRESS
        monkeypatch.undo()
        assert await page.log_in("Ana", PASSWORD) == 429


async def test_the_audit_log_has_users_without_their_hashes(base: str, connection: Connection) -> None:
    """Under the name of whoever asked."""
    async with browser(base) as page:
        await page.ask("POST", "/api/v1/users", name="Boss", role="admin", password=PASSWORD)
        await page.log_in("Boss", PASSWORD)
        await page.ask("POST", "/api/v1/users", name="Ana", role="viewer", terminal="demo", password=PASSWORD)
        await page.ask("PUT", "/api/v1/users/Ana/password", password=OTHER)
        await page.ask("DELETE", "/api/v1/users/Ana")
    rows = await connection.fetch("SELECT terminal, principal, action, subject FROM audit ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (None, "local", "api_user.added", "Boss"),
        (None, "Boss", "login.succeeded", "Boss"),
        ("demo", "Boss", "api_user.added", "Ana"),
        ("demo", "Boss", "api_user.changed", "Ana"),
        ("demo", "Boss", "api_user.changed", "Ana"),
    ]
    text = await connection.fetchval("SELECT string_agg(coalesce(before::text, '') || after::text, '') FROM audit")
    assert "hash" not in text
    assert "argon2" not in text
    assert len(set(re.findall(r'"password_set_at": "[^"]+"', text))) == 3


async def test_the_use_of_a_user_is_noted(base: str, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.access.USED_S", 0.0)
    await add(connection, "Ana")
    async with browser(base) as page:
        await settled(page, 401)
        assert await page.log_in("Ana", PASSWORD) == 200
        assert (await page.ask("GET", MOVES))[0] == 200

        async def noted() -> bool:
            return (await users.users(connection))[0].last_used_at is not None

        await api_rows.until(noted)
