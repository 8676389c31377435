"""`quaystream api`: REST, WebSocket and the dashboard."""

import argparse
import asyncio
import logging
import signal
import socket

from api.program import listen, running
from infra import garbage
from infra.settings import Settings

HELP = "Serve REST, WebSocket and the dashboard on QUAYSTREAM_HTTP (default 127.0.0.1:8080)."

log = logging.getLogger(__name__)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from the settings."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings.require_database()
    settings.require_mqtt()
    with listen(settings) as listener:
        asyncio.run(_serve(settings, listener))
    return 0


async def _serve(settings: Settings, listener: socket.socket) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, listener):
        garbage.settle()
        host, port = listener.getsockname()[:2]
        scheme = "http" if settings.tls_cert is None else "https"
        log.info("serving %s://%s:%d", scheme, f"[{host}]" if ":" in host else host, port)
        await stop.wait()
        log.info("stopping")
