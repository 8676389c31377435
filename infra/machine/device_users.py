"""Makes the private broker's users follow the accounts of devices."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

import asyncpg

from infra.access.device_accounts import CHANNEL, in_force, in_force_at
from infra.connection import Connection, ListeningConnection
from infra.database import connect
from infra.machine.broker_control import Command, control
from infra.machine.broker_users import BROKER_USERS, INTEGRATOR, device_role, role_name
from infra.mqtt.connection import MqttError

LOOK_S: Final = 20.0
"""Between two looks without a notification: credentials end by themselves after a rotation. [s]"""
AGAIN_S: Final = 1.0
AWAY: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, MqttError)
APPLICATION: Final = "quaystream-up"


class DeviceUsers:
    """Users of devices at the broker: those with a credential in force, no others.

    The plugin takes hashes only from its file, at the broker's start. While the broker runs it takes passwords, which
    whoever makes a credential passes on (`infra.machine.new_passwords`); nobody else knows them.

    Args:
        database_url: has the accounts.
        broker_url: gives that of the broker, for who manages its users.
        report: takes a line for what a person should know.

    Attributes:
        credentials: in force, as known last; the broker starts with them.
    """

    def __init__(self, database_url: str, broker_url: Callable[[], str], report: Callable[[str], None]) -> None:
        self._database_url = database_url
        self._broker_url = broker_url
        self._report = report
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._unknown: set[str] = set()
        self.credentials = in_force_at(database_url)

    def senders(self) -> frozenset[str]:
        """Users who are kept out while the disk is short of room."""
        return frozenset({INTEGRATOR.name, *(one.username for one in self.credentials)})

    async def run(self) -> None:
        """Follow changes until cancelled."""
        while True:
            try:
                connection = cast("ListeningConnection", await connect(self._database_url, APPLICATION))
                try:
                    await self._follow(connection)
                finally:
                    connection.terminate()
            except AWAY:  # it is started again, say
                await asyncio.sleep(AGAIN_S)

    async def enter(self, passwords: Mapping[str, str]) -> str | None:
        """Enter new credentials at the broker; what keeps it from knowing them, None where it does.

        Args:
            passwords: by username.
        """
        try:
            connection = await connect(self._database_url, APPLICATION)
            try:
                await self._reconcile(connection, passwords)
            finally:
                await connection.close()
        except AWAY as error:
            return str(error) or type(error).__name__
        return None

    async def _follow(self, connection: ListeningConnection) -> None:
        await connection.add_listener(CHANNEL, lambda *_: self._changed.set())
        while True:
            self._changed.clear()
            unknown = await self._reconcile(connection, {})
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._changed.wait()
            except TimeoutError:  # nobody has passed their passwords on meanwhile
                self._report_unknown(unknown)

    async def _reconcile(self, connection: Connection, passwords: Mapping[str, str]) -> set[str]:
        """Enter, remove; usernames in force that the broker does not know."""
        async with self._lock:
            self.credentials = await in_force(connection)
            clients, roles = await control(self._broker_url(), [{"command": "listClients"}, {"command": "listRoles"}])
            known = set(clients["clients"]) - {user.name for user in BROKER_USERS}
            commands = [*self._additions(known, roles["roles"], passwords), *self._removals(known, roles["roles"])]
            if commands:
                await control(self._broker_url(), commands)
            return {one.username for one in self.credentials} - known - set(passwords)

    def _additions(self, known: set[str], roles: list[str], passwords: Mapping[str, str]) -> Iterator[Command]:
        added = [one for one in self.credentials if one.username not in known and one.username in passwords]
        for name in {one.name for one in added}:
            if role_name(name) not in roles:
                yield {"command": "createRole", **device_role(name)}
        for one in added:
            yield {
                "command": "createClient",
                "username": one.username,
                "password": passwords[one.username],
                "clientid": one.client_id,
                "roles": [{"rolename": role_name(one.name)}],
            }

    def _removals(self, known: set[str], roles: list[str]) -> Iterator[Command]:
        for username in sorted(known - {one.username for one in self.credentials}):
            yield {"command": "deleteClient", "username": username}
        wanted = {role_name(one.name) for one in self.credentials} | {user.name for user in BROKER_USERS}
        for role in sorted(set(roles) - wanted):
            yield {"command": "deleteRole", "rolename": role}

    def _report_unknown(self, unknown: set[str]) -> None:
        for username in sorted(unknown - self._unknown):
            self._report(f"the broker does not know {username}, made elsewhere: it does after its next start")
        self._unknown = unknown
