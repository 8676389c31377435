"""The broker as a client sees it: what it grants, whom it lets in, and how much it keeps for a client that is away."""

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator

from infra.checks.check import Check
from infra.mqtt import Granted, Mqtt, MqttError
from infra.settings import Settings

WAIT_S = 3.0
PROBE_MESSAGES = 3_000
"""Queued for a client that is away: three times the limit that Mosquitto has by default."""
UNACKED = 500
PAYLOAD_LIMIT = 1024 * 1024
"""A telemetry message may be so large; docs/mqtt.md."""
FIGURES = ("$SYS/broker/version", "$SYS/broker/publish/messages/dropped")


async def check(url: str, settings: Settings) -> AsyncIterator[Check]:
    """All that can be found out about a broker from outside, over connections of the doctor's own."""
    told: dict[str, str] = {}
    try:
        async with Mqtt(
            url,
            _name(),
            subscriptions=FIGURES,
            on_messages=lambda messages: told.update((m.topic, m.payload.decode()) for m in messages),
            session_expiry_s=settings.session_expiry_s,
        ) as mqtt:
            for _ in range(int(WAIT_S * 20)):
                if len(told) == len(FIGURES):
                    break
                await asyncio.sleep(0.05)
            granted, kept, dropped = mqtt.granted, None, told.get(FIGURES[1])
            if granted.maximum_qos:
                kept = await _kept_while_away(url)
    except (MqttError, TimeoutError) as error:
        yield Check("broker", "fail", str(error) or "a publish is not acknowledged", "check QUAYSTREAM_MQTT_URL")
        return
    yield _version(told.get(FIGURES[0], ""))
    yield _qos(granted)
    for found in (_packet_size(granted), _expiry(granted, settings)):
        if found is not None:
            yield found
    if kept is not None:
        yield _queue(kept)
    yield _dropped(dropped)
    yield await _anonymous(url)


def _name() -> str:
    return f"quaystream-doctor-{secrets.token_hex(4)}"


def _version(told: str) -> Check:
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", told)
    if match is None:
        advice = "make sure it stores messages before it acknowledges them"
        return Check("broker", "warn", "answers, and does not tell its version in $SYS", advice)
    if (int(match[1]), int(match[2])) < (2, 1):
        advice = "it forgets acknowledged messages when it is killed: use Mosquitto 2.1 with persist_sqlite"
        return Check("broker", "warn", f"answers, {told}", advice)
    return Check("broker", "ok", f"answers, {told}")


def _qos(granted: Granted) -> Check:
    if granted.maximum_qos < 1:
        advice = "set max_qos 2 (or leave it out): with QoS 0 nobody ever asks again for what was lost"
        return Check("qos", "fail", "the broker grants QoS 0 only", advice)
    return Check("qos", "ok", "the broker grants QoS 1")


def _packet_size(granted: Granted) -> Check | None:
    if granted.maximum_packet_bytes is not None and granted.maximum_packet_bytes < PAYLOAD_LIMIT:
        seen = f"the broker takes packets of at most {granted.maximum_packet_bytes} bytes"
        return Check("packets", "warn", seen, "set max_packet_size 2000000: a message may have 1 MiB")
    return None


def _expiry(granted: Granted, settings: Settings) -> Check | None:
    if granted.session_expiry_s is not None and granted.session_expiry_s < settings.session_expiry_s:
        seen = (
            f"the broker forgets a session after {granted.session_expiry_s} s, {settings.session_expiry_s} s were asked"
        )
        return Check("session", "warn", seen, "raise its limit: the queue of a worker that is away goes with it")
    return None


def _queue(kept: int) -> Check:
    if kept < PROBE_MESSAGES:
        seen = f"of {PROBE_MESSAGES} messages for a client that was away the broker kept {kept}, and dropped the rest"
        return Check("queue", "warn", seen, "set max_queued_messages 5000000 and max_queued_bytes to what it may take")
    return Check("queue", "ok", f"keeps {PROBE_MESSAGES} messages for a client that is away")


def _dropped(told: str | None) -> Check:
    if told is None:
        advice = "let the worker read $SYS/broker/# (ACL, sys_interval): it warns of dropped messages"
        return Check("dropped", "warn", "the broker does not tell whether it has dropped messages", advice)
    if told != "0":
        advice = "raise max_queued_messages, and read the worker's metrics: it was away for too long"
        return Check("dropped", "warn", f"the broker has dropped {told} messages since its start", advice)
    return Check("dropped", "ok", "the broker has dropped nothing since its start")


async def _anonymous(url: str) -> Check:
    bare = re.sub(r"//[^@/]*@", "//", url)
    if bare == url:
        return Check("anonymous", "warn", "no user and password in QUAYSTREAM_MQTT_URL", "set allow_anonymous false")
    logging.getLogger("infra.mqtt").setLevel(logging.CRITICAL)  # to be refused is what is hoped for
    try:
        async with Mqtt(bare, _name()):
            return Check("anonymous", "warn", "the broker lets anybody in", "set allow_anonymous false")
    except MqttError:
        return Check("anonymous", "ok", "the broker refuses clients without a password")


async def _kept_while_away(url: str) -> int:
    """How many messages the broker keeps for a session of our own, which is deleted at the end.

    There is no other way to learn its limit. What it drops here counts in its own figure of dropped messages.
    """
    name, topic = _name(), f"quaystream/doctor/{secrets.token_hex(4)}"
    got: list[int] = []
    async with Mqtt(url, name, clean_start=False, session_expiry_s=60, subscriptions=[topic]):
        pass
    async with Mqtt(url, _name()) as publisher, asyncio.timeout(10 * WAIT_S):
        for _ in range(PROBE_MESSAGES):
            publisher.publish(topic, b"probe")
            await publisher.drain(UNACKED)
        await publisher.drain(1)
    async with Mqtt(
        url,
        name,
        clean_start=False,
        session_expiry_s=60,
        subscriptions=[topic],
        on_messages=lambda messages: got.append(len(messages)),
    ):
        before = -1
        while before < sum(got) < PROBE_MESSAGES:
            before = sum(got)
            await asyncio.sleep(0.5)
    async with Mqtt(url, name):  # a clean start: the session is gone
        return sum(got)
