"""Tokens of an OpenID Connect provider: verified with its keys, which are fetched and kept.

Source: RFC 7519 and RFC 8725 (JWT and its best current practices), OpenID Connect Discovery 1.0.
"""

import asyncio
import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

import aiohttp
import jwt
import msgspec

from api.http.context import Principal
from api.http.errors import ForbiddenError, ProviderAwayError, UnauthorizedError
from infra.access import oidc
from infra.settings import Settings

log = logging.getLogger(__name__)

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those with a public key alone: with another one whoever can verify could sign."""
LEEWAY_S: Final = 30.0
"""By which clocks may differ. [s]"""
KEPT_S: Final = 3600.0
"""Keys are fetched again after so long. [s]"""
AGAIN_S: Final = 10.0
"""Between two tries, whoever shows tokens with unknown keys. [s]"""
FETCH_S: Final = 5.0
UNFIT: Final = (aiohttp.ClientError, OSError, ValueError, KeyError, msgspec.MsgspecError, jwt.PyJWTError)
"""What asking for keys may end with; time that is over among them."""
WRONG: Final[tuple[tuple[type[jwt.PyJWTError], str], ...]] = (
    (jwt.ExpiredSignatureError, "this token has expired; get a new one from the provider"),
    (jwt.ImmatureSignatureError, "this token does not hold yet; compare the clocks of this machine and the provider"),
    (jwt.InvalidAudienceError, "this token is for another application; ask for one for {audience}"),
    (jwt.InvalidIssuerError, "this token is of another provider than {issuer}"),
    (jwt.InvalidSignatureError, "the signature of this token does not hold"),
    (jwt.MissingRequiredClaimError, "this token lacks a claim that it must have"),
)


def is_token(text: str) -> bool:
    """Whether a credential has the form of a token, and not of a key."""
    return text.count(".") == 2 and text.startswith("eyJ")


class Tokens:
    """Verifies tokens of one provider.

    Args:
        session: fetches its keys.
        settings: which provider, for which application, and what its claims give; `oidc_issuer` must be set.
    """

    def __init__(self, session: aiohttp.ClientSession, settings: Settings) -> None:
        if settings.oidc_issuer is None or settings.oidc_audience is None or settings.oidc_roles is None:
            raise ValueError("no provider is set")
        self._session = session
        self._issuer: str = settings.oidc_issuer
        self._audience: str = settings.oidc_audience
        self._claim = settings.oidc_claim
        self._grants = settings.oidc_roles
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_s = self._tried_s = float("-inf")
        self._problem = ""
        self._fetching = asyncio.Lock()

    async def principal(self, token: str) -> Principal:
        """Who shows a token.

        Raises:
            UnauthorizedError: it does not hold.
            ForbiddenError: it holds, and gives no role here.
            ProviderAwayError: its key is not known, and the provider cannot be asked.
        """
        claims = await self._verified(token)
        found = oidc.holder(claims, self._claim, self._grants)
        if found is None:
            raise ForbiddenError(
                f"the provider gives you no role here: {self._claim} has none of {', '.join(self._grants)}"
            )
        return Principal(found.role, found.name, found.terminal, token_ends_s=found.ends_s)

    async def _verified(self, token: str) -> Mapping[str, Any]:
        try:
            head = jwt.get_unverified_header(token)
            algorithm = head.get("alg")
            if algorithm not in ALGORITHMS:
                raise UnauthorizedError(f"tokens are taken with {', '.join(ALGORITHMS)}, not {str(algorithm)[:20]!r}")
            key = await self._key(head.get("kid"))
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[str(algorithm)],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            why = next((words for kind, words in WRONG if isinstance(error, kind)), "this is no token that can be read")
            raise UnauthorizedError(why.format(audience=self._audience, issuer=self._issuer)) from error
        return claims

    async def _key(self, key_id: object) -> jwt.PyJWK:
        """The provider's key of an id; fetched where it is not known, as after the provider has changed its keys.

        Raises:
            UnauthorizedError: the provider has no such key.
            ProviderAwayError: it cannot be asked.
        """
        name = key_id if isinstance(key_id, str) else None
        if name not in self._keys or monotonic() - self._fetched_s > KEPT_S:
            async with self._fetching:
                now_s = monotonic()
                if (name not in self._keys or now_s - self._fetched_s > KEPT_S) and now_s - self._tried_s > AGAIN_S:
                    self._tried_s = now_s
                    await self._fetch()
        if name in self._keys:
            return self._keys[name]
        if self._problem:
            raise ProviderAwayError(self._problem)
        raise UnauthorizedError(f"the provider {self._issuer} has no key with the id of this token")

    async def _fetch(self) -> None:
        try:
            about = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self._issuer:
                raise ValueError(f"it names itself {str(about.get('issuer'))[:200]!r}")
            keys = jwt.PyJWKSet.from_dict(dict(await self._get(str(about["jwks_uri"]))))
        except UNFIT as error:
            why = str(error) or type(error).__name__
            self._problem = f"the provider {self._issuer} cannot be asked for its keys: {why}"
            log.warning("%s", self._problem)
            return
        self._keys = {key.key_id: key for key in keys.keys}
        self._fetched_s, self._problem = monotonic(), ""

    async def _get(self, url: str) -> Mapping[str, Any]:
        timeout = aiohttp.ClientTimeout(total=FETCH_S)
        async with self._session.get(url, timeout=timeout, allow_redirects=False) as answer:
            if answer.status != 200:
                raise ValueError(f"{url} answers {answer.status}")
            return msgspec.json.decode(await answer.read(), type=dict[str, Any])
