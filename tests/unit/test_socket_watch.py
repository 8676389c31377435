"""When the socket of a connection is watched for something to read."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from infra.mqtt.gathering import FEW, REST_S, Gathering
from infra.mqtt.packet_reader import Wire
from infra.mqtt.session import Paho
from infra.mqtt.socket_watch import SocketWatch


class _Loop:
    """Keeps what is watched, and what is called later."""

    def __init__(self) -> None:
        self.watched: set[Any] = set()
        self.later: list[tuple[float, Callable[..., None], Any]] = []

    def time(self) -> float:
        return 5.0

    def add_reader(self, sock: Any, _readable: Callable[[], None]) -> None:
        self.watched.add(sock)

    def remove_reader(self, sock: Any) -> None:
        self.watched.discard(sock)

    def call_later(self, seconds: float, call: Callable[..., None], argument: Any) -> None:
        self.later.append((seconds, call, argument))


def _watch(gathering: Gathering | None) -> tuple[SocketWatch, _Loop]:
    """A watch with a socket that is watched."""
    loop = _Loop()
    watch = SocketWatch(cast("Paho", SimpleNamespace()), lambda: None, 20.0, gathering)
    watch.begin(cast("asyncio.AbstractEventLoop", loop))
    watch.wire = wire = Wire(None)
    loop.watched.add(wire)
    return watch, loop


def test_after_few_messages_it_is_watched_again_in_a_moment() -> None:
    """After many, and where nothing is gathered, it stays watched."""
    watch, loop = _watch(Gathering())
    watch.rest(1)
    ((seconds, again, wire),) = loop.later
    assert (seconds, loop.watched) == (REST_S, set())
    again(wire)
    assert loop.watched == {wire}
    for gathering in (Gathering(), None):
        watch, loop = _watch(gathering)
        watch.rest(FEW)
        assert (loop.later, loop.watched) == ([], {watch.wire})


def test_a_rest_ends_no_pause_and_watches_no_socket_that_is_closed() -> None:
    """Reading was paused meanwhile, or there is another connection."""
    watch, loop = _watch(Gathering())
    watch.rest(1)
    watch.pause()
    ((_, again, wire),) = loop.later
    again(wire)
    assert loop.watched == set()
    watch.resume()
    assert loop.watched == {wire}
    loop.watched.clear()
    watch.wire = Wire(None)
    again(wire)
    assert loop.watched == set()
