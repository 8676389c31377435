"""Passwords that programs make, and their hashes."""

import base64
import hashlib
import secrets
from typing import Final

LENGTH_BYTES: Final = 20
SALT_BYTES: Final = 12
ITERATIONS: Final = 1_000
"""Of a hash. Passwords are random, 20 bytes each: nobody finds one by trying, and a broker checks one a connection."""


def new_password() -> str:
    """A random one: letters and digits, which need no escape anywhere."""
    return secrets.token_hex(LENGTH_BYTES)


def hashed(password: str) -> str:
    """Its hash in the form of Mosquitto: `$7$iterations$salt$key`, PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(SALT_BYTES)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
