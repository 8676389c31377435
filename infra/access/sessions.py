"""Sessions of the page: each begins with a key or a user, and the database has the hash of its token alone."""

from dataclasses import dataclass
from datetime import datetime

from infra.sql import blocks

SQL = blocks(__file__, "sessions.sql")


@dataclass(frozen=True, slots=True)
class Session:
    """One session.

    Attributes:
        key_id: of the key that it began with.
        user_name: else of the user.
        ends_at: when it ends by itself.
    """

    key_id: str | None
    user_name: str | None
    ends_at: datetime
