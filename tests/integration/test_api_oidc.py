"""Tokens of an OpenID Connect provider, a real one, at the API over a real database."""

import asyncio
import base64
import contextlib
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from api.http import tokens
from infra.clock import now_us
from infra.machine.processes import free_port
from tests.integration import api_rows

FOLDER = Path(__file__).with_name("oidc")
AUDIENCE = "urn:quaystream"
MOVES = "/api/v1/moves?terminal=demo"
ROLES = {
    "boss": ["quay-admins", "others"],
    "operator": ["quay-ops", "viewers"],
    "stranger": ["others"],
    "nobody": [],
}


def new_key(name: str) -> dict[str, Any]:
    """A private key of the provider, as JWK."""
    key = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    return key | {"kid": name, "alg": "ES256", "use": "sig"}


class Provider:
    """The provider as a process.

    Args:
        port: where it listens.
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self._port = port
        self._process: subprocess.Popen[str] | None = None

    def start(self, key: dict[str, Any], seconds: int = 600) -> None:
        """Start it with a key; return when it listens."""
        self._process = subprocess.Popen(
            ["node", str(FOLDER / "provider.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        json.dump({"port": self._port, "keys": [key], "seconds": seconds, "roles": ROLES}, self._process.stdin)
        self._process.stdin.close()
        for line in self._process.stdout:
            if "listening" in line:
                return
        raise AssertionError("it does not start")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    async def token(self, client: str, audience: str = AUDIENCE) -> str:
        """A token that it gives a client."""
        form = {"grant_type": "client_credentials", "resource": audience, "scope": "use"}
        login = aiohttp.encode_basic_auth(client, "secret-of-a-test")
        async with (
            aiohttp.ClientSession(headers={"Authorization": login}) as session,
            session.post(f"{self.issuer}/token", data=form) as answer,
        ):
            body = await answer.json()
            assert answer.status == 200, body
            return str(body["access_token"])


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """Its packages, of the lock file's versions."""
    npm = shutil.which("npm")
    assert npm is not None, "npm is needed, as for the page"
    if not (FOLDER / "node_modules" / "oidc-provider").exists():
        subprocess.run([npm, "ci", "--silent"], cwd=FOLDER, check=True)


@pytest.fixture
def key() -> dict[str, Any]:
    """The provider's key."""
    return new_key("first")


@pytest.fixture
def provider(key: dict[str, Any]) -> Iterator[Provider]:
    """A running provider."""
    made = Provider(free_port())
    made.start(key)
    yield made
    made.stop()


