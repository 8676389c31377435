"""One alarm on its way: from samples over the worker to WebSocket, MQTT, API and webhooks, of which one fails first."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from aiohttp import web

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

SECRET = "a secret of a webhook"
SITE = """
[[webhook]]
name = "hangs"
url = "{url}/hangs"
secret = "another secret, longer"

[[webhook]]
name = "fails-first"
url = "{url}/fails"
secret = "a secret of a webhook"

[terminal.sent.alarm.reefer_off_power]
hold_s = 0

[terminal.sent.kpi_target.gross_crane_rate]
below = 22
"""
LOW = """
INSERT INTO kpi_sample (time, terminal, kpi, subject, "window", value)
SELECT date_trunc('minute', now()) - n * interval '1 min', 'sent', 'gross_crane_rate', 'sts1', 'PT1H',
       CASE WHEN n BETWEEN 3 AND 11 THEN 20 ELSE 25 END FROM generate_series(1, 20) n
"""
NOTED = """
INSERT INTO alarm_note (terminal, fact, devices, since)
VALUES ('sent', 'kpi_sample', '{}', now() - interval '20 min')
"""
RAISED = """
SELECT subject, extract(epoch FROM cleared_at - raised_at)::int / 60, cleared_at IS NULL FROM v_alarm
WHERE alarm = 'low_gross_crane_rate'
"""
PLUGS = [f"r07-{number:02d}" for number in range(1, 49)]
NAME = "alarm/sent/rack_off_power/r07"


class Hooks:
    """A server: one path never answers, the other one refuses twice and then takes events."""

    def __init__(self) -> None:
        self.refused = 0
        self.taken: list[dict[str, Any]] = []
        self._end = asyncio.Event()

    async def fails(self, request: web.Request) -> web.Response:
        """Refuse twice; then take what is signed."""
        body = await request.read()
        if self.refused < 2:
            self.refused += 1
            return web.Response(status=500)
        signed = request.headers["X-Quaystream-Time"].encode() + b"." + body
        digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        if request.headers["X-Quaystream-Signature"] != f"sha256={digest}":
            return web.Response(status=401)
        self.taken += json.loads(body)["events"]
        return web.Response()

    async def hangs(self, _request: web.Request) -> web.Response:
        """Not answer before the end."""
        await self._end.wait()
        return web.Response()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The server's address."""
        app = web.Application()
        app.add_routes([web.post("/fails", self.fails), web.post("/hangs", self.hangs)])
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            self._end.set()
            await runner.cleanup()

    def seen(self) -> list[str]:
        """What happened, without changes while the rack was going dead."""
        return [event["event"] for event in self.taken if event["event"] != "changed"]


async def _send(client: Mqtt, at_ms: int, *, powered: bool) -> None:
    for number, plug in enumerate(PLUGS):
        sample = {"ts": at_ms + number, "plugged": True, "powered": powered}
        client.publish(f"port/sent/reefer/{plug}/telemetry", json.dumps(sample))
    await client.drain(1)


async def _frame(socket: aiohttp.ClientWebSocketResponse, wanted: str, members: int = 48) -> dict[str, Any]:
    """The alarm as the live feed has it, once this field of it is set."""
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            for alarm in frame.get("alarms", ()) if frame["type"] == "alarms" else ():
                if alarm[wanted] is not None and len(alarm["members"]) == members:
                    found: dict[str, Any] = alarm
                    return found


