"""The person who runs a command."""

import getpass


def person() -> str:
    """Their user name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user number without a name, as in containers
        return "unknown"
