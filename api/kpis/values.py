"""The newest KPI values, as the worker publishes them; no I/O here."""

import logging
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from api.kpis.answers import KpiValue
from processing.model.payloads import KpiPayload
from processing.model.topics import IDENTIFIER

log = logging.getLogger(__name__)

MOST_VALUES = 50_000
"""More subjects than any terminal has; protects against a publisher that invents names."""
MOST_BYTES = 1024
"""Of one message: what the worker publishes takes a tenth. [bytes]"""


class KpiValueCache:
    """Newest value per terminal, KPI, subject and window.

    Attributes:
        on_value: called with each accepted value of a main window.
        refused: messages that were no KPI values.
    """

    def __init__(self) -> None:
        self.on_value: Callable[[KpiValue], None] = lambda _value: None
        # By terminal, the one that was heard of last at the end; there by KPI, subject and window, "" the main one.
        self._values: OrderedDict[str, dict[tuple[str, str, str], KpiValue]] = OrderedDict()
        self._decoder = msgspec.json.Decoder(KpiPayload)
        self.refused = 0

    def __len__(self) -> int:
        return sum(map(len, self._values.values()))

    def take(self, topic: str, payload: bytes) -> None:
        """Take one message; one that is no KPI value is counted, an empty one removes the value."""
        parts = topic.split("/")
        if len(parts) not in (4, 5) or not all(IDENTIFIER.fullmatch(part) for part in parts[1:]):
            self._refuse(topic, "not kpi/{terminal}/{kpi}/{subject}, nor that and a window")
            return
        terminal, key = parts[1], (parts[2], parts[3], parts[4] if len(parts) == 5 else "")
        if not payload:
            self._remove(terminal, key)
            return
        if len(payload) > MOST_BYTES:
            self._refuse(topic, f"more than {MOST_BYTES} bytes")
            return
        try:
            published = self._decoder.decode(payload)
        except (msgspec.DecodeError, RecursionError) as error:
            self._refuse(topic, str(error))
            return
        if key[2] not in ("", published.window):
            self._refuse(topic, f"the topic names another window than {published.window!r}")
            return
        if key not in self._values.get(terminal, {}) and not self._has_room(terminal):
            self._refuse(topic, "too many KPI values")
            return
        value = KpiValue(
            terminal, *key[:2], published.ts, published.value, published.unit, published.window, published.state
        )
        self._values.setdefault(terminal, {})[key] = value
        self._values.move_to_end(terminal)
        if not key[2]:
            self.on_value(value)

    def values(self, terminal: str | None, window: str | None = None) -> list[KpiValue]:
        """Newest values of one terminal, or of all, in order of KPI and subject.

        Args:
            terminal: its id; None: all.
            window: id of a window, or "all"; None: the main one of each.
        """
        names = sorted(self._values) if terminal is None else [terminal]
        return [
            value
            for name in names
            for key, value in sorted(self._values.get(name, {}).items(), key=lambda item: item[0])
            if window in ("all", value.window) or (window is None and not key[2])
        ]

    def _has_room(self, terminal: str) -> bool:
        """Whether one value more may be kept: values of the terminal that was silent for longest make room."""
        if len(self) < MOST_VALUES:
            return True
        oldest = next(iter(self._values))
        if oldest == terminal:
            return False
        del self._values[oldest]
        return True

    def _remove(self, terminal: str, key: tuple[str, str, str]) -> None:
        values = self._values.get(terminal, {})
        values.pop(key, None)
        if not values:
            self._values.pop(terminal, None)

    def _refuse(self, topic: str, reason: str) -> None:
        self.refused += 1
        log.debug("not a KPI value on %r: %s", topic[:200], reason)
