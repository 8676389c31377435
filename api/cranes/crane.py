"""One crane, found by its name; where there is none, which there are."""

from msgspec import Struct

from api.database.queries import Reader, queries
from api.http.errors import NotFoundError
from api.http.parameters import DeviceId, TerminalId

SQL = queries(__file__)
MOST_NAMED = 20


class CranePath(Struct, frozen=True):
    """One crane."""

    terminal: TerminalId
    device: DeviceId


async def crane_id(reader: Reader, terminal: str, device: str) -> int:
    """The number under which a crane's rows are stored.

    Raises:
        NotFoundError: there is no such crane; the message names those there are.
    """
    rows = await reader.fetch(SQL["crane_id"], terminal, device)
    if not rows:
        raise NotFoundError(f"there is no crane {device} at terminal {terminal}; {await known(reader, terminal)}")
    found: int = rows[0][0]
    return found


async def check_terminal(reader: Reader, terminal: str) -> None:
    """See that a terminal has cranes.

    Raises:
        NotFoundError: it has none.
    """
    if not await reader.fetch(SQL["crane_names"], terminal):
        raise NotFoundError(f"terminal {terminal} has no cranes; /api/v1/devices?stream=crane lists those seen so far")


async def known(reader: Reader, terminal: str) -> str:
    """A terminal's cranes, as the end of a sentence."""
    names = [row[0] for row in await reader.fetch(SQL["crane_names"], terminal)]
    if not names:
        return "it has none; /api/v1/devices?stream=crane lists those seen so far"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"there are {', '.join(names[:MOST_NAMED])}{more}"
