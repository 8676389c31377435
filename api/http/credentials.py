"""Keys, users and sessions, known by heart, so that requests need no query."""

import asyncio
from datetime import datetime

from api.database.database import Database
from api.database.errors import SchemaMissingError
from api.http.context import Principal
from api.http.errors import UnauthorizedError
from infra.access import api_keys, sessions, users
from infra.access.api_keys import ApiKey, digest, parted
from infra.access.sessions import Session
from infra.access.users import User
from infra.clock import now_us, utc_now


class Credentials:
    """Those of the database when they were read last.

    Args:
        database: has them.

    Attributes:
        known: set once they were read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: dict[str, ApiKey] = {}
        self._users: dict[str, User] = {}
        self._sessions: dict[bytes, Session] = {}
        self._used: dict[tuple[str | None, str | None], datetime] = {}
        """By id of a key and name of a user; one of both."""
        self.known = asyncio.Event()

    async def read(self) -> None:
        """Read all now.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError: as `Database.fetch`.
        """
        try:
            keys = await self._database.fetch(api_keys.SQL["all"])
            people = await self._database.fetch(users.SQL["all"])
            begun = await self._database.fetch(sessions.SQL["all"])
        except SchemaMissingError:  # of a version without them; whatever needs the tables explains that
            keys, people, begun = [], [], []
        self._keys = {key.id: key for key in (api_keys.of_row(*row) for row in keys)}
        self._users = {user.name.lower(): user for user in (users.of_row(*row) for row in people)}
        self._sessions = {token: Session(*rest) for token, *rest in begun}
        self.known.set()

    @property
    def any_in_force(self) -> bool:
        """Whether there is a key that was not revoked, or a user who is not disabled."""
        return any(key.revoked_at is None for key in self._keys.values()) or any(
            user.disabled_at is None for user in self._users.values()
        )

    def of_key(self, text: str) -> Principal:
        """Who has a key.

        Raises:
            UnauthorizedError: it is none, or does not hold any more.
        """
        found = parted(text)
        key = self._keys.get(found[0]) if found is not None else None
        if found is None or key is None or not key.opens(found[1]):
            raise UnauthorizedError("this key is not known here; `quaystream key list` has those that are")
        problem = key.ended(utc_now())
        if problem is not None:
            raise UnauthorizedError(f"{problem}; `quaystream key add` makes a new one")
        return _of_key(key)

    def of_session(self, token: str) -> Principal | None:
        """Whose session has this token; None where none has.

        Raises:
            UnauthorizedError: its key does not hold any more.
        """
        token_hash = digest(token)
        session = self._sessions.get(token_hash)
        if session is None or session.ends_at <= utc_now():
            return None
        if session.user_name is not None:
            user = self.user(session.user_name)
            return None if user is None else _of_user(user, token_hash)
        key = self._keys.get(session.key_id or "")
        if key is None:
            return None
        problem = key.ended(utc_now())
        if problem is not None:
            raise UnauthorizedError(f"{problem}; `quaystream key add` makes a new one")
        return _of_key(key, token_hash)

    def user(self, name: str) -> User | None:
        """The user of a name, whatever its capitals; None: there is none, or they are disabled."""
        user = self._users.get(name.strip().lower())
        return None if user is None or user.disabled_at is not None else user

    def holds(self, principal: Principal) -> bool:
        """Whether a principal who was let in earlier may stay."""
        if not principal.known:
            return not self.any_in_force
        if principal.session is not None:
            session = self._sessions.get(principal.session)
            if session is None or session.ends_at <= utc_now():
                return False
        if principal.token_ends_s is not None:
            return now_us() / 1e6 < principal.token_ends_s
        if principal.user_name is not None:
            return self.user(principal.user_name) is not None
        key = self._keys.get(principal.key_id or "")
        return key is not None and key.ended(utc_now()) is None

    def used(self, principal: Principal) -> None:
        """A request has come from somebody."""
        if principal.token_ends_s is not None:
            return  # the provider knows them
        self._used[principal.key_id, principal.user_name] = utc_now()

    async def note_use(self) -> None:
        """Store when keys and users were used last.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError, SchemaMissingError: it is not stored.
        """
        used, self._used = self._used, {}
        if not used:
            return
        keys = {key_id: at for (key_id, _), at in used.items() if key_id is not None}
        people = {name: at for (_, name), at in used.items() if name is not None}
        async with self._database.changing() as change:
            await change.fetch(api_keys.SQL["used"], list(keys), list(keys.values()))
            await change.fetch(users.SQL["used"], list(people), list(people.values()))


def _of_key(key: ApiKey, session: bytes | None = None) -> Principal:
    return Principal(key.role, key.name, key.terminal, key_id=key.id, session=session)


def _of_user(user: User, session: bytes | None) -> Principal:
    return Principal(user.role, user.name, user.terminal, user_name=user.name, session=session)
