"""The one-time link by which somebody becomes the first admin; the state folder has the hash of its token."""

import hashlib
import hmac
import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from infra.machine.processes import Owner, private_file

FILE: Final = "first-link.json"
LASTS: Final = timedelta(hours=1)
TOKEN_BYTES: Final = 24


class FirstLink:
    """The link of a state folder: `quaystream up` makes it, the API lets in whoever has it.

    Args:
        state_dir: the folder.
    """

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / FILE

    def make(self, page: str, now: datetime) -> str:
        """Make a link; one made before opens nothing any more.

        Args:
            page: address of the page, `http://host:port`.
            now: it lasts for an hour from then.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        note = {"token_hash": _digest(token), "ends_at": (now + LASTS).isoformat()}
        private_file(self._path, json.dumps(note), Owner(os.geteuid(), os.getegid(), ""))
        return f"{page}/#/first?token={token}"

    def opens(self, token: str, now: datetime) -> bool:
        """Whether a token is that of the link, and it has not ended; the note is small, and read each time."""
        try:
            note: dict[str, Any] = json.loads(self._path.read_text())
            in_time = now < datetime.fromisoformat(note["ends_at"])
            return hmac.compare_digest(str(note["token_hash"]), _digest(token)) and in_time
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def remove(self) -> None:
        """End the link."""
        self._path.unlink(missing_ok=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
