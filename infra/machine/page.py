"""The page as `quaystream up` reaches it: to see when it can be opened."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from typing import Final

import aiohttp

from infra.machine.network_listener import EVERY, own_names
from infra.settings import Settings

READY_TIMEOUT_S: Final = 90.0


class Page:
    """Where the page is.

    Args:
        settings: where the API listens, and with which certificate.
    """

    def __init__(self, settings: Settings) -> None:
        host, port = settings.http
        name = own_names(host)[0] if host in EVERY else host
        self._shown = settings.tls_cert
        self._scheme = "http" if settings.tls_cert is None else "https"
        self.url = f"{self._scheme}://{_bracketed(name)}:{port}"
        self._here = f"{self._scheme}://{_bracketed(_loopback(host))}:{port}"

    async def until_ready(self) -> None:
        """Wait until it is ready. With TLS it shows the certificate that it was given, whatever names that is for."""
        check: bool | aiohttp.Fingerprint = True
        if self._shown is not None:
            first = ssl.PEM_cert_to_DER_cert(_first(await asyncio.to_thread(self._shown.read_text)))
            check = aiohttp.Fingerprint(hashlib.sha256(first).digest())
        await is_ready(self._here, check)


async def report_ready(page: Page, report: Callable[[str], None], first_link: str | None = None) -> None:
    """Report once when the page can be opened, or that it cannot yet.

    Args:
        page: where it is.
        report: takes lines.
        first_link: opens the form for the first user; None: there is somebody already.
    """
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            await page.until_ready()
        report(f"ready: open {page.url}/ in a browser; Ctrl-C stops everything")
        if first_link is not None:
            report(f"everybody on this machine is admin; to end that, be the first user, within an hour: {first_link}")
    except TimeoutError:
        report(f"not ready after {READY_TIMEOUT_S:.0f} s; {page.url}/readyz has the cause, and so have the lines above")


async def is_ready(program: str, check: bool | aiohttp.Fingerprint = True) -> None:
    """Wait until a program is ready at /readyz.

    Args:
        program: its URL.
        check: how its certificate is verified.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
        while True:
            try:
                async with session.get(f"{program}/readyz", ssl=check) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)


def _loopback(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with what was asked for


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _first(text: str) -> str:
    """The first certificate of a PEM file: the server's own."""
    end = "-----END CERTIFICATE-----"
    begin = text.index("-----BEGIN CERTIFICATE-----")
    return text[begin : text.index(end, begin) + len(end)]
