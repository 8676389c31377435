"""How a stored fact differs from the derived one, in words."""

from dataclasses import fields
from typing import Any


def difference(where: str, stored: Any, derived: Any) -> str:
    """A line about two facts of the same key that are not equal; either may be None, not both.

    Args:
        where: what the line begins with: of what and when.
        stored: the fact in the database; None: it is missing.
        derived: the fact as it should be, a dataclass; None: there should be none.
    """
    if derived is None:
        return f"{where} is stored, and is none"
    if stored is None:
        return f"{where} is missing"
    other = [
        f"{f.name} {getattr(stored, f.name)!r} should be {getattr(derived, f.name)!r}"
        for f in fields(derived)
        if getattr(stored, f.name) != getattr(derived, f.name)
    ]
    return f"{where}: {', '.join(other)}"
