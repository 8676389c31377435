"""The broker as a client sees it."""

import re
from collections.abc import Iterator

from infra.doctor.check import Check, fail, ok, warn
from infra.doctor.visit import OWN_TOPICS, Visit, new_id
from infra.mqtt.connection import MqttError
from infra.settings import Settings

LARGEST_MESSAGE = 1024 * 1024 + 1024
"""A payload of 1 MiB and its topic. [bytes]"""
SYS_WAIT_S = 3.0
VERSION = "$SYS/broker/version"
DROPPED = "$SYS/broker/publish/messages/dropped"
DURABLE_SINCE = (2, 1)


class Granted:
    """What a broker grants, and the findings about it.

    Args:
        url: the broker.
        settings: what is asked for.
    """

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        self.reached = False
        self.keeps_messages = False

    def checks(self) -> Iterator[Check]:
        """Everything that a connection shows."""
        try:
            with Visit(self._url, new_id(), expiry_s=self._settings.session_expiry_s) as visit:
                visit.subscribe(VERSION)
                visit.subscribe(DROPPED)
                qos = visit.subscribe(f"{OWN_TOPICS}/{new_id()}")
                visit.until(lambda: any(m.topic == VERSION for m in visit.received), SYS_WAIT_S)
                visit.until(lambda: len(visit.received) > 1, 0.3)
        except MqttError as error:
            yield fail("broker", f"no connection: {error}", "check QUAYSTREAM_MQTT_URL")
            return
        self.reached = True
        sys_values = {message.topic: message.payload.decode(errors="replace") for message in visit.received}
        yield _version(sys_values.get(VERSION, ""))
        self.keeps_messages = qos > 0 and visit.granted.get("MaximumQoS", 2) > 0
        yield judge_qos(visit.granted.get("MaximumQoS", 2), qos)
        yield from _limits(visit.granted, self._settings)
        yield _dropped(sys_values)
        yield _anonymous(self._url)


def _version(version: str) -> Check:
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", version)
    if match is None:
        seen = "answers, and does not publish its version"
        return warn("broker", seen, "make sure it stores messages before it acknowledges them; see docs/broker.md")
    if (int(match[1]), int(match[2])) < DURABLE_SINCE:
        seen = f"answers, {version}: it loses acknowledged messages when it is killed"
        return warn("broker", seen, "use Mosquitto 2.1 with persist_sqlite; see docs/broker.md")
    return ok("broker", f"answers, {version}")


def judge_qos(largest: int, subscribed: int) -> Check:
    """Of the connection, and of a subscription: a refused one (128 and above) is reported where the queue is tried."""
    effect = "nothing is repeated, and nothing kept for a worker that is away"
    if largest == 0:
        return fail("qos", f"the broker grants QoS 0 only: {effect}", "set max_qos 2 (or 1) on the listener")
    if subscribed == 0:
        seen = f"a subscription with QoS 1 is granted as QoS 0: {effect}"
        return fail("qos", seen, "let the broker's rules grant QoS 1")
    return ok("qos", "QoS 1 granted")


def _limits(granted: dict[str, object], settings: Settings) -> Iterator[Check]:
    expiry = int(str(granted.get("SessionExpiryInterval", settings.session_expiry_s)))
    if expiry < settings.session_expiry_s:
        seen = f"the session is kept for {expiry} s, {settings.session_expiry_s} s were asked for"
        yield warn("session", f"{seen}: after a longer outage its queue is deleted", "let the broker keep it as long")
    else:
        yield ok("session", f"kept for {expiry} s after the worker has left")
    if not granted.get("RetainAvailable", 1):
        yield fail("retained", "retained messages are forbidden: KPIs and statuses are", "set retain_available true")
    yield _packet(int(str(granted.get("MaximumPacketSize", 0))))


def _packet(largest: int) -> Check:
    advice = "set max_packet_size 2000000"
    if not largest:
        return warn("packet", "packets up to 256 MB are taken: a few of them fill the broker's memory", advice)
    if largest < LARGEST_MESSAGE:
        seen = f"packets up to {largest} bytes are taken, payloads may have 1 MiB: a device that sends more is cut off"
        return warn("packet", f"{seen} each time it tries again", advice)
    return ok("packet", f"up to {largest} bytes")


def _dropped(sys_values: dict[str, str]) -> Check:
    if not sys_values:
        seen = "$SYS is not published: nobody sees what the broker drops"
        return warn("dropped", seen, "allow $SYS/broker/# to this user, and set sys_interval 10")
    dropped = int(sys_values.get(DROPPED, "0") or 0)
    if dropped:
        seen = f"the broker has dropped {dropped} messages since its start: a queue was full"
        return warn("dropped", seen, "raise max_queued_messages, and read the worker's metrics: it was away too long")
    return ok("dropped", "the broker has dropped nothing since its start")


def _anonymous(url: str) -> Check:
    advice = "set allow_anonymous false, and a password_file"
    try:
        with Visit(url, new_id(), user=False):
            return warn("anonymous", "anybody may connect, read and publish: allow_anonymous is true", advice)
    except MqttError:
        return ok("anonymous", "the broker refuses clients without a password")
