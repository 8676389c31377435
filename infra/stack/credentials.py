"""Generated passwords of the private servers; they live as long as the data they protect."""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

USER = "quaystream"
ROUNDS = 1_000
"""Of the hash in the broker's password file; the password is random, so a slow hash protects nothing."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords of user `quaystream`."""

    database: str
    mqtt: str


def keep(path: Path) -> Credentials:
    """Read the passwords kept in a file that only its owner can read; generated when it is not there."""
    try:
        return Credentials(**json.loads(path.read_text()))
    except FileNotFoundError:
        made = Credentials(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        write_private(path, json.dumps(asdict(made)))
        return made


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def password_line(password: str, salt: bytes) -> str:
    """A line of Mosquitto's password file; made here so that the password never stands in a command line.

    Source: mosquitto_passwd(1), hash type sha512-pbkdf2, written `$7$rounds$salt$hash`.
    """
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"{USER}:$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"
