"""Who asks, and whether they may: keys, sessions of the page, and this machine as long as there are no keys."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web
from msgspec import Struct

from api.database.database import Database
from api.database.errors import UNANSWERED, DatabaseAwayError, ReadOnlyError, SchemaMissingError
from api.http.context import LOCAL, Principal
from api.http.errors import ForbiddenError, UnauthorizedError
from api.http.origin import is_local, is_loopback
from api.http.rates import Rates
from infra.access.api_keys import SQL, ApiKey, digest, of_row, parted
from infra.access.roles import Role
from infra.clock import utc_now

COOKIE: Final = "quaystream_session"
SESSION: Final = timedelta(hours=12)
READ_S: Final = 2.0
"""Between two reads of the keys where no notification comes. [s]"""
AGAIN_S: Final = 0.05
"""Before they were read once: requests wait for it. [s]"""
USED_S: Final = 60.0
PATIENCE_S: Final = 1.5
TOKEN_BYTES: Final = 32


class Access:
    """Knows the keys and sessions by heart, so that requests need no query; reads them again where they have changed.

    While the database is away those known last hold. Before they were read once, nobody is let in.

    Args:
        database: has them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: dict[str, ApiKey] = {}
        self._known = asyncio.Event()
        self._sessions: dict[bytes, tuple[str, datetime]] = {}
        self._used: dict[str, datetime] = {}
        self._rates = Rates()
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Keys or sessions have changed."""
        self._changed.set()

    async def keep_current(self) -> None:
        """Read keys and sessions, and note when keys were used, until cancelled."""
        loop = asyncio.get_running_loop()
        noted = loop.time()
        while True:
            self._changed.clear()
            with suppress(*UNANSWERED, ReadOnlyError, SchemaMissingError):
                await self.read()
                if loop.time() - noted >= USED_S:
                    noted = loop.time()
                    await self._note_use()
            with suppress(TimeoutError):
                async with asyncio.timeout(READ_S if self._known.is_set() else AGAIN_S):
                    await self._changed.wait()

    async def read(self) -> None:
        """Read keys and sessions now.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError: as `Database.fetch`.
        """
        try:
            keys = await self._database.fetch(SQL["all"])
            sessions = await self._database.fetch(SQL["sessions"])
        except SchemaMissingError:  # of a version without keys; whatever needs the table explains that
            keys, sessions = [], []
        self._keys = {key.id: key for key in (of_row(*row) for row in keys)}
        self._sessions = {token: (key_id, ends_at) for token, key_id, ends_at in sessions}
        self._known.set()

    async def admit(self, request: web.Request, least: Role) -> Principal:
        """Who asks.

        Args:
            request: from them.
            least: role that it takes.

        Raises:
            UnauthorizedError: they show no key or session in force, and need one.
            ForbiddenError: their role is not enough.
            TooManyRequestsError: they ask too often.
            DatabaseAwayError: nobody knows yet.
        """
        await self._until_known()
        principal = self._principal(request)
        if principal.role < least:
            raise ForbiddenError(f"the role {principal.role.word} may not do this; it takes {least.word}")
        if principal.key_id is not None:
            self._rates.check(principal.key_id)
            self._used[principal.key_id] = utc_now()
        return principal

    async def of_key(self, text: str) -> Principal:
        """Who has a key.

        Raises:
            UnauthorizedError: it is none, or does not hold any more.
            DatabaseAwayError: nobody knows yet.
        """
        await self._until_known()
        return self._of_key(text)

    def _of_key(self, text: str) -> Principal:
        found = parted(text)
        key = self._keys.get(found[0]) if found is not None else None
        if found is None or key is None or not key.opens(found[1]):
            raise UnauthorizedError("this key is not known here; `quaystream key list` has those that are")
        return _principal(key)

    def holds(self, principal: Principal) -> bool:
        """Whether a principal who was let in earlier may stay."""
        if principal.key_id is None:
            return not self._needed()
        key = self._keys.get(principal.key_id)
        return key is not None and key.ended(utc_now()) is None

    async def begin_session(self, principal: Principal) -> tuple[str, datetime]:
        """Begin a session of the page; the token of its cookie, and when it ends.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError: it cannot be kept.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        async with self._database.changing() as change:
            ((ends_at,),) = await change.fetch(SQL["begin_session"], digest(token), principal.key_id, SESSION)
        await self.read()
        return token, ends_at

    async def end_session(self, cookies: Mapping[str, str]) -> None:
        """End the session of a request, if it has one.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError: it goes on.
        """
        if COOKIE in cookies:
            async with self._database.changing() as change:
                await change.fetch(SQL["end_session"], digest(cookies[COOKIE]))
            await self.read()

    def _principal(self, request: web.Request) -> Principal:
        header = request.headers.get("Authorization")
        if header is not None:
            scheme, _, text = header.partition(" ")
            if scheme.lower() != "bearer":
                raise UnauthorizedError("send the key as `Authorization: Bearer KEY`")
            return self._of_key(text.strip())
        if COOKIE in request.cookies:
            found = self._sessions.get(digest(request.cookies[COOKIE]))
            key = self._keys.get(found[0]) if found is not None and found[1] > utc_now() else None
            if key is not None:
                return _principal(key)
        if self._needed() or not is_loopback(request.remote or "") or not is_local(request.host):
            raise UnauthorizedError("send a key as `Authorization: Bearer KEY`, or log in on the page")
        return LOCAL

    def _needed(self) -> bool:
        """Whether this machine needs a key too: since the first one was made, until the last one is revoked."""
        return any(key.revoked_at is None for key in self._keys.values())

    async def _until_known(self) -> None:
        """Wait for the first read of the keys; at the start it takes a moment."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._known.wait()
        except TimeoutError:
            raise DatabaseAwayError(
                "the database has not been reached since the start: nobody knows who may ask; start it, or check "
                "QUAYSTREAM_DATABASE_URL"
            ) from None

    async def _note_use(self) -> None:
        used, self._used = self._used, {}
        if used:
            async with self._database.changing() as change:
                await change.fetch(SQL["used"], list(used), list(used.values()))


def check_terminal(principal: Principal, query: Struct) -> None:
    """See that a request is about the terminal whose data its principal may have.

    Raises:
        ForbiddenError: it is about another one, or all.
    """
    if principal.terminal is not None and hasattr(query, "terminal") and query.terminal != principal.terminal:
        raise ForbiddenError(f"this key is for terminal {principal.terminal} only; name it as `terminal`")


def _principal(key: ApiKey) -> Principal:
    problem = key.ended(utc_now())
    if problem is not None:
        raise UnauthorizedError(f"{problem}; `quaystream key add` makes a new one")
    return Principal(key.role, key.name, key.terminal, key.id)
