"""A million boxes in the database: how long the API takes to find some, and to give the timeline of one."""

import http.client
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
import psycopg

from bench.bed import Bed
from bench.programs import Program
from infra.machine.processes import free_port
from infra.sql import blocks

SQL = blocks(__file__, "boxes.sql")
TERMINAL = "bench"
TIMELINES = {500: "BOXU0000500", 2_500: "BOXU0002500"}
"""Boxes with so many events."""
SEARCHES = (
    "q=",
    "q=MSK",
    "q=MSKU9",
    "q=907",
    "q=9070",
    "q=U90703",
    "q=MSKU0079195",
    "q=99999999",
    "q=ZZZ",
    "q=&state=inside",
    "q=907&state=left",
    "q=907&state=announced&cursor=MSKU9",
    "q=&cursor=TEMU5",
    "q=&limit=1000",
)
"""An owner, three digits or more, a whole number, what is not there, by state, further pages."""
REPEATS = 20


@dataclass(frozen=True, slots=True)
class Boxes:
    """How long answers took, over one HTTP connection to the API.

    Attributes:
        boxes: there are.
        search_ms: median and highest of each search.
        timeline_ms: the same of timelines, by their number of events.
    """

    boxes: int
    search_ms: dict[str, tuple[float, float]]
    timeline_ms: dict[int, tuple[float, float]]

    @property
    def slowest_search(self) -> str:
        """The search with the highest median."""
        return max(self.search_ms, key=lambda one: self.search_ms[one])


def measure(where: Bed, boxes: int) -> Boxes:
    """Fill a database, start worker and API, and ask.

    Args:
        where: servers.
        boxes: how many.

    Raises:
        RuntimeError: the API answers with an error, or not with what there is.
    """
    with psycopg.connect(where.stack.database_url, autocommit=True) as connection:
        _fill(connection, boxes)
    address = f"127.0.0.1:{free_port()}"
    settings = where.environment() | {"QUAYSTREAM_HTTP": address}
    with where.worker() as worker, Program(["api"], settings, where.folder / "api.log") as api:
        worker.wait_ready(where.http)
        api.wait_ready(address)
        connected = http.client.HTTPConnection(address, timeout=30)
        searches = {one: _times_ms(connected, f"?terminal={TERMINAL}&{one}") for one in SEARCHES}
        timelines = {
            count: _times_ms(connected, f"/{number}/events?terminal={TERMINAL}&limit=10000", b'"event":', count)
            for count, number in TIMELINES.items()
        }
        connected.close()
    return Boxes(boxes, searches, timelines)


def _fill(connection: psycopg.Connection, boxes: int) -> None:
    given = {"terminal": TERMINAL, "boxes": boxes}
    for name in ("quiet", "numbers", "states", "events"):
        for statement in filter(str.strip, SQL[name].split(";")):
            connection.execute(statement.encode(), given if "%(" in statement else None)
    for count, number in TIMELINES.items():
        connection.execute(SQL["timeline"].encode(), given | {"count": count, "number": number})
    for table in ("container_state", "container_event", "container_announcement"):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


def _times_ms(
    connection: http.client.HTTPConnection, rest: str, part: bytes = b"", count: int = 0
) -> tuple[float, float]:
    """Median and highest of some requests; the first one, which fills caches, is left out."""
    found: list[float] = []
    for _ in range(REPEATS + 1):
        began_s = time.perf_counter()
        connection.request("GET", f"/api/v1/containers{quote(rest, safe='/?=&')}")
        answer = connection.getresponse()
        body = answer.read()
        found.append((time.perf_counter() - began_s) * 1000)
        if answer.status != 200 or (part and body.count(part) != count):
            raise RuntimeError(f"{rest}: status {answer.status}, {body[:200]!r}")
    return _median_and_highest(found[1:])


def _median_and_highest(values: Iterable[float]) -> tuple[float, float]:
    sorted_values = sorted(values)
    return float(np.median(sorted_values)), sorted_values[-1]
