"""The broker's users: who makes them follow the accounts, and where devices reach the broker."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from infra.machine.new_passwords import let_broker_know


class BrokerUsers:
    """Lets the private broker know of changed accounts, by way of `quaystream up`.

    Args:
        state_dir: that `up` runs with.
        mqtt_url: of the broker, as the API reaches it.

    Attributes:
        address: of the broker, without a user.
    """

    def __init__(self, state_dir: Path, mqtt_url: str) -> None:
        self._state_dir = state_dir
        parts = urlsplit(mqtt_url)
        self.address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    async def follow(self, passwords: Mapping[str, str]) -> str | None:
        """See that the broker knows a change; what a person is to do where it does not, None where it does.

        Args:
            passwords: new ones, by username; none where credentials have ended.
        """
        return await let_broker_know(self._state_dir, dict(passwords))
