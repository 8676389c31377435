"""How many messages the broker keeps for a client that is away, and how many it sends ahead of acknowledgements.

Both are tried: messages are queued for a session of our own on a topic of our own, and read back. To watch
`$SYS/broker/publish/messages/dropped` instead would be slower, as the broker publishes it every ten seconds only, and
may be forbidden. The queue is tried in steps, each one message beyond a usual limit, so that hardly any message is
dropped: the worker watches that figure, and reports each rise. At the end the doctor deletes the session.
"""

from collections.abc import Iterator

from infra.doctor.check import Check, fail, ok, warn
from infra.doctor.visit import OWN_TOPICS, Visit, new_id
from infra.mqtt.connection import MqttError
from infra.settings import Settings

STEPS = (101, 1001, 3000)
"""Mosquitto keeps 100 messages up to version 1.4 and 1000 since; 3000 are sent in less than a second."""
KEPT_S = 120
"""The session ends by itself so long after a doctor that was killed. [s]"""
SILENCE_S = 1.0
PUBLISH_S = 10.0
NO_SUBSCRIBER = 0x10
REFUSED = 0x80


def checks(url: str, settings: Settings) -> Iterator[Check]:
    """Queue and window."""
    client_id = new_id()
    topic = f"{OWN_TOPICS}/{client_id}"
    try:
        yield from _in_steps(url, settings, client_id, topic)
    except MqttError as error:
        yield warn("queue", f"cannot be tested: {error}", "run it again; see docs/broker.md")
    finally:
        try:
            with Visit(url, client_id):  # a clean start without expiry: deletes the session and its queue
                pass
        except MqttError:
            pass  # it ends by itself


def _in_steps(url: str, settings: Settings, client_id: str, topic: str) -> Iterator[Check]:
    kept = window = 0
    for step in STEPS:
        with Visit(url, client_id, expiry_s=KEPT_S, forget=False) as visit:
            granted = visit.subscribe(topic)
        if granted != 1:
            yield from _refused("a subscription to", topic)
            return
        with Visit(url, new_id()) as visit:
            answers = visit.publish(topic, step, PUBLISH_S)
        if any(answer >= REFUSED for answer in answers):
            yield from _refused("publishing to", topic)
            return
        if len(answers) < step:
            seen = f"{len(answers)} of {step} messages were acknowledged within {PUBLISH_S:.0f} s"
            yield fail("queue", seen, "the broker is too slow for any load: look at its disk, see docs/broker.md")
            return
        kept, window = _read_back(url, client_id, step, settings.receive_maximum)
        if kept < step:
            break
    if kept < step:
        yield warn(
            "queue",
            f"max_queued_messages is {kept}: of {step} messages for a client that is away it kept {kept}, and dropped "
            f"the others without an error to their senders",
            "set max_queued_messages to the longest outage times the rate, such as 5000000; see docs/broker.md",
        )
    else:
        yield ok("queue", f"{kept} of {step} messages kept for a client that is away")
    yield _window(window, kept, settings)


def _read_back(url: str, client_id: str, count: int, receive_maximum: int) -> tuple[int, int]:
    """How many messages were kept, and how many of them came without an acknowledgement."""
    with Visit(url, client_id, clean=False, expiry_s=KEPT_S, window=receive_maximum, forget=False) as visit:
        window = kept = visit.read(min(count, receive_maximum), SILENCE_S)
        while kept < count:
            visit.ack()
            more = visit.read(min(kept + receive_maximum, count), SILENCE_S)
            if more == kept:
                break
            kept = more
    return kept, window


def _window(window: int, kept: int, settings: Settings) -> Check:
    wanted = min(settings.receive_maximum, kept)
    if window >= wanted:
        asked = "as many as asked for" if window >= settings.receive_maximum else "all that there were"
        return ok("window", f"{window} messages ahead of their acknowledgement, {asked}")
    seen = f"{window} messages are sent ahead of their acknowledgement, {settings.receive_maximum} were asked for"
    advice = "set max_inflight_messages, or what limits Receive Maximum, to QUAYSTREAM_RECEIVE_MAXIMUM"
    if window < settings.batch_messages:
        seen += f": a batch of {settings.batch_messages} never fills"
    return warn("window", seen, advice)


def _refused(what: str, topic: str) -> Iterator[Check]:
    yield warn(
        "queue",
        f"cannot be tested: {what} {topic} is refused",
        "allow quaystream/doctor/# to this user, or give the broker's configuration with --broker-config",
    )
