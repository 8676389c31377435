"""Who a token of an OpenID Connect provider is for, and what they may do here.

Source: OpenID Connect Core 1.0, 2 (ID token) and 3.1.3.7 (validation); RFC 9068 for access tokens in the same form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from infra.access.roles import BY_WORD, Role

NAMES: Final = ("preferred_username", "email", "sub")
"""Claims that name somebody; the first that is there."""
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """What a value of the claim gives.

    Attributes:
        role: here.
        terminal: whose data only; None: all.
    """

    role: Role
    terminal: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a token.

    Attributes:
        name: as the provider has it.
        role: here.
        terminal: whose data only; None: all.
        ends_s: when the token ends. [s since 1970 UTC]
    """

    name: str
    role: Role
    terminal: str | None
    ends_s: float


def grants(text: str) -> dict[str, Grant]:
    """What values of the claim give: `quay-admins=admin, quay-ops=operator@demo`.

    Raises:
        ValueError: it is written otherwise; the message has what to change.
    """
    found: dict[str, Grant] = {}
    for part in text.split(","):
        value, sign, given = part.strip().rpartition("=")
        word, _, terminal = given.partition("@")
        if not sign or not value.strip() or word not in BY_WORD or given.endswith("@"):
            raise ValueError(
                f"{part.strip()!r} must be VALUE=ROLE or VALUE=ROLE@TERMINAL, with a role of {', '.join(BY_WORD)}"
            )
        found[value.strip()] = Grant(BY_WORD[word], terminal or None)
    return found


def holder(claims: Mapping[str, Any], claim: str, by_value: Mapping[str, Grant]) -> Holder | None:
    """Who has a token with these claims, which were verified; None: nothing gives them a role here.

    Args:
        claims: of the token.
        claim: names the one with the roles; dots lead into objects, as in `realm_access.roles`.
        by_value: what its values give; the highest role counts, and of two alike the one for all terminals.
    """
    values: Any = claims
    for name in claim.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None
    if isinstance(values, str):
        values = values.split()
    if not isinstance(values, list):
        return None
    given = [by_value[value] for value in values if isinstance(value, str) and value in by_value]
    if not given:
        return None
    best = max(given, key=lambda one: (one.role, one.terminal is None))
    names = (claims[name] for name in NAMES if isinstance(claims.get(name), str) and claims[name].strip())
    return Holder(next(names, "unnamed")[:LONGEST_NAME], best.role, best.terminal, float(claims["exp"]))