@pytest.fixture
async def base(
    database_url: str, mqtt_url: str, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Address of an API that takes the provider's tokens."""
    monkeypatch.setattr(tokens, "AGAIN_S", 0.0)
    more = {
        "QUAYSTREAM_OIDC_ISSUER": provider.issuer,
        "QUAYSTREAM_OIDC_AUDIENCE": AUDIENCE,
        "QUAYSTREAM_OIDC_CLAIM": "realm_access.roles",
        "QUAYSTREAM_OIDC_ROLES": "quay-admins=admin, quay-ops=operator@demo, viewers=viewer",
    }
    async with api_rows.serving(database_url, mqtt_url, more=more) as address:
        await reached(address)
        yield address


async def reached(base: str) -> None:
    """Wait until the API has reached its database."""

    async def known() -> bool:
        return (await ask(base, MOVES))[0] == 401

    await api_rows.until(known)


async def ask(base: str, path: str, token: str | None = None, method: str = "GET") -> tuple[int, str]:
    """Status and message of an answer."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.request(method, base + path, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_roles_and_terminals_of_the_provider_hold(base: str, provider: Provider) -> None:
    """With a provider this machine needs a token too, or a key."""
    assert (await ask(base, MOVES))[0] == 401
    boss, operator = await provider.token("boss"), await provider.token("operator")
    who = json.loads((await ask(base, "/api/v1/session", boss))[1])
    assert (who["name"], who["role"], who["terminal"], who["kind"]) == ("boss", "admin", None, "token")
    who = json.loads((await ask(base, "/api/v1/session", operator))[1])
    assert (who["role"], who["terminal"]) == ("operator", "demo")
    assert [(await ask(base, path, operator))[0] for path in (MOVES, "/api/v1/keys")] == [200, 403]
    status, text = await ask(base, "/api/v1/moves?terminal=other", operator)
    assert (status, "your token is for terminal demo only" in text) == (403, True)
    assert (await ask(base, "/api/v1/keys", boss))[0] == 200
    for name in ("stranger", "nobody"):
        status, text = await ask(base, MOVES, await provider.token(name))
        assert (status, "realm_access.roles has none of quay-admins, quay-ops, viewers" in text) == (403, True)


async def test_tokens_that_do_not_hold(base: str, provider: Provider, key: dict[str, Any]) -> None:
    """Signed by the right key with wrong claims, by wrong keys, or not at all; each is refused with the reason."""
    good = await provider.token("boss")
    claims = jwt.decode(good, options={"verify_signature": False})
    private = ECAlgorithm.from_jwk(key)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    other = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    now = now_us() // 1_000_000

    def signed(changes: dict[str, Any], by: Any = private, kid: str = "first", algorithm: str = "ES256") -> str:
        changed = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(changed, by, algorithm, {"kid": kid})

    assert (await ask(base, MOVES, signed({})))[0] == 200
    none = ".".join((_part({"alg": "none", "kid": "first"}), good.split(".")[1], ""))
    confused = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{good.split('.')[1]}.{_part(public.decode())}"
    for token, words in {
        signed({"exp": now - 60}): "has expired",
        signed({"nbf": now + 600}): "does not hold yet",
        signed({"aud": "urn:other"}): "is for another application",
        signed({"iss": "https://other.example"}): "is of another provider",
        signed({"exp": None}): "lacks a claim",
        signed({"sub": None}): "lacks a claim",
        signed({}, other): "signature of this token does not hold",
        signed({}, other, "second"): "has no key with the id of this token",
        none: "not 'none'",
        confused: "not 'HS256'",
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"): "signature of this token does not hold",
        "eyJ.eyJ.x": "no token that can be read",
        "eyJ" + "a" * 6_000 + ".b.c": "no token that can be read",
    }.items():
        status, text = await ask(base, MOVES, token)
        assert (status, words in text) == (401, True), (words, text)
    assert (await ask(base, MOVES, signed({"exp": now - 10})))[0] == 200  # clocks differ by seconds


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_new_keys_of_the_provider_are_fetched_when_they_are_needed(base: str, provider: Provider) -> None:
    """While it is away, tokens with a key that is known go on; others are answered with what keeps them."""
    before = await provider.token("boss")
    assert (await ask(base, MOVES, before))[0] == 200
    provider.stop()
    assert (await ask(base, MOVES, before))[0] == 200
    second = new_key("second")
    unknown = jwt.encode({"sub": "x"}, ECAlgorithm.from_jwk(second), "ES256", {"kid": "second"})  # type: ignore[arg-type] # a private key
    status, text = await ask(base, MOVES, unknown)
    assert (status, "cannot be asked for its keys" in text) == (503, True)
    provider.start(second)
    after = await provider.token("boss")
    assert (await ask(base, MOVES, after))[0] == 200


async def test_the_api_starts_without_its_provider(
    database_url: str, mqtt_url: str, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "AGAIN_S", 0.0)
    token = await provider.token("boss")
    provider.stop()
    more = {
        "QUAYSTREAM_OIDC_ISSUER": provider.issuer,
        "QUAYSTREAM_OIDC_AUDIENCE": AUDIENCE,
        "QUAYSTREAM_OIDC_ROLES": "quay-admins=admin",
    }
    async with api_rows.serving(database_url, mqtt_url, more=more) as base:
        await reached(base)
        assert (await ask(base, MOVES, token))[0] == 503


async def test_a_websocket_ends_with_its_token(base: str, key: dict[str, Any], provider: Provider) -> None:
    claims = jwt.decode(await provider.token("boss"), options={"verify_signature": False})
    private = ECAlgorithm.from_jwk(key)
    token = jwt.encode(claims | {"exp": now_us() // 1_000_000 + 2}, private, "ES256", {"kid": "first"})  # type: ignore[arg-type] # a private key
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.ws_connect(f"{base}/api/v1/live?terminal=demo", headers=headers) as socket:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(60):
                    while not socket.closed:
                        await socket.receive()
            assert socket.close_code == 4401
