"""The reference: a QoS 1 subscriber that stores nothing, in paho's own loop. `python -m bench.bare URL COUNT [FILE]`.

Prints one JSON line: seconds from the first message to the last, and the CPU time of the process meanwhile. FILE gets
when each message was in hand, as 64-bit numbers [ns of the monotonic clock].
"""

import json
import sys
import time
from array import array
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.decode.codecs.native.topics import INPUT_FILTER

CLIENT_ID = "bench-bare"
SESSION_EXPIRY_S = 3_600


class Bare:
    """Counts messages until there are enough; paho acknowledges each by itself.

    Args:
        url: the broker.
        count: how many; 0 ends once the subscription is there.
        receive_maximum: how many the broker may send ahead.
    """

    def __init__(self, url: str, count: int, receive_maximum: int) -> None:
        self._count, self._seen = count, 0
        self.took_s = self.cpu_s = 0.0
        self.times_ns = array("q")
        self._began = self._cpu_began = 0.0
        parts = urlsplit(url)
        self._client = client = Client(CallbackAPIVersion.VERSION2, CLIENT_ID, protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(parts.username or "", parts.password)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho publishes no types here
        properties.SessionExpiryInterval, properties.ReceiveMaximum = SESSION_EXPIRY_S, receive_maximum
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_connect = self._on_connect
        client.connect(parts.hostname or "", parts.port or 1883, clean_start=False, properties=properties)

    def run(self) -> None:
        """Read until done."""
        self._client.loop_forever()

    def _on_connect(self, client: Client, *_details: Any) -> None:
        client.subscribe([(INPUT_FILTER, SubscribeOptions(qos=1))])

    def _on_subscribe(self, *_details: Any) -> None:
        if not self._count:
            self._client.disconnect()

    def _on_message(self, *_details: Any) -> None:
        self.times_ns.append(time.monotonic_ns())
        if not self._seen:
            self._began, self._cpu_began = time.perf_counter(), time.process_time()
        self._seen += 1
        if self._seen == self._count:
            self.took_s = time.perf_counter() - self._began
            self.cpu_s = time.process_time() - self._cpu_began
            self._client.disconnect()


def main() -> None:
    """Run as a program."""
    bare = Bare(sys.argv[1], int(sys.argv[2]), 10_000)
    bare.run()
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_bytes(bare.times_ns.tobytes())
    print(json.dumps({"took_s": bare.took_s, "cpu_s": bare.cpu_s}))


if __name__ == "__main__":
    main()
