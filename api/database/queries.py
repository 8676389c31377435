"""Named queries: each resource has its own in `.sql` files beside its modules."""

from pathlib import Path
from typing import Protocol

from infra import sql
from infra.connection import Record


def queries(module_file: str, name: str = "queries.sql") -> dict[str, str]:
    """Texts of the queries in a file beside a module, by their names.

    Raises:
        ValueError: text before the first name, or a name twice.
    """
    return sql.read(Path(module_file).with_name(name))


class Reader(Protocol):
    """Runs queries: the database, or a transaction that may write."""

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """Rows of a query."""
