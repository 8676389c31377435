"""Roles at the API, each with all that the one before may do."""

from enum import IntEnum


class Role(IntEnum):
    """What somebody may do.

    Attributes:
        VIEWER: read.
        OPERATOR: state what no device knows: causes, calls, announcements, what is done about alarms.
        ADMIN: say who may do what.
    """

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """As commands, the database and answers have it."""
        return self.name.lower()


BY_WORD = {role.word: role for role in Role}
