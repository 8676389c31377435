"""The API with a certificate: https, open to a network for whoever has a key, renewed while it runs."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from api.http.certificate import Certificate
from api.program import listen
from infra.access import api_keys
from infra.access.roles import Role
from infra.connection import Connection
from infra.machine.authority import Authority
from infra.machine.network_listener import addresses_here
from infra.settings import load
from infra.tls import client_context
from processing.model.errors import SettingsError
from tests.integration import api_rows

ELSEWHERE = [address for address in addresses_here() if not address.startswith("127.") and ":" not in address]
"""Addresses of this machine that are not loopback: who comes from there is taken for another machine."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A CA, which has signed the certificate in the folder's own.pem."""
    made = Authority(tmp_path / "state")
    write(made, tmp_path)
    return made


def write(authority: Authority, folder: Path) -> bytes:
    """A new certificate with its key in one file; the certificate in DER."""
    pair = authority.server(["localhost", "127.0.0.1", *ELSEWHERE])
    (folder / "own.pem").write_text(pair.certificate + pair.key)
    return ssl.PEM_cert_to_DER_cert(pair.certificate)


@pytest.fixture
async def port(database_url: str, mqtt_url: str, authority: Authority, tmp_path: Path) -> AsyncIterator[int]:
    """Of an API at every address of this machine, that has reached its database."""
    settings = {"QUAYSTREAM_HTTP": "0.0.0.0:0", "QUAYSTREAM_TLS_CERT": str(tmp_path / "own.pem")}
    async with api_rows.serving(database_url, mqtt_url, more=settings) as base:
        at = int(base.rsplit(":", 1)[1])

        async def known() -> bool:
            return (await ask(authority, f"https://127.0.0.1:{at}/api/v1/session"))[0] == 200

        await api_rows.until(known)
        yield at


async def ask(authority: Authority, url: str, **headers: str) -> tuple[int, str]:
    """Status and text of an answer, over a connection that trusts the CA alone."""
    context = client_context(authority.certificate_file)
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers, ssl=context) as answer:
        return answer.status, await answer.text()


@pytest.mark.skipif(not ELSEWHERE, reason="this machine has no address but loopback")
async def test_other_machines_need_a_key_where_this_one_needs_none(
    port: int, authority: Authority, connection: Connection
) -> None:
    """Nor does a name that a foreign page could have pointed here make anybody local."""
    here, there = f"https://127.0.0.1:{port}/api/v1/moves?terminal=t", f"https://{ELSEWHERE[0]}:{port}"
    assert (await ask(authority, here))[0] == 200
    assert (await ask(authority, here, Host="quay.example"))[0] == 401
    status, text = await ask(authority, f"{there}/api/v1/moves?terminal=t")
    assert (status, "send a key" in text) == (401, True)
    assert (await ask(authority, f"{there}/"))[0] == 200  # the page, on which people log in
    _, key = await api_keys.add(connection, "first", Role.VIEWER)

    async def holds() -> bool:
        return (await ask(authority, f"{there}/api/v1/moves?terminal=t", Authorization=f"Bearer {key}"))[0] == 200

    await api_rows.until(holds)
    assert (await ask(authority, here))[0] == 401  # as everywhere, once there is one


async def test_cookies_of_sessions_cross_no_plain_connection(
    port: int, authority: Authority, connection: Connection
) -> None:
    _, key = await api_keys.add(connection, "first", Role.VIEWER)
    context = client_context(authority.certificate_file)
    cookies: list[str] = []

    async def logs_in() -> bool:
        async with aiohttp.ClientSession() as session:
            url = f"https://localhost:{port}/api/v1/session"
            origin = {"Origin": f"https://localhost:{port}"}
            async with session.post(url, json={"key": key}, headers=origin, ssl=context) as answer:
                cookies.extend(answer.headers.getall("Set-Cookie", []))
                return answer.status == 200

    await api_rows.until(logs_in)
    assert all("Secure" in one and "HttpOnly" in one and "SameSite=Strict" in one for one in cookies)


async def test_what_a_page_of_the_same_name_without_tls_asks_for_is_refused(port: int, authority: Authority) -> None:
    context = client_context(authority.certificate_file)
    async with aiohttp.ClientSession() as session:
        for scheme, status in {"http": 403, "https": 401}.items():
            async with session.post(
                f"https://localhost:{port}/api/v1/session",
                json={"key": "x"},
                headers={"Origin": f"{scheme}://localhost:{port}"},
                ssl=context,
            ) as answer:
                assert answer.status == status


async def test_a_renewed_certificate_is_shown_without_a_restart(authority: Authority, tmp_path: Path) -> None:
    """Half of it written is no certificate: the one before is shown until it is whole."""
    certificate = Certificate(tmp_path / "own.pem", None, look_s=0.02)

    async def closes(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(closes, "127.0.0.1", 0, ssl=certificate.context) as server:
        at = server.sockets[0].getsockname()[1]

        async def shown() -> bytes:
            context = client_context(authority.certificate_file)
            _, writer = await asyncio.open_connection("127.0.0.1", at, ssl=context)
            found: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.close()
            return found

        renewing = asyncio.create_task(certificate.keep_renewed())
        before = await shown()
        whole = write(authority, tmp_path)
        text = await asyncio.to_thread((tmp_path / "own.pem").read_text)
        await asyncio.to_thread((tmp_path / "own.pem").write_text, text[: len(text) // 2])
        await asyncio.sleep(0.1)  # several looks; the certificate may not change by them
        assert await shown() in {before, whole}
        await asyncio.to_thread((tmp_path / "own.pem").write_text, text)

        async def is_renewed() -> bool:
            return await shown() == whole

        await api_rows.until(is_renewed)
        assert not renewing.done()
        renewing.cancel()


def test_without_a_certificate_it_listens_on_this_machine_only() -> None:
    settings = load(
        {
            "QUAYSTREAM_DATABASE_URL": "postgresql://u@h/d",
            "QUAYSTREAM_MQTT_URL": "mqtt://h",
            "QUAYSTREAM_HTTP": "0.0.0.0:0",
        }
    )
    with pytest.raises(SettingsError, match="set QUAYSTREAM_TLS_CERT and QUAYSTREAM_TLS_KEY"):
        listen(settings)