async def test_an_alarm_reaches_everybody(database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path) -> None:
    hooks = Hooks()
    retained: dict[str, bytes] = {}
    site = tmp_path / "site.toml"
    now_ms = time.time_ns() // 1_000_000
    async with hooks.serving() as url:
        site.write_text(SITE.format(url=url))
        environment = {
            "QUAYSTREAM_DATABASE_URL": database_url,
            "QUAYSTREAM_MQTT_URL": mqtt_url,
            "QUAYSTREAM_CLIENT_ID": f"ingest-sent-{time.time_ns()}",
            "QUAYSTREAM_STATE_DIR": str(state_dir),
            "QUAYSTREAM_SITE": str(site),
        }
        published = Mqtt(
            mqtt_url,
            f"sees-{time.time_ns()}",
            subscriptions=["alarm/sent/#"],
            on_messages=lambda some: retained.update((one.topic, one.payload) for one in some),
        )
        with worker(environment, tmp_path / "worker.log"):
            async with (
                published as client,
                api_rows.serving(database_url, mqtt_url) as base,
                api_rows.asking(base) as ask,
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{base}/api/v1/live?terminal=sent") as socket,
            ):
                await _send(client, now_ms - 60_000, powered=True)
                await _send(client, now_ms - 30_000, powered=False)
                alarm = await _frame(socket, "raised_at")
                assert (alarm["alarm"], alarm["subject"], alarm["members"]) == ("rack_off_power", "r07", PLUGS)
                await eventually(lambda: b'"raised"' in retained.get(NAME, b"") or len(_members(retained)) == 48)
                await eventually(lambda: "raised" in hooks.seen())

                path = f"/api/v1/alarms/{alarm['id']}"
                status, body = await ask(f"{path}/acknowledge", "POST", {"by": "R. Quispe"})
                assert status == 200, body
                assert (status, body["alarm"]["acknowledged_by"]) == (200, "R. Quispe")
                again = await ask(f"{path}/acknowledge", "POST", {"by": "somebody else"})
                assert again[1]["alarm"]["acknowledged_by"] == "R. Quispe"
                assert (await _frame(socket, "acknowledged_at"))["acknowledged_by"] == "R. Quispe"
                until = now_ms + 3_600_000
                status, body = await ask(f"{path}/shelve", "POST", {"by": "R. Quispe", "until": str(until)})
                assert (status, body["alarm"]["shelved_by"]) == (200, "R. Quispe")
                status, body = await ask(f"{path}/shelve", "POST", {"by": "R. Quispe", "until": str(now_ms)})
                assert (status, "within 31 days" in body["error"]["message"]) == (400, True)
                assert (await ask(f"{path}/unshelve", "POST", {"by": "R. Quispe"}))[1]["alarm"]["shelved_by"] is None
                assert (await ask(f"{path}/comment", "POST", {"by": "R. Quispe", "remark": "fuse"}))[0] == 200
                await eventually(lambda: "commented" in hooks.seen())

                await _send(client, now_ms - 20_000, powered=True)
                await _frame(socket, "cleared_at")
                await eventually(lambda: "cleared" in hooks.seen())
                assert hooks.seen() == ["raised", "acknowledged", "shelved", "unshelved", "commented", "cleared"]
                await eventually(lambda: retained[NAME] == b"")
                numbers = [event["number"] for event in hooks.taken]
                assert (hooks.refused, numbers) == (2, sorted(numbers))

                with psycopg.connect(database_url) as connection:
                    connection.execute(LOW)
                    connection.execute(NOTED)
                await eventually(lambda: rows(database_url, RAISED) == [("sts1", 9, False)])

                listed = (await ask("/api/v1/alarms?terminal=sent&active=false&alarm=rack_off_power"))[1]["alarms"]
                assert [(one["id"], one["acknowledged_by"]) for one in listed] == [(alarm["id"], "R. Quispe")]
                assert (await ask("/api/v1/alarms?terminal=sent&active=true"))[1] == {"alarms": []}
                acts = [one["act"] for one in (await ask(path))[1]["acts"]]
                assert acts == ["comment", "unshelve", "shelve", "acknowledge"]
                status, body = await ask("/api/v1/alarms/sent.rack_off_power.r08.1/acknowledge", "POST", {"by": "x"})
                assert (status, "there never was one" in body["error"]["message"]) == (404, True)
    cursor = "SELECT r.event < e.last FROM alarm_receiver r, (SELECT max(id) AS last FROM alarm_event) e"
    assert rows(database_url, f"{cursor} WHERE receiver = 'webhook:hangs'") == [(True,)]
    assert rows(database_url, f"{cursor} WHERE receiver = 'webhook:fails-first'") == [(False,)]


def _members(retained: dict[str, bytes]) -> list[str]:
    found: list[str] = json.loads(retained.get(NAME) or b'{"members": []}')["members"]
    return found
