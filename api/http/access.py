"""Who asks, and whether they may: keys, users, sessions, and this machine as long as there are no keys and users."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final

from aiohttp import web
from msgspec import Struct

from api.database.database import Database
from api.database.errors import UNANSWERED, DatabaseAwayError, ReadOnlyError, SchemaMissingError
from api.http.context import LOCAL, Principal
from api.http.credentials import Credentials
from api.http.errors import ForbiddenError, UnauthorizedError
from api.http.logins import Logins
from api.http.origin import is_local, is_loopback
from api.http.rates import Rates
from api.http.tokens import Tokens, is_token
from infra.access import sessions
from infra.access.api_keys import digest
from infra.access.roles import Role
from infra.access.users import User

COOKIE: Final = "quaystream_session"
SESSION: Final = timedelta(hours=12)
READ_S: Final = 2.0
"""Between two reads of keys and users where no notification comes. [s]"""
AGAIN_S: Final = 0.05
"""Before they were read once: requests wait for it. [s]"""
USED_S: Final = 60.0
PATIENCE_S: Final = 1.5
TOKEN_BYTES: Final = 32


class Access:
    """Knows keys, users and sessions by heart; reads them again where they have changed.

    While the database is away those known last hold. Before they were read once, nobody is let in.

    Args:
        database: has them.
        tokens: verifies those of a provider; None: none are taken.
    """

    def __init__(self, database: Database, tokens: Tokens | None = None) -> None:
        self._tokens = tokens
        self._database = database
        self._credentials = Credentials(database)
        self._logins = Logins(database)
        self._rates = Rates()
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Keys, users or sessions have changed."""
        self._changed.set()

    async def keep_current(self) -> None:
        """Read keys, users and sessions, and note when they were used, until cancelled."""
        loop = asyncio.get_running_loop()
        noted = loop.time()
        while True:
            self._changed.clear()
            with suppress(*UNANSWERED, ReadOnlyError, SchemaMissingError):
                await self.read()
                if loop.time() - noted >= USED_S:
                    noted = loop.time()
                    await self._credentials.note_use()
            with suppress(TimeoutError):
                async with asyncio.timeout(READ_S if self._credentials.known.is_set() else AGAIN_S):
                    await self._changed.wait()

    async def read(self) -> None:
        """Read keys, users and sessions now.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError: as `Database.fetch`.
        """
        await self._credentials.read()

    async def admit(self, request: web.Request, least: Role) -> Principal:
        """Who asks.

        Args:
            request: from them.
            least: role that it takes.

        Raises:
            UnauthorizedError: they show no key, session or token in force, and need one.
            ProviderAwayError: the provider of their token cannot be asked.
            ForbiddenError: their role is not enough.
            TooManyRequestsError: they ask too often.
            DatabaseAwayError: nobody knows yet.
        """
        await self._until_known()
        principal = await self._principal(request)
        if principal.role < least:
            raise ForbiddenError(f"the role {principal.role.word} may not do this; it takes {least.word}")
        if principal.known:
            self._rates.check(f"{principal.kind} {principal.key_id or principal.name}")
            self._credentials.used(principal)
        return principal

    def holds(self, principal: Principal) -> bool:
        """Whether a principal who was let in earlier may stay."""
        return self._credentials.holds(principal)

    async def log_in_with_key(self, key: str) -> tuple[str, Principal]:
        """Begin a session with a key; the token of its cookie, and whose it is.

        Raises:
            UnauthorizedError: it is none, or does not hold any more.
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError: it cannot be kept.
        """
        await self._until_known()
        principal = self._credentials.of_key(key)
        return await self._begin_session("begin_with_key", principal.key_id), principal

    async def log_in(self, name: str, password: str, address: str | None) -> tuple[str, Principal]:
        """Begin a session of a user; the token of its cookie, and who they are.

        Raises:
            UnauthorizedError: name or password is wrong.
            TooManyRequestsError: it was wrong too often.
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError: it cannot be kept.
        """
        user = await self.check_password(name, password, address)
        token = await self._begin_session("begin_with_user", user.name, user.password_hash)
        return token, Principal(user.role, user.name, user.terminal, user_name=user.name)

    async def check_password(self, name: str, password: str, address: str | None) -> User:
        """See that a password is that of a user, who is returned.

        Raises:
            UnauthorizedError, TooManyRequestsError, BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError:
                as `log_in`.
        """
        await self._until_known()
        return await self._logins.check(self._credentials.user(name), name, password, address or "unknown")

    async def _begin_session(self, how: str, *of: object) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        async with self._database.changing() as change:
            await change.fetch(sessions.SQL["remove_ended"])
            begun = await change.fetch(sessions.SQL[how], digest(token), SESSION, *of)
        if not begun:
            raise UnauthorizedError("the password was changed just now; log in with the new one")
        await self.read()
        return token

    async def end_session(self, cookies: Mapping[str, str]) -> None:
        """End the session of a request, if it has one.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError: it goes on.
        """
        if COOKIE in cookies:
            async with self._database.changing() as change:
                await change.fetch(sessions.SQL["end"], digest(cookies[COOKIE]))
            await self.read()

    async def _principal(self, request: web.Request) -> Principal:
        header = request.headers.get("Authorization")
        if header is not None:
            scheme, _, text = header.partition(" ")
            if scheme.lower() != "bearer":
                raise UnauthorizedError("send the key as `Authorization: Bearer KEY`")
            text = text.strip()
            if self._tokens is not None and is_token(text):
                return await self._tokens.principal(text)
            return self._credentials.of_key(text)
        if COOKIE in request.cookies:
            found = self._credentials.of_session(request.cookies[COOKIE])
            if found is not None:
                return found
        here = is_loopback(request.remote or "") and is_local(request.host)
        if self._credentials.any_in_force or self._tokens is not None or not here:
            raise UnauthorizedError("send a key as `Authorization: Bearer KEY`, or log in on the page")
        return LOCAL

    async def _until_known(self) -> None:
        """Wait for the first read of keys and users; at the start it takes a moment."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._credentials.known.wait()
        except TimeoutError:
            raise DatabaseAwayError(
                "the database has not been reached since the start: nobody knows who may ask; start it, or check "
                "QUAYSTREAM_DATABASE_URL"
            ) from None


def check_terminal(principal: Principal, query: Struct) -> None:
    """See that a request is about the terminal whose data its principal may have.

    Raises:
        ForbiddenError: it is about another one, or all.
    """
    if principal.terminal is not None and hasattr(query, "terminal") and query.terminal != principal.terminal:
        raise ForbiddenError(f"{_whose(principal)} for terminal {principal.terminal} only; name it as `terminal`")


def check_all_terminals(principal: Principal, what: str) -> None:
    """See that a request comes from somebody of all terminals.

    Args:
        principal: who asks.
        what: that only they may do; beginning of the end of a sentence, such as `keys are`.

    Raises:
        ForbiddenError: they are of one terminal.
    """
    if principal.terminal is not None:
        raise ForbiddenError(
            f"{_whose(principal)} for terminal {principal.terminal} only; {what} for those of all terminals"
        )


def _whose(principal: Principal) -> str:
    return {"user": "this user is", "token": "your token is"}.get(principal.kind, "this key is")
