"""The registry of streams: one row each. What differs from stream to stream derives from its row.

Adding a stream: a room with signals, facts and tracker, a migration, and a row here; see docs/guides/add-a-stream.md.
"""

from dataclasses import dataclass
from typing import Any

from processing.cranes.facts import DELAY, MOVE
from processing.cranes.signals import CRANE
from processing.cranes.tracker import CraneTracker
from processing.gates.facts import TRANSACTION, VISIT
from processing.gates.signals import GATE
from processing.gates.tracker import GateTracker
from processing.kpi.definition import FactKind
from processing.model.fact_type import FactType
from processing.model.level import LEVEL_CHANGE
from processing.model.stream import Stream
from processing.model.times import HOUR_US
from processing.model.tracker import Tracker
from processing.reefers.facts import EXCURSION
from processing.reefers.signals import REEFER
from processing.reefers.tracker import ReeferTracker


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream.

    Attributes:
        stream: its name, table and signals.
        tracker: finds its facts.
        facts: types of facts that its devices' samples decide over.
        terminal_facts: types of facts that follow from those.
        kpi_facts: kinds of facts, as KPIs name them, that change with its samples.
        look_back_us: where recomputing begins before the first late sample; further back while the detector is not
            synchronised by then. [µs]
        type: type of a device that reports none, and whose name does not tell.
        type_by_prefix: types by the beginning of the device's name.
    """

    stream: Stream
    tracker: type[Tracker[Any]]
    facts: tuple[FactType[Any], ...]
    terminal_facts: tuple[FactType[Any], ...]
    kpi_facts: tuple[FactKind, ...]
    look_back_us: tuple[int, ...]
    type: str
    type_by_prefix: tuple[tuple[str, str], ...] = ()

    def type_of(self, device: str) -> str:
        """Type of a device that reports none, from its name."""
        return next((type_ for prefix, type_ in self.type_by_prefix if device.startswith(prefix)), self.type)


ROWS = (
    StreamRow(
        CRANE,
        CraneTracker,
        (MOVE, DELAY, LEVEL_CHANGE),
        (),
        ("move", "stop", "call"),
        (HOUR_US // 4, 2 * HOUR_US, 12 * HOUR_US, 72 * HOUR_US),
        "STS",
        (("sts", "STS"), ("qc", "STS"), ("armg", "ARMG"), ("asc", "ARMG"), ("rmg", "ARMG"), ("rtg", "RTG")),
    ),
    StreamRow(
        GATE,
        GateTracker,
        (TRANSACTION, LEVEL_CHANGE),
        (VISIT,),
        ("visit", "queue_length"),
        (6 * HOUR_US, 24 * HOUR_US, 168 * HOUR_US),
        "LANE",
    ),
    StreamRow(
        REEFER,
        ReeferTracker,
        (EXCURSION, LEVEL_CHANGE),
        (),
        ("plugged", "unpowered", "excursion"),
        (8 * HOUR_US, 24 * HOUR_US, 72 * HOUR_US, 168 * HOUR_US),
        "PLUG",
    ),
)
BY_NAME: dict[str, StreamRow] = {row.stream.name: row for row in ROWS}
STREAMS: dict[str, Stream] = {row.stream.name: row.stream for row in ROWS}
FACT_TYPES: dict[type[Any], FactType[Any]] = {
    one.record: one for row in ROWS for one in (*row.facts, *row.terminal_facts)
}
"""Every type of fact by its record."""
DEVICE_FACTS = tuple(dict.fromkeys(one for row in ROWS for one in row.facts))
"""Types of facts that devices' samples decide over, each once."""
