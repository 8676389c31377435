"""A connection to the database as this code uses it: what asyncpg gives, which publishes no types."""

from collections.abc import Awaitable, Callable, ItemsView, Iterable, Iterator, Sequence, ValuesView
from contextlib import AbstractAsyncContextManager
from typing import Any, BinaryIO, Protocol


class ServerVersion(Protocol):
    """Version of the server."""

    @property
    def major(self) -> int:
        """Its first part, such as 16."""


class Record(Protocol):
    """A row: by name of its column, by place, or value after value."""

    def __getitem__(self, key: str | int) -> Any:
        """The value of a column."""

    def __iter__(self) -> Iterator[Any]:
        """Values, in order of the columns."""

    def __len__(self) -> int:
        """How many columns."""

    def values(self) -> ValuesView[Any]:
        """Values, in order of the columns."""

    def items(self) -> ItemsView[str, Any]:
        """Names and values."""


class Connection(Protocol):
    """One connection. Everything raises asyncpg.PostgresError, asyncpg.InterfaceError, OSError or TimeoutError."""

    async def fetch(self, query: str, *args: object) -> list[Record]:
        """All rows."""

    async def fetchrow(self, query: str, *args: object) -> Record | None:
        """The first row, None where there is none."""

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first value of the first row, None where there is none."""

    async def execute(self, query: str, *args: object) -> str:
        """Do something; the server's word for it."""

    async def executemany(self, query: str, args: Sequence[Sequence[Any]]) -> None:
        """Do the same for each tuple of arguments."""

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[object]:
        """A transaction, or within one a savepoint."""

    async def copy_to_table(self, table_name: str, *, source: BinaryIO, columns: Sequence[str], format: str) -> str:  # noqa: A002 - asyncpg's name
        """COPY … FROM STDIN."""

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> str:
        """COPY … FROM STDIN of tuples, one value for each column."""

    async def copy_from_query(self, query: str, *, output: Callable[[bytes], Awaitable[None]], format: str) -> str:  # noqa: A002 - asyncpg's name
        """COPY (query) TO STDOUT."""

    def get_server_version(self) -> ServerVersion:
        """Version of the server."""

    def is_closed(self) -> bool:
        """Whether it has ended."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg's parameter
        """End it in order."""

    def terminate(self) -> None:
        """End it at once; whatever hangs on it ends."""


class ListeningConnection(Connection, Protocol):
    """A connection on which notifications come."""

    async def add_listener(
        self, channel: str, callback: "Callable[[ListeningConnection, int, str, str], None]"
    ) -> None:
        """LISTEN; the callback takes this connection, the notifying server process, the channel and the payload."""

    def add_termination_listener(self, callback: "Callable[[ListeningConnection], None]") -> None:
        """Call back when the connection has ended."""

    def get_server_pid(self) -> int:
        """Number of the server process."""


class Pool(Protocol):
    """Connections that are lent out. Everything raises what `Connection` does."""

    async def acquire(self, *, timeout: float | None = None) -> Connection:  # noqa: ASYNC109 - asyncpg's parameter
        """Borrow one.

        Raises:
            TimeoutError: all are lent out for longer than that. [s]
        """

    async def release(self, connection: Connection) -> None:
        """Give one back."""

    def get_size(self) -> int:
        """How many are open."""

    def get_idle_size(self) -> int:
        """How many of those are not lent out."""

    async def close(self) -> None:
        """End all in order, once they are given back."""

    def terminate(self) -> None:
        """End all at once."""
