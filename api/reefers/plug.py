"""One plug, found by its name."""

from api.database.queries import Reader, queries
from api.http.errors import NotFoundError

SQL = queries(__file__)


async def plug_id(reader: Reader, terminal: str, device: str) -> int:
    """The number under which a plug's rows are stored.

    Raises:
        NotFoundError: there is no such plug.
    """
    rows = await reader.fetch(SQL["plug_id"], terminal, device)
    if not rows:
        raise NotFoundError(
            f"there is no reefer plug {device} at terminal {terminal}; /api/v1/reefers/plugs lists them"
        )
    found: int = rows[0][0]
    return found
