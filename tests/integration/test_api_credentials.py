"""Every route with credentials that do not hold, and credentials of odd characters."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import aiohttp
import pytest

from api.http.access import COOKIE
from api.http.route import Route
from api.resources import ROUTES
from infra.access import api_keys
from infra.access.roles import Role
from infra.connection import Connection
from tests.integration import api_rows

GUARDED = [route for route in ROUTES if route.least is not None]
SAMPLES = {"terminal": "demo", "stream": "crane", "device": "sts1", "lane": "in1", "kpi": "gross_crane_rate"}
MOVES = "/api/v1/moves?terminal=demo"


@pytest.fixture
async def good(connection: Connection) -> str:
    """A key that holds, so that one is needed."""
    return (await api_keys.add(connection, "good", Role.ADMIN))[1]


@pytest.fixture
async def base(good: str, database_url: str, mqtt_url: str) -> AsyncIterator[str]:
    """Address of an API that knows the key."""
    async with api_rows.serving(database_url, mqtt_url) as address, api_rows.asking(address) as ask:

        async def known() -> bool:
            status: int = (await ask(MOVES, headers={"Authorization": f"Bearer {good}"}))[0]
            return status == 200

        await api_rows.until(known)
        yield address


def path_of(route: Route) -> str:
    """A path that the route answers to."""
    return re.sub(r"\{(\w+)\}", lambda found: SAMPLES.get(found[1], "x"), route.path)


async def statuses(base: str, headers: Mapping[str, str]) -> dict[int, list[str]]:
    """Which guarded routes answer with which status."""
    found: dict[int, list[str]] = {}
    async with aiohttp.ClientSession(base) as session:
        for route in GUARDED:
            async with session.request(route.method, path_of(route), headers=headers) as answer:
                found.setdefault(answer.status, []).append(f"{route.method} {route.path}")
                error = (await answer.json(content_type=None))["error"]
                assert error["code"]
                assert error["message"]
    return found


async def test_every_route_refuses_what_does_not_hold(base: str, good: str, connection: Connection) -> None:
    """401 with an explanation, before a parameter or a body is read."""
    _, expired = await api_keys.add(connection, "expired", Role.ADMIN, lasts=timedelta(seconds=-1))
    revoked_id, revoked = await api_keys.add(connection, "revoked", Role.ADMIN)
    await api_keys.revoke(connection, revoked_id)
    all_headers = {
        "expired": {"Authorization": f"Bearer {expired}"},
        "revoked": {"Authorization": f"Bearer {revoked}"},
        "altered": {"Authorization": f"Bearer {good[:-1]}{'1' if good[-1] == '0' else '0'}"},
        "unknown": {"Authorization": "Bearer qs_00000000_" + 48 * "0"},
        "malformed": {"Authorization": f"Bearer {good} {good}"},
        "other scheme": {"Authorization": f"Basic {good}"},
        "session": {"Cookie": f"{COOKIE}={good}"},
    }
    async with aiohttp.ClientSession(base) as session:

        async def noticed() -> bool:
            async with session.get(MOVES, headers=all_headers["revoked"]) as answer:
                return answer.status == 401

        await api_rows.until(noticed)
    for how, headers in all_headers.items():
        everywhere = {401: [f"{route.method} {route.path}" for route in GUARDED]}
        assert await statuses(base, headers) == everywhere, how


async def test_every_route_of_a_terminal_refuses_keys_of_another(base: str, connection: Connection) -> None:
    """403, of an admin too; where it is not named, all terminals are meant."""
    _, key = await api_keys.add(connection, "other", Role.ADMIN, "other")
    about = [route for route in GUARDED if "terminal" in route.query.__struct_fields__]
    assert len(about) > 40
    async with aiohttp.ClientSession(base, headers={"Authorization": f"Bearer {key}"}) as session:

        async def known() -> bool:
            async with session.get("/api/v1/session") as answer:
                return answer.status == 200

        await api_rows.until(known)
        for route in about:
            needed: dict[str, str] = {name: SAMPLES.get(name, "x") for name in required(route) if name in SAMPLES}
            async with session.request(route.method, path_of(route), params=needed) as answer:
                status = answer.status
            unknown = {*required(route), *route.path_names} - set(SAMPLES)  # which may be refused first
            assert status in ({400, 403} if unknown else {403}), (route.method, route.path, status)


def required(route: Route) -> list[str]:
    """Names of the parameters in the query string that must be given."""
    with_default = len(route.query.__struct_defaults__)
    names = route.query.__struct_encode_fields__
    return [name for name in names[: len(names) - with_default] if name not in route.path_names]


async def raw(base: str, *lines: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to a request with header lines as they are; 0: the connection ended without."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
    head = [f"GET {MOVES} HTTP/1.1".encode(), b"Host: 127.0.0.1", b"Connection: close", *lines, b"", b""]
    writer.write(b"\r\n".join(head))
    await writer.drain()
    text = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return int(text[9:12] or 0), text.partition(b"\r\n\r\n")[2]


ODD = {
    "bytes that are no UTF-8": (b"\xff\xfe\x80", 401),
    "letters of other scripts": ("ключ鍵".encode(), 401),
    "direction of writing": ("\u202eqs_\u202c".encode(), 401),
    "tabs": (b"\tqs_0\t0_0\t", 401),
    "quotes and semicolons": (b"\";'--, x=\\", 401),
    "percent signs": (b"%00%ff%", 401),
    "long": (b"x" * 8_000, 401),
    "too long": (b"x" * 9_000, 400),
    "NUL": (b"qs_\x00", 400),
    "a control character": (b"qs_\x01\x7f", 400),
    "a bare carriage return": (b"qs_\rX-More: 1", 400),
}


async def test_credentials_of_odd_characters(base: str) -> None:
    """They are refused in JSON like any that are not known; what HTTP does not allow is no request."""
    for name, (value, expected) in ODD.items():
        for header in ("Authorization: Bearer ", f"Cookie: {COOKIE}="):
            status, body = await raw(base, header.encode() + value)
            assert (status, list(json.loads(body))) == (expected, ["error"]), (name, header, body)


async def test_login_with_odd_characters(base: str) -> None:
    """No key, so 401; what no text of the database can hold is refused as the body that it stands in."""
    async with aiohttp.ClientSession(base) as session:
        for key, expected in (("ключ鍵\u202e", 401), ("qs_\x01", 401), (" ", 401), ("qs_\x00", 400), ("x" * 201, 400)):
            async with session.post("/api/v1/session", json={"key": key}) as answer:
                assert (answer.status, answer.cookies.get(COOKIE)) == (expected, None), key
        half = {"data": b'{"key": "\\ud800"}', "headers": {"Content-Type": "application/json"}}
        async with session.post("/api/v1/session", **half) as answer:  # type: ignore[arg-type]
            assert answer.status == 400
