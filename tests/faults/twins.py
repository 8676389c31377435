"""The same terminal twice: once while things break, once undisturbed; every fact that follows must be the same.

What is compared stands in the registry of facts, so a new type of fact is compared without a word here.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from infra.clock import now_us
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from ingest.store.failures import AWAY
from tests import story
from tests.disorder import facts_of, publish, samples_of_a_terminal, shown
from tests.faults.bed import Bed
from tests.faults.experiment import Outcome
from tests.faults.supervised import Ingest

UNLIKE = "unlike the undisturbed run"
MINUTES = 15
BACK_MINUTES = 180
RECEIVER_S = 3600
WAIT_S = 120.0
PIECES = 40
"""Samples are sent in so many pieces, some of them while things are broken."""


class Receiver:
    """Who listens to events of boxes: of each id the newest version, also of what is retracted."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[str, str | None]] = {}

    def take(self, arrived: list[Message]) -> None:
        """Take in what arrived; the same may come again."""
        for one in arrived:
            document = json.loads(one.payload)
            metadata = document["metadata"]
            about = metadata.get("retractedEventID") or metadata["eventID"]
            version = metadata["eventCreatedDateTime"], None if document.get("payload") is None else shown(document)
            if about not in self._newest or self._newest[about][0] <= version[0]:
                self._newest[about] = version

    @property
    def held(self) -> set[tuple[str]]:
        """What holds."""
        return {(text,) for _, text in list(self._newest.values()) if text is not None}


class Twins:
    """Two terminals to which the same happens.

    Args:
        bed: where.
        minutes: how long the simulated terminal works; the boxes of `tests.story` have their own time.
        back_minutes: when it begins: no clock goes on under windows that are past.
    """

    def __init__(self, bed: Bed, minutes: int = MINUTES, back_minutes: int = BACK_MINUTES) -> None:
        self.start_ms = now_us() // 60_000_000 * 60_000 - back_minutes * 60_000
        self.samples = samples_of_a_terminal(self.start_ms, minutes)
        self.calm, self.broken = f"{bed.name}-calm", f"{bed.name}-broken"
        """Terminals: to the second one all happens while things break, and what people make known comes last."""
        self._bed, self._url = bed, bed.stack.mqtt_url
        self._received = {self.calm: Receiver(), self.broken: Receiver()}
        self._listening = threading.Event()
        self._errors: list[BaseException] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Somebody receives events of boxes, over a session that the broker keeps."""
        end = threading.Event()
        thread = self._thread(self._listen(end))
        try:
            if not self._listening.wait(30):
                raise RuntimeError("nobody listens to events of boxes")
            yield
        finally:
            end.set()
            thread.join()
            for terminal in (self.calm, self.broken):  # retained, they would come to the workers of other experiments
                asyncio.run(_again(partial(story.announce, self._url, terminal, self.start_ms, withdrawn=True)))

    async def _listen(self, end: threading.Event) -> None:
        receivers = [
            Mqtt(
                self._url,
                f"see-{terminal}",
                clean_start=False,
                session_expiry_s=RECEIVER_S,
                on_messages=receiver.take,
                subscriptions=[f"event/{terminal}/container/+"],
            )
            for terminal, receiver in self._received.items()
        ]
        async with receivers[0], receivers[1]:
            self._listening.set()
            while not end.is_set():
                await asyncio.sleep(0.05)

    @contextmanager
    def sending(self, over_s: float) -> Iterator[None]:
        """Everything is sent to the terminal under which things break; at the end of the `with` it is all sent.

        Args:
            over_s: how long that takes at least. [s]
        """
        thread = self._thread(self._send(self.broken, over_s))
        try:
            yield
        finally:
            thread.join()
        if self._errors:
            raise self._errors[0]

    def send(self, terminal: str) -> None:
        """Send everything at once, and wait until it is acknowledged."""
        asyncio.run(self._send(terminal, 0.0))

    async def _send(self, terminal: str, over_s: float) -> None:
        if terminal == self.calm:
            await self._make_known(terminal)
        step = -(-len(self.samples) // PIECES)
        for begin in range(0, len(self.samples), step):
            await _again(partial(publish, self._url, terminal, self.samples[begin : begin + step]))
            await asyncio.sleep(over_s / PIECES)
        if terminal != self.calm:
            await self._make_known(terminal)

    def make_known(self, terminal: str) -> None:
        """What people announce, and what the terminal operating system states."""
        asyncio.run(self._make_known(terminal))

    async def _make_known(self, terminal: str) -> None:
        await _again(partial(story.announce, self._url, terminal, self.start_ms))
        await _again(partial(story.import_messages, self._bed.database_url, terminal, self.start_ms))

    def _thread(self, work: Coroutine[Any, Any, None]) -> threading.Thread:
        def run() -> None:
            try:
                asyncio.run(work)
            except BaseException as error:
                self._errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def compare(self, outcome: Outcome, worker: Ingest, *, within_s: float = WAIT_S) -> None:
        """Compare what follows of what was sent to both terminals, and what was published of it."""
        expected, found = self._settled(worker, within_s)
        outcome.equal(UNLIKE, unlike(expected, found), "0")
        counts = {name: len(facts) for name, facts in expected.items()}
        outcome.least("fewest of a type of fact compared", min(counts.values()), 1)
        outcome.notes.append(f"compared {counts}")

    def _settled(self, worker: Ingest, within_s: float) -> tuple[dict[str, set[Any]], dict[str, set[Any]]]:
        """Facts of both, once nothing waits any more; or as they are when the time is over."""
        end = time.monotonic() + within_s
        while True:
            self._bed.made_again(max(0.0, end - time.monotonic()))
            self._bed.settle(worker)
            expected, found = self._facts(self.calm), self._facts(self.broken)
            if unlike(expected, found) == "0" or time.monotonic() > end:
                return expected, found

    def _facts(self, terminal: str) -> dict[str, set[Any]]:
        return {**facts_of(self._bed.database_url, terminal), "published events": self._received[terminal].held}


def unlike(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Which of these are not the same in both; 0: all are."""
    return ", ".join(name for name in one if one[name] != other[name]) or "0"


async def _again(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do something until it works: broker and database come and go."""
    while True:
        try:
            await work()
        except (*AWAY, MqttError):
            await asyncio.sleep(0.2)
        else:
            return
