"""How a connection subscribes, and what the broker may make of it."""

import logging
from collections.abc import Sequence
from typing import Final

from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

log = logging.getLogger(__name__)
RETAIN_ONLY_FOR_A_NEW_SUBSCRIPTION: Final = 1
SUBSCRIBING: Final = SubscribeOptions(qos=1, retainHandling=RETAIN_ONLY_FOR_A_NEW_SUBSCRIPTION)


def not_granted(filters: Sequence[str], reasons: Sequence[ReasonCode]) -> list[str]:
    """The topic filters that the broker has refused, or granted with QoS 0; each is logged."""
    found = []
    for topic, reason in zip(filters, reasons, strict=False):
        if reason.is_failure or reason.value < 1:
            log.error("MQTT subscription to %s was granted as %s; QoS 1 is needed, check the ACL", topic, reason)
            found.append(topic)
    return found
