"""All live clients: starts a terminal's feed with its first client, ends it with its last."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.database.errors import BusyError
from api.database.fact_listener import FactsChanged
from api.kpis.answers import KpiValue
from api.live.facts import TABLES
from api.live.feed import Feed, Sources
from api.live.outbox import GOING_AWAY, INTERNAL_ERROR, Outbox

log = logging.getLogger(__name__)

MOST_CLIENTS = 2_000
MOST_FEEDS = 50
"""A client may name any terminal, also one without devices; each name costs a poller."""


class Hub:
    """Feeds by terminal.

    Args:
        group: where the feeds' tasks run.
        sources: where frames come from.
        dropped: called for each client that was too slow.
    """

    def __init__(self, group: asyncio.TaskGroup, sources: Sources, dropped: Callable[[], None]) -> None:
        self._group = group
        self._sources = sources
        self._dropped = dropped
        self._feeds: dict[str, tuple[Feed, asyncio.Task[None]]] = {}
        self._closing = False

    @property
    def clients(self) -> int:
        """Clients connected now."""
        return sum(len(feed.outboxes) for feed, _ in self._feeds.values())

    def check_room(self, terminal: str) -> None:
        """See whether one more client fits.

        Raises:
            BusyError: it does not.
        """
        if self._closing:
            raise BusyError("the server is stopping; connect again in a few seconds")
        if self.clients >= MOST_CLIENTS:
            raise BusyError(f"there are {MOST_CLIENTS} live clients already; connect again later")
        if terminal not in self._feeds and len(self._feeds) >= MOST_FEEDS:
            raise BusyError(f"{MOST_FEEDS} terminals are watched already; connect again later")

    @contextmanager
    def joined(self, terminal: str) -> Iterator[Outbox]:
        """A client's outbox, filled while the context lasts."""
        if terminal not in self._feeds:
            feed = Feed(terminal, self._sources, self._dropped)
            self._feeds[terminal] = feed, self._group.create_task(self._run(feed), name=f"feed {terminal}")
        feed, task = self._feeds[terminal]
        outbox = Outbox()
        feed.join(outbox)
        try:
            yield outbox
        finally:
            feed.outboxes.discard(outbox)
            if not feed.outboxes:
                task.cancel()
                self._forget(feed)

    def kpi(self, value: KpiValue) -> None:
        """A KPI value came from the broker."""
        if value.terminal in self._feeds:
            self._feeds[value.terminal][0].kpi(value)

    def facts_changed(self, change: FactsChanged) -> None:
        """Facts of a terminal were committed."""
        if change.terminal in self._feeds:
            self._feeds[change.terminal][0].facts_changed((change.table,))

    def refresh_facts(self) -> None:
        """Facts may have been committed of which nobody learned."""
        for feed, _ in self._feeds.values():
            feed.facts_changed(TABLES)

    def close(self) -> None:
        """End every client: the server goes away."""
        self._closing = True
        for feed, _ in self._feeds.values():
            feed.end(GOING_AWAY, "the server is stopping")

    async def _run(self, feed: Feed) -> None:
        """A bug in one feed ends its clients, who connect again, and not the program."""
        try:
            await feed.run()
        except Exception:
            log.exception("the live feed of %s failed", feed.terminal)
            self._forget(feed)
            feed.end(INTERNAL_ERROR, "the live feed failed; see the server's log, and connect again")

    def _forget(self, feed: Feed) -> None:
        if self._feeds.get(feed.terminal, (None,))[0] is feed:
            del self._feeds[feed.terminal]
