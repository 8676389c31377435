"""The ways from a worker to its servers, some of which can be cut."""

from collections.abc import Collection
from contextlib import ExitStack
from typing import Self

from tests.faults.bed import Bed
from tests.faults.network.namespace import Namespace, needs_namespace
from tests.faults.network.proxy import Proxy

BROKER = "MQTT_URL"
DATABASE = "DATABASE_URL"


class Ways:
    """To the broker and to the database, from `with` to its end.

    Where there can be a network namespace the worker runs in one, and packets are dropped; else a proxy holds back what
    it was given.

    Args:
        bed: has the servers.
        breaking: which of them are to be had only by the way that can be broken.

    Attributes:
        place: the namespace to run the worker in; None: there can be none here.
        urls: of the servers, by their ways.
    """

    def __init__(self, bed: Bed, breaking: Collection[str]) -> None:
        self.place = Namespace() if needs_namespace() is None else None
        self.urls: dict[str, str] = {}
        self._servers = {BROKER: bed.stack.mqtt_url, DATABASE: bed.database_url}
        self._breaking = breaking
        self._broken: list[Proxy] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self.place is not None:
            self._open.enter_context(self.place)
        for name, url in self._servers.items():
            breaks = name in self._breaking
            here = "127.0.0.1" if self.place is None else self.place.bad if breaks else self.place.good
            proxy = self._open.enter_context(Proxy(url, address=here))
            self.urls[name] = proxy.url
            self._broken += [proxy] if breaks else []
        return self

    def __exit__(self, *_details: object) -> None:
        self._open.close()

    def cut(self) -> None:
        """Nothing gets through, and no side sees an error."""
        if self.place is not None:
            self.place.cut()
        for proxy in self._broken:
            proxy.weather.silent = self.place is None

    def heal(self) -> None:
        """Things get through again; what a proxy held back is lost, as packets are."""
        if self.place is not None:
            self.place.heal()
            return
        self.reset()
        for proxy in self._broken:
            proxy.weather.silent = False

    def reset(self) -> None:
        """End all connections of the ways that break."""
        for proxy in self._broken:
            proxy.reset()
