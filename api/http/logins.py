"""Logins by name and password: compared beside the event loop, and slowed down for whoever guesses."""

import asyncio
import logging
from typing import Final

from api.database.database import Database
from api.database.errors import BusyError
from api.http.errors import UnauthorizedError
from api.http.rates import Rates
from infra.access import users
from infra.access.user_password import is_password
from infra.access.users import User

AT_ONCE: Final = 2
"""Passwords compared at a time: each takes 64 MiB and a core."""
PATIENCE_S: Final = 5.0
MISSES_OF_NAME: Final = 10
MISSES_OF_ADDRESS: Final = 50
"""In a row; then one in a while: guessing leads nowhere, and who mistypes hardly notices."""
NAME_EVERY_S: Final = 10.0
ADDRESS_EVERY_S: Final = 2.0

log = logging.getLogger(__name__)


class Logins:
    """Compares passwords, and counts those that are wrong.

    Args:
        database: has the audit log.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(AT_ONCE)
        limit = "too many wrong passwords; wait {:g} s, then try once more"
        self._of_name = Rates(1 / NAME_EVERY_S, MISSES_OF_NAME, limit.format(NAME_EVERY_S))
        self._of_address = Rates(1 / ADDRESS_EVERY_S, MISSES_OF_ADDRESS, limit.format(ADDRESS_EVERY_S))

    async def check(self, user: User | None, name: str, password: str, address: str) -> User:
        """See that a password is that of a user; takes as long for a name that nobody has.

        Args:
            user: of that name; None: there is none.
            name: as it was entered.
            password: as it was entered.
            address: that the request came from.

        Raises:
            UnauthorizedError: name or password is wrong.
            TooManyRequestsError: it was wrong too often, for this name or from this address.
            BusyError: too many log in at once.
            DatabaseAwayError, QueryTooSlowError, ReadOnlyError: the audit log cannot be written.
        """
        limited = ((self._of_address, address), (self._of_name, name.strip().lower()))
        for rates, one in limited:  # counted before it is compared: many at once are many
            rates.check(one)
        right = await self._compare(user, password)
        if right and user is not None:
            for rates, one in limited:
                rates.give_back(one)
            await self._note(user, succeeded=True, address=address)
            return user
        log.warning("failed login from %s as %s", address, "nobody known" if user is None else repr(user.name))
        if user is not None:  # what was entered as a name may be a password: unknown ones are kept nowhere
            await self._note(user, succeeded=False, address=address)
        raise UnauthorizedError("name or password is wrong")

    async def _compare(self, user: User | None, password: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._turns.acquire()
        except TimeoutError:
            raise BusyError("too many people log in at once; try again in a few seconds") from None
        try:
            return await asyncio.to_thread(is_password, None if user is None else user.password_hash, password)
        finally:
            self._turns.release()

    async def _note(self, user: User, *, succeeded: bool, address: str) -> None:
        async with self._database.changing(user.name if succeeded else "nobody") as change:
            await change.fetch(users.SQL["note_login"], user.name, succeeded, address)
