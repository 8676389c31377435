"""The newest KPI values, as the worker publishes them; no I/O here."""

import logging
from collections.abc import Callable

import msgspec

from api.kpis.answers import KpiValue
from processing.model.payloads import KpiPayload
from processing.model.topics import IDENTIFIER

log = logging.getLogger(__name__)

MOST_VALUES = 50_000
"""More subjects than any terminal has; protects against a publisher that invents names."""


class KpiValueCache:
    """Newest value per terminal, KPI, subject and window.

    Attributes:
        on_value: called with each accepted value of a main window.
        refused: messages that were no KPI values.
    """

    def __init__(self) -> None:
        self.on_value: Callable[[KpiValue], None] = lambda _value: None
        self._values: dict[tuple[str, str, str, str], KpiValue] = {}  # "" is the main window
        self._decoder = msgspec.json.Decoder(KpiPayload)
        self.refused = 0

    def __len__(self) -> int:
        return len(self._values)

    def take(self, topic: str, payload: bytes) -> None:
        """Take one message; one that is no KPI value is counted, an empty one removes the value."""
        parts = topic.split("/")
        if len(parts) not in (4, 5) or not all(IDENTIFIER.fullmatch(part) for part in parts[1:]):
            self._refuse(topic, "not kpi/{terminal}/{kpi}/{subject}, nor that and a window")
            return
        key = parts[1], parts[2], parts[3], parts[4] if len(parts) == 5 else ""
        if not payload:
            self._values.pop(key, None)
            return
        try:
            published = self._decoder.decode(payload)
        except (msgspec.DecodeError, RecursionError) as error:
            self._refuse(topic, str(error))
            return
        if key[3] not in ("", published.window):
            self._refuse(topic, f"the topic names another window than {published.window!r}")
            return
        if key not in self._values and len(self._values) >= MOST_VALUES:
            self._refuse(topic, "too many KPI values")
            return
        value = KpiValue(*key[:3], published.ts, published.value, published.unit, published.window, published.state)
        self._values[key] = value
        if not key[3]:
            self.on_value(value)

    def values(self, terminal: str | None, window: str | None = None) -> list[KpiValue]:
        """Newest values of one terminal, or of all, in order of KPI and subject.

        Args:
            terminal: its id; None: all.
            window: id of a window, or "all"; None: the main one of each.
        """
        return [
            value
            for key, value in sorted(self._values.items(), key=lambda item: item[0])
            if terminal in (None, key[0]) and (window in ("all", value.window) or (window is None and not key[3]))
        ]

    def _refuse(self, topic: str, reason: str) -> None:
        self.refused += 1
        log.debug("not a KPI value on %r: %s", topic[:200], reason)
