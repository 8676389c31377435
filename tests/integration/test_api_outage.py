import asyncio
import os
import signal
import socket
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from infra.machine.processes import free_port
from tests.integration import api_rows
from tests.integration.api_rows import Cable


def _through(url: str, port: int) -> str:
    """The same database, reached over another port of this machine."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}"))


async def _get(session: aiohttp.ClientSession, url: str) -> tuple[int, Any]:
    async with session.get(url) as response:
        return response.status, await response.json()


async def _until(session: aiohttp.ClientSession, base: str, *, database_ok: bool) -> tuple[int, Any]:
    async with asyncio.timeout(15):
        while True:
            status, body = await _get(session, f"{base}/readyz")
            if body["checks"]["database"]["ok"] is database_ok:
                return status, body
            await asyncio.sleep(0.05)


async def test_the_database_goes_and_comes_back(database_url: str, mqtt_url: str) -> None:
    """Away at the start, there, away again, back: the program goes on and says what to do meanwhile.

    Before it was there once nobody knows who may ask, so nobody is answered.
    """
    parts = urlsplit(database_url)
    cable = Cable(parts.hostname or "", parts.port or 5432)
    await cable.mend()
    await cable.cut()
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
    async with (
        api_rows.worker() as worker,
        api_rows.serving(_through(database_url, cable.port), mqtt_url, worker) as base,
        aiohttp.ClientSession() as session,
    ):
        for path in ("kpis", "devices", "live?terminal=demo"):
            status, body = await _get(session, f"{base}/api/v1/{path}")
            assert (status, body["error"]["code"]) == (503, "database_away")
        await cable.mend()
        await _until(session, base, database_ok=True)
        live = await session.ws_connect(f"{base}/api/v1/live?terminal=demo")
        await cable.cut()
        for _round in range(2):
            status, body = await _until(session, base, database_ok=False)
            assert status == 503
            assert "start it, or check QUAYSTREAM_DATABASE_URL" in body["checks"]["database"]["detail"]
            status, body = await _get(session, f"{base}/api/v1/devices")
            assert (status, body["error"]["code"]) == (503, "database_away")
            edit = f"{base}/api/v1/delays/demo/sts1/0"
            async with session.put(edit, json={"cause": "wind", "by": "x"}) as response:
                body = await response.json()
                assert (response.status, body["error"]["code"]) == (503, "database_away")
            assert await _frame(live, "health", ready=False)
            assert (await _get(session, f"{base}/healthz"))[0] == 200

            await cable.mend()
            status, _ = await _until(session, base, database_ok=True)
            status, body = await _get(session, f"{base}/api/v1/devices?terminal=demo")
            assert (status, len(body["devices"])) == (200, 4)
            async with session.put(edit, json={"cause": "wind", "by": "x"}) as response:
                assert response.status == 404
            assert await _frame(live, "health", ready=True)
            await cable.cut()
        await live.close()


async def _frame(live: aiohttp.ClientWebSocketResponse, kind: str, *, ready: bool) -> bool:
    """Wait for a frame that says so."""
    async with asyncio.timeout(15):
        while True:
            frame = await live.receive_json()
            if frame["type"] == kind and frame["ready"]["checks"]["database"]["ok"] is ready:
                return True


async def test_a_database_without_schema(database_url: str, mqtt_url: str) -> None:
    """A missing schema is distinguished from a missing database."""
    async with api_rows.rows(database_url) as db:
        await db.execute("ALTER TABLE device_count RENAME TO elsewhere")
    async with api_rows.serving(database_url, mqtt_url) as base, aiohttp.ClientSession() as session:

        async def reported() -> bool:
            return bool((await _get(session, f"{base}/api/v1/devices"))[1]["error"]["code"] == "schema_missing")

        await api_rows.until(reported)
        status, body = await _get(session, f"{base}/readyz")
        assert (status, "run `quaystream migrate`" in body["checks"]["database"]["detail"]) == (503, True)


async def _command(port: int, database_url: str, mqtt_url: str, host: str = "127.0.0.1") -> asyncio.subprocess.Process:
    settings = {
        "QUAYSTREAM_HTTP": f"{host}:{port}",
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUAYSTREAM_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "infra", "api", env=kept | settings, stderr=asyncio.subprocess.PIPE
    )


async def test_sigterm_ends_the_command(database_url: str, mqtt_url: str) -> None:
    """The command serves, and ends with 0 within two seconds of SIGTERM, live clients connected."""
    port = free_port()
    process = await _command(port, database_url, mqtt_url)
    async with aiohttp.ClientSession() as session, asyncio.timeout(20):
        while True:
            try:
                live = await session.ws_connect(f"http://127.0.0.1:{port}/api/v1/live?terminal=demo")
                break
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)
        assert (await live.receive_json())["type"] in {"snapshot", "health"}
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2):
            _, output = await process.communicate()
        await live.close()
    assert (process.returncode, b"Traceback" in output) == (0, False)


async def test_a_taken_port(database_url: str, mqtt_url: str) -> None:
    """The setting to change is named, with exit code 2 and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await _command(taken.getsockname()[1], database_url, mqtt_url)
        async with asyncio.timeout(20):
            _, output = await process.communicate()
    assert process.returncode == 2
    assert b"is taken by another program; set QUAYSTREAM_HTTP" in output
    assert b"Traceback" not in output


async def test_open_to_the_network_is_refused(database_url: str, mqtt_url: str) -> None:
    """Keys would cross it as plain text."""
    process = await _command(0, database_url, mqtt_url, host="0.0.0.0")  # noqa: S104 - it is refused
    async with asyncio.timeout(20):
        _, output = await process.communicate()
    assert (process.returncode, b"keys would cross it as plain text" in output) == (2, True)
