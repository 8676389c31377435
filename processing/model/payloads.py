"""Payloads of messages, each defined once: those that the worker publishes, and a device's status.

Samples have the signals of their stream (`processing.streams`), a vessel call has the fields in
`processing.calls.reading`.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

MAX_SEQ = 2**63 - 1
MAX_TYPE = 64
"""Of a device's type; what is longer is cut. [characters]"""
Seq = Annotated[int, Meta(ge=0, le=MAX_SEQ)]
"""What a database's integer can keep."""


class KpiPayload(Struct, frozen=True):
    """A live value, on kpi/{terminal}/{kpi}/{subject} and there under other windows; retained.

    Attributes:
        ts: when it held, RFC 3339 in UTC.
        value: None where it is not known.
        unit: of the value.
        window: id of the window that it is made over.
        state: in words, of KPIs that have one; else the key is absent.
    """

    ts: str
    value: float | None = None
    unit: str = ""
    window: str = ""
    state: str | None = None

    def encoded(self) -> bytes:
        """JSON."""
        fields = msgspec.structs.asdict(self)
        if self.state is None:
            del fields["state"]
        return msgspec.json.encode(fields)


class AckPayload(Struct, frozen=True):
    """A receipt, on ack/{terminal}/{stream}/{device}: of this boot every seq from `first` to `seq` is stored.

    Attributes:
        boot: id of the run of the device's counter; None where it sends none.
        first: key "from".
        seq: the last one.
    """

    boot: str | None
    first: Seq = field(name="from")
    seq: Seq


class StatusPayload(Struct, frozen=True):
    """A device's status, on port/{terminal}/{stream}/{device}/status; retained, also its Will.

    Attributes:
        online: whether it is connected.
        ts: RFC 3339, or milliseconds since 1970 UTC.
        type: of the device: STS, ARMG, RTG, ….
    """

    online: bool
    ts: datetime | int | None = None
    type: str | None = None
