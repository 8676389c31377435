"""What the broker publishes about itself, and other limits for it."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import infra.machine.broker
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt

SYS_S = 1
"""Interval in which the broker of an experiment publishes its figures."""
FIGURE_S = 1.2 * SYS_S
"""How long it takes to read a figure."""
DROPPED = "$SYS/broker/publish/messages/dropped"
STORED = "$SYS/broker/store/messages/count"


@contextmanager
def quick_template(folder: Path) -> Iterator[None]:
    """Make every broker started meanwhile publish its figures each second; all else stays as it is shipped."""
    shipped = infra.machine.broker.TEMPLATE
    path = folder / "mosquitto.conf"
    path.write_text(shipped.read_text().replace("sys_interval 10", f"sys_interval {SYS_S}"))
    infra.machine.broker.TEMPLATE = path
    try:
        yield
    finally:
        infra.machine.broker.TEMPLATE = shipped


@contextmanager
def other_settings(stack: Stack, **settings: object) -> Iterator[None]:
    """The broker restarted with other settings, None to leave one out; with its own again at the end."""
    own = infra.machine.broker.TEMPLATE
    lines = own.read_text().splitlines()
    changed = own.with_name("settings.conf")
    kept = [line for line in lines if line.split(" ")[0].strip("{}") not in settings]
    changed.write_text(
        "\n".join([*kept, *(f"{name} {value}" for name, value in settings.items() if value is not None)]) + "\n"
    )
    infra.machine.broker.TEMPLATE = changed
    try:
        _restart(stack)
        yield
    finally:
        infra.machine.broker.TEMPLATE = own
        _restart(stack)


def _restart(stack: Stack) -> None:
    stack.broker.stop()
    stack.broker.start()


def dropped(stack: Stack) -> int:
    """Messages the broker has dropped since its start, not older than its last figures."""
    return _figure(stack, DROPPED)


def stored_messages(stack: Stack) -> int:
    """Messages the broker holds."""
    return _figure(stack, STORED)


def _figure(stack: Stack, topic: str) -> int:
    """A figure as it is after one more interval: the first one is retained, and may be old."""
    return asyncio.run(_heard(stack.mqtt_url, topic))


async def _heard(url: str, topic: str) -> int:
    figures: list[int] = []
    async with Mqtt(
        url,
        f"sys-{secrets.token_hex(4)}",
        subscriptions=[topic],
        on_messages=lambda messages: figures.extend(int(message.payload) for message in messages),
    ):
        await asyncio.sleep(FIGURE_S)  # published again only where it changed: there is nothing to wait for
    return figures[-1] if figures else 0
