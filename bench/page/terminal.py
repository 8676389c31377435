"""A simulated terminal at work, the page in a browser, then a client of its live feed."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg

from bench.bed import Bed
from bench.figures import Figure
from bench.page import assets, browser, frames, views
from bench.page.assets import Asset
from bench.page.views import Views
from bench.programs import Program
from infra.machine.database_users import SUPERUSER
from infra.machine.processes import free_port
from infra.sql import blocks
from simulators.parameters import PRESETS

SQL = blocks(__file__, "page.sql")
PRESET = "chancay"
TERMINAL = PRESETS[PRESET].terminal
LIVE_S = 3.0
"""A simulation that is so close to the clock has finished its backfill. [s]"""
LIVE_WITHIN_S = 90.0
LOOK_S = 0.2
MOST_COMPRESSED_KIB, MOST_FIRST_VALUES_S, MOST_SCRIPT_S = 120, 1.0, 0.4


@dataclass(frozen=True, slots=True)
class Size:
    """How long is looked.

    Attributes:
        backfill: time that is simulated first, as `quaystream simulate` takes it.
        loads: of the page.
        watches, watch_s: how often script time is measured, and for how long each time. [s]
        moves: facts of which the way to a client is timed.
        gap_s: between them, in the mean. [s]
    """

    backfill: str
    loads: int
    watches: int
    watch_s: float
    moves: int
    gap_s: float


SHORT = Size("10m", 3, 1, 4.0, 100, 0.1)
NORMAL = Size("1h", 5, 3, 10.0, 200, 0.25)


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured; `views` is None where no browser is."""

    assets: list[Asset]
    views: Views | None
    frame_ms: list[float]

    def figures(self) -> list[Figure]:
        """Lines of the table."""
        return [self._size(), *self._views(), self._frames()]

    def _size(self) -> Figure:
        compressed_kib = sum(one.compressed_bytes for one in self.assets) / 1024
        served_kib = sum(one.served_bytes for one in self.assets) / 1024
        encodings = ", ".join(sorted({one.encoding or "not compressed" for one in self.assets}))
        return Figure(
            "script and style of the page, compressed",
            f"{compressed_kib:.0f} KiB",
            f"served: {served_kib:.0f} KiB, {encodings}",
            f"≤ {MOST_COMPRESSED_KIB} KiB",
            compressed_kib <= MOST_COMPRESSED_KIB,
        )

    def _views(self) -> list[Figure]:
        first, script = "from navigation to the first KPI values", f"script in 10 s of the live page of {PRESET}"
        if self.views is None:
            absent = f"not measured, no Chromium here: {browser.INSTALL}"
            return [
                Figure(first, absent, "", f"≤ {MOST_FIRST_VALUES_S:g} s"),
                Figure(script, absent, "", f"≤ {MOST_SCRIPT_S:g} s"),
            ]
        loads_ms, script_s = self.views.first_values_ms, float(np.median(self.views.script_s))
        return [
            Figure(
                first,
                f"{self.views.first_values_s:.2f} s",
                f"{len(loads_ms)} loads, {min(loads_ms):.0f} to {max(loads_ms):.0f} ms; Chromium {self.views.version}",
                f"≤ {MOST_FIRST_VALUES_S:g} s",
                self.views.first_values_s <= MOST_FIRST_VALUES_S,
            ),
            Figure(
                script,
                f"{script_s:.2f} s",
                f"with layout and paint {np.median(self.views.task_s):.2f} s",
                f"≤ {MOST_SCRIPT_S:g} s",
                script_s <= MOST_SCRIPT_S,
            ),
            Figure("animation frames of it", f"{self.views.animation_frames_a_second:.0f} a second"),
        ]

    def _frames(self) -> Figure:
        p50, p99, top = np.percentile(self.frame_ms, (50, 99, 100))
        return Figure(
            "from the commit of a move to its frame at a client",
            f"p50 {p50:.0f}, p99 {p99:.0f}, highest {top:.0f} ms",
            f"{len(self.frame_ms)} moves; at most 5 frames a second",
        )


def measure(where: Bed, size: Size) -> Run:
    """Start worker, API and simulation, and look.

    Raises:
        RuntimeError: a program ended, the page is not built, or shows no value.
        TimeoutError: a fact did not come to the client.
    """
    _keep_commit_times(where)
    with _terminal(where, size.backfill) as address:
        page = f"http://{address}/?terminal={TERMINAL}"
        found = assets.measure(address)
        seen = None
        if browser.available():
            seen = views.measure(page, where.folder / "chromium", size.loads, size.watches, size.watch_s)
        urls = where.stack.mqtt_url, where.stack.database_url
        return Run(found, seen, asyncio.run(frames.measure(address, *urls, TERMINAL, size.moves, size.gap_s)))


def _keep_commit_times(where: Bed) -> None:
    """The database keeps when each transaction committed; it wants a restart for it."""
    with psycopg.connect(where.stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute(SQL["commit_times"].encode())
    where.stack.postgres.stop()
    where.stack.postgres.start()


@contextmanager
def _terminal(where: Bed, backfill: str) -> Iterator[str]:
    """Worker, API and simulation, once the simulation has come to the present; the API's address."""
    address = f"127.0.0.1:{free_port()}"
    settings = where.environment() | {"QUAYSTREAM_HTTP": address}
    with ExitStack() as programs:
        programs.enter_context(where.worker()).wait_ready(where.http)
        programs.enter_context(Program(["api"], settings, where.folder / "api.log")).wait_ready(address)
        simulate = ["simulate", PRESET, "--backfill", backfill]
        simulation = programs.enter_context(Program(simulate, settings, where.folder / "simulate.log"))
        _wait_live(where, simulation)
        yield address


def _wait_live(where: Bed, simulation: Program) -> None:
    """Wait until what is simulated is stored up to now.

    Raises:
        RuntimeError: the simulation ended, or did not come to the present in time.
    """
    end = time.monotonic() + LIVE_WITHIN_S
    with psycopg.connect(where.stack.database_url, autocommit=True) as connection:
        while time.monotonic() < end:
            simulation.check()
            row = connection.execute(SQL["newest"].encode(), (TERMINAL,)).fetchone()
            if row is not None and row[0] is not None and row[0] < LIVE_S:
                return
            time.sleep(LOOK_S)
    raise RuntimeError(f"the simulation was not at the present after {LIVE_WITHIN_S:.0f} s")
