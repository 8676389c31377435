"""Passwords that people choose, and their hashes: Argon2id, which makes trying them out expensive."""

import secrets
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from processing.model.errors import QuaystreamError

SHORTEST, LONGEST = 10, 200
GENERATED_BYTES: Final = 15

_HASHER = PasswordHasher()
"""Parameters of the library: those of RFC 9106 for machines with little memory, 64 MiB, about 50 ms a hash."""


def new_user_password() -> str:
    """A random one, to be shown once: 20 signs."""
    return secrets.token_urlsafe(GENERATED_BYTES)


def checked_password(password: str, name: str) -> str:
    """A password that may be set.

    Args:
        password: as somebody has chosen it.
        name: whose.

    Raises:
        QuaystreamError: it is too short or too long, or their name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise QuaystreamError(f"a password must have {SHORTEST} to {LONGEST} signs, not {len(password)}")
    if password.strip().lower() == name.lower():
        raise QuaystreamError("the password is the name; choose another one")
    return password


def hashed(password: str) -> str:
    """Its hash, with its salt and parameters; takes about 50 ms, and no time of the interpreter's lock."""
    return _HASHER.hash(_normal(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; takes as long where there is none.

    Args:
        password_hash: of a user; None: there is no such user.
        password: that somebody has entered.
    """
    try:
        _HASHER.verify(password_hash or _nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _HASHER.hash(secrets.token_hex())


def _normal(password: str) -> str:
    """The same for the same letters, whatever keyboard composed them (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
