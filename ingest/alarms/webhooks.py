"""Webhooks: events posted as signed JSON. Source of the signature: HMAC, RFC 2104, as is usual for webhooks."""

import hashlib
import hmac
from collections.abc import Sequence

import aiohttp
import msgspec

from infra.clock import now_us
from infra.connection import Connection, Record
from ingest.alarms.delivery import DeliveryError
from processing.alarms.webhook import Webhook

TIMEOUT_S = 5.0
SIGNATURE, TIME = "X-Quaystream-Signature", "X-Quaystream-Time"


class WebhookReceiver:
    """Posts events to one URL.

    Args:
        hook: the webhook.
        session: HTTP client.
    """

    def __init__(self, hook: Webhook, session: aiohttp.ClientSession) -> None:
        self.name = f"webhook:{hook.name}"
        self.terminal = hook.terminal
        self.severities = hook.severities
        self._hook = hook
        self._session = session

    async def begin(self, _connection: Connection) -> None:
        """Nothing is to be prepared."""

    async def take(self, events: Sequence[Record]) -> None:
        """Post events.

        Raises:
            DeliveryError: no answer in time, none of 200 to 299, or a URL that the client cannot use.
        """
        text = body(self._hook, events)
        time_s = str(now_us() // 1_000_000)
        headers = {
            "Content-Type": "application/json",
            TIME: time_s,
            SIGNATURE: signature(self._hook.secret, time_s, text),
        }
        limit = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with self._session.post(
                self._hook.url, data=text, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                status = answer.status
        except TimeoutError as error:
            raise DeliveryError(f"it gives no answer within {TIMEOUT_S:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DeliveryError(f"{type(error).__name__} {error}".strip()) from error
        if not 200 <= status < 300:
            raise DeliveryError(f"it answers {status}")


def body(hook: Webhook, events: Sequence[Record]) -> bytes:
    """What is posted: the events in order, each with its number."""
    listed = [{"number": event["id"], **msgspec.json.decode(event["payload"])} for event in events]
    return msgspec.json.encode({"webhook": hook.name, "events": listed})


def signature(secret: str, time_s: str, text: bytes) -> str:
    """HMAC-SHA256 of time, a dot and body, in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), time_s.encode() + b"." + text, hashlib.sha256).hexdigest()
