"""Lists of facts: the query, the route and the key of a type of fact that is answered."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Generic, TypeVar

from msgspec import Struct

from api.database.database import Database
from api.database.queries import queries
from api.facts.answers import FactAnswer
from api.http.context import Context
from api.http.parameters import FactsQuery, TerminalFactsQuery
from api.http.route import Route
from api.http.spans import Span, facts_span
from infra.clock import utc_now

SQL = queries(__file__, "facts.sql")

A = TypeVar("A", bound=FactAnswer)


@dataclass(frozen=True)
class FactList(Generic[A]):
    """Facts of one type in a span, newest first. Which are in it, `Seen` of the type has.

    Attributes:
        answer: about one of them.
        whole: Struct whose only field is the list of them.
    """

    answer: type[A]
    whole: type[Struct]

    @property
    def table(self) -> str:
        """Where they are stored."""
        return self.answer.columns.of.table

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """Fields that name a fact, as its natural key does."""
        columns = self.answer.columns
        return (*columns.owner, *(column.name for column in columns.of.key if column in columns.columns))

    def key(self, fact: A) -> Hashable:
        """Values of the fields that name a fact."""
        return self._key(fact)

    @cached_property
    def sql(self) -> str:
        """The query; takes terminal or None, device or None, from, to, limit.

        Raises:
            ValueError: facts of this type are in no span.
        """
        columns = self.answer.columns
        of, seen = columns.of, columns.of.seen
        if seen is None or f"list_{seen.how}" not in SQL:
            raise ValueError(f"no span has a {of.name}")
        begin = of.by_attribute[seen.begin].name
        return SQL[f"list_{seen.how}"].format(
            selected=columns.selected,
            facts=SQL["of_devices"].format(table=of.table) if columns.owner else of.table,
            device="device" if columns.owner else "null",
            begin=begin,
            end=of.by_attribute[seen.end or seen.begin].name,
            line=", ".join(name for name in self.key_names if name != begin),
        )

    async def fetch(
        self, database: Database, terminal: str | None, device: str | None, span: Span, limit: int
    ) -> list[A]:
        """Those in a span, of a terminal and a device or of all.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        rows = await database.fetch(self.sql, terminal, device, span.begin, span.end, limit)
        return await self.answer.from_rows(rows)

    def route(self, path: str, summary: str) -> Route:
        """The route that lists them."""
        query = FactsQuery if self.answer.columns.owner else TerminalFactsQuery
        return Route(path, self._answer, query, self.whole, summary)

    async def _answer(self, context: Context[FactsQuery | TerminalFactsQuery, None]) -> Struct:
        query = context.query
        device = query.device if isinstance(query, FactsQuery) else None
        wanted = facts_span(query.begin, query.end, utc_now())
        return self.whole(await self.fetch(context.database, query.terminal, device, wanted, query.limit))

    @cached_property
    def _key(self) -> "attrgetter[Hashable]":
        return attrgetter(*self.key_names)
