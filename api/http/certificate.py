"""The certificate that the API shows: read again when its files change."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import Final

from infra.tls import server_context

log = logging.getLogger(__name__)

LOOK_S: Final = 10.0


class Certificate:
    """A certificate in files that somebody renews.

    Args:
        certificate: its file, PEM.
        key: that of its private key; None: the same.
        look_s: between two looks at the files. [s]

    Attributes:
        context: what connections are taken with; a new certificate goes into the same one.

    Raises:
        ValueError: the files do not hold one.
    """

    def __init__(self, certificate: Path, key: Path | None, look_s: float = LOOK_S) -> None:
        self.context: ssl.SSLContext = server_context(certificate, key)
        self._certificate = certificate
        self._key = key
        self._look_s = look_s

    async def keep_renewed(self) -> None:
        """Look until cancelled. Half of a renewal is no certificate: the one before is shown until it is whole."""
        seen, problem = self._files(), ""
        while True:
            await asyncio.sleep(self._look_s)
            now = self._files()
            if now == seen:
                continue
            try:
                server_context(self._certificate, self._key)  # one that fails would leave half of it in the other
                self.context.load_cert_chain(self._certificate, self._key)
            except (ValueError, OSError) as error:
                if str(error) != problem:
                    problem = str(error)
                    log.warning("the certificate stays the one before, the new one cannot be used: %s", error)
                continue
            seen, problem = now, ""
            log.info("new connections are shown the certificate that is in %s now", self._certificate)

    def _files(self) -> tuple[bytes, ...]:
        """What they hold; empty where they cannot be read."""
        try:
            return tuple(path.read_bytes() for path in (self._certificate, self._key) if path is not None)
        except OSError:
            return ()
