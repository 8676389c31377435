"""A million boxes in the database: how long the API takes to find some, and to give the timeline of one."""

import http.client
import statistics
import time
from dataclasses import dataclass
from http import HTTPStatus

import psycopg

from bench.bed import Bed
from bench.programs import Program, family_cpu_s
from infra.machine.processes import free_port
from infra.sql import blocks

SQL = blocks(__file__, "boxes.sql")
TERMINAL, CONTAINERS = "bench", "/api/v1/containers"
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
class Answers:
    """How long answers to one request took.

    Attributes:
        p50_ms, highest_ms: from the request to the last byte.
        cpu_ms: CPU time of the API and of PostgreSQL.
    """

    p50_ms: float
    highest_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Boxes:
    """How long answers took, over one HTTP connection to the API.

    Attributes:
        boxes: there are.
        bare: requests that ask for nothing.
        searches: by what is sought.
        timelines: by their number of events.
    """

    boxes: int
    bare: Answers
    searches: dict[str, Answers]
    timelines: dict[int, Answers]


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
        asked = _Asked(address, (api.process.pid, where.stack.postgres.pid))
        return Boxes(
            boxes,
            asked.times("/healthz"),
            {one: asked.times(f"{CONTAINERS}?terminal={TERMINAL}&{one}") for one in SEARCHES},
            {
                count: asked.times(f"{CONTAINERS}/{number}/events?terminal={TERMINAL}&limit=10000", count)
                for count, number in TIMELINES.items()
            },
        )


def _fill(connection: psycopg.Connection, boxes: int) -> None:
    given = {"terminal": TERMINAL, "boxes": boxes}
    for name in ("without_triggers", "numbers", "states", "events"):
        for statement in filter(str.strip, SQL[name].split(";")):
            connection.execute(statement.encode(), given if "%(" in statement else None)
    for count, number in TIMELINES.items():
        connection.execute(SQL["timeline"].encode(), given | {"count": count, "number": number})
    for table in ("container_state", "container_event", "container_announcement"):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


class _Asked:
    """One connection to the API.

    Args:
        address: its host and port.
        pids: processes whose CPU time counts, with their children.
    """

    def __init__(self, address: str, pids: tuple[int, ...]) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=30)
        self._pids = pids

    def times(self, path: str, events: int = 0) -> Answers:
        """Ask some times; the first answer, which fills caches, is left out.

        Raises:
            RuntimeError: the answer is an error, or has another number of events.
        """
        self._ask(path, events)
        before_s = self._cpu_s()
        found_ms = [self._ask(path, events) for _ in range(REPEATS)]
        cpu_ms = (self._cpu_s() - before_s) * 1000 / REPEATS
        return Answers(statistics.median(found_ms), max(found_ms), cpu_ms)

    def _ask(self, path: str, events: int) -> float:
        began_s = time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        took_ms = (time.perf_counter() - began_s) * 1000
        if answer.status != HTTPStatus.OK or body.count(b'"event":') != events:
            raise RuntimeError(f"{path}: status {answer.status}, {body[:200]!r}")
        return took_ms

    def _cpu_s(self) -> float:
        return sum(family_cpu_s(pid) for pid in self._pids)
