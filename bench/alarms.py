"""How long it takes from a condition at a device to its alarm at a WebSocket client.

Cranes report a fault, each a condition of its own: no storm joins them. At one terminal the alarm has no delay, at
another one a delay of some seconds. A client of the API's live feed sees each alarm come.
"""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import numpy as np

from bench import pace
from bench.bed import Bed
from bench.drain import stored, wait_stored
from bench.figures import Figure
from bench.messages import Message
from bench.programs import Program
from infra.clock import now_us
from infra.machine.processes import free_port
from infra.mqtt.connection import Mqtt
from processing.model import topics

ALARM, AT_ONCE, LATER = "crane_fault", "at-once", "later"
DELAYS_S = {AT_ONCE: 0.0, LATER: 2.0}
"""Of the alarm, by terminal. [s]"""
SITE = f"""
[terminal.{LATER}.alarm.{ALARM}]
delay_s = {DELAYS_S[LATER]:g}
"""
GAP_S = 0.31
"""Between two faults: no multiple of what anything waits. [s]"""
WARM_UP_S = 3.0
PATIENCE_S = 60.0
PERCENTILES = (50, 99, 100)
MOST_MS = 1000.0
"""From the condition to the client, beyond the alarm's delay. [ms]"""


@dataclass(frozen=True, slots=True)
class Reached:
    """How long alarms took to a client beyond their delay: median, 99th percentile and highest. [ms].

    Attributes:
        rate: of other messages meanwhile. [1/s]
        alarms: of each kind.
        at_once_ms, later_ms: of alarms without a delay, and with one.
    """

    rate: float
    alarms: int
    at_once_ms: list[float]
    later_ms: list[float]

    def figures(self) -> list[Figure]:
        """Lines of the table."""
        beside = f"beside {self.rate:,.0f} msg/s" if self.rate else "nothing else to do"
        return [
            Figure(
                f"{what}, to a live client",
                f"p50 {p50:.0f}, p99 {p99:.0f}, highest {highest:.0f} ms",
                f"{self.alarms} alarms; {beside}",
                "p99 ≤ 1,000 ms",
                p99 <= MOST_MS,
            )
            for what, (p50, p99, highest) in (
                ("a fault", self.at_once_ms),
                (f"a fault with {DELAYS_S[LATER]:g} s of delay, beyond it", self.later_ms),
            )
        ]


def measure(where: Bed, alarms: int, rate: float) -> list[Reached]:
    """Raise alarms one by one, with nothing else to do, and then beside a steady stream of messages.

    Args:
        where: servers.
        alarms: how many, as many again with a delay.
        rate: of the stream. [1/s]

    Raises:
        RuntimeError: a program ended, or not everything was stored.
        TimeoutError: not all alarms came.
    """
    address, site = f"127.0.0.1:{free_port()}", where.folder / "alarms.toml"
    site.write_text(SITE)
    settings = where.environment() | {"QUAYSTREAM_HTTP": address, "QUAYSTREAM_SITE": str(site)}
    worker, api = (Program([name], settings, where.folder / f"{name}.log") for name in ("ingest", "api"))
    with worker, api:
        worker.wait_ready(where.http)
        api.wait_ready(address)
        cranes = [[f"{name}{number}" for number in range(alarms)] for name in ("alone", "beside")]
        known = stored(where.stack.database_url)
        asyncio.run(_working(where.stack.mqtt_url, [crane for some in cranes for crane in some]))
        wait_stored(where.stack.database_url, known + 4 * alarms, worker)
        alone = asyncio.run(_followed(where.stack.mqtt_url, address, cranes[0]))
        with _stream(where.stack.mqtt_url, rate, 2 * WARM_UP_S + DELAYS_S[LATER] + alarms * GAP_S) as publisher:
            time.sleep(WARM_UP_S)
            beside = asyncio.run(_followed(where.stack.mqtt_url, address, cranes[1]))
            publisher.wait(PATIENCE_S)
        worker.check()
    return [Reached(0.0, alarms, *alone), Reached(rate, alarms, *beside)]


def _stream(url: str, rate: float, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", pace.__name__, url, str(rate), str(seconds), "bench-beside", "lazy"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _message(terminal: str, crane: str, state: str) -> Message:
    payload = msgspec.json.encode({"ts": now_us() // 1000, "state": state})
    return topics.telemetry(terminal, "crane", crane), payload


async def _working(url: str, cranes: list[str]) -> None:
    """Make cranes known: what is measured is not how long it takes to register one."""
    async with Mqtt(url, "bench-alarms") as mqtt:
        for terminal in DELAYS_S:
            for crane in cranes:
                mqtt.publish(*_message(terminal, crane, "working"))
        await mqtt.drain(1)


async def _followed(url: str, address: str, cranes: list[str]) -> list[list[float]]:
    """Percentiles of the time from each fault to its alarm at the client beyond the delay, by terminal. [ms].

    Raises:
        TimeoutError: not all alarms came.
    """
    clock, found = asyncio.get_running_loop().time, list[list[float]]()
    sent: dict[str, dict[str, float]] = {terminal: {} for terminal in DELAYS_S}
    async with Mqtt(url, "bench-alarms") as mqtt, aiohttp.ClientSession() as session:
        async with asyncio.timeout(PATIENCE_S + len(cranes) * GAP_S), asyncio.TaskGroup() as tasks:
            seen = [tasks.create_task(_seen(session, address, terminal, set(cranes))) for terminal in sent]
            await asyncio.sleep(1.0)  # until the clients have what there is
            for crane in cranes:
                for terminal, times in sent.items():
                    times[crane] = clock()
                    mqtt.publish(*_message(terminal, crane, "fault"))
                await asyncio.sleep(GAP_S)
        for (terminal, times), task in zip(sent.items(), seen, strict=True):
            seen_s = task.result()
            taken_ms = [(seen_s[crane] - times[crane] - DELAYS_S[terminal]) * 1000 for crane in cranes]
            found.append([round(one, 1) for one in np.percentile(taken_ms, PERCENTILES).tolist()])
    return found


async def _seen(session: aiohttp.ClientSession, address: str, terminal: str, cranes: set[str]) -> dict[str, float]:
    """When a live client gets to know of the alarm of each crane. [s]."""
    clock, found = asyncio.get_running_loop().time, dict[str, float]()
    async with session.ws_connect(f"http://{address}/api/v1/live?terminal={terminal}", max_msg_size=0) as socket:
        while not found.keys() >= cranes:
            frame: dict[str, Any] = await socket.receive_json()
            for alarm in frame.get("alarms", ()) if frame["type"] == "alarms" else ():
                if alarm["alarm"] == ALARM:
                    found.setdefault(alarm["subject"], clock())
    return found
